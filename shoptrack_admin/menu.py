"""The menu: pages by sections, of which everybody sees what their permissions allow."""

from dataclasses import dataclass, field
from typing import Any

from pyramid.config.actions import action_method

from shoptrack.permissions import SIGNED_IN


@dataclass(frozen=True)
class Entry:
    """One page in the menu.

    :param section: the heading that it stands under, "" for none
    :param order: entries with smaller ones come first
    :param model: whose rows the page is about; the overview counts them
    """

    route: str
    label: str
    section: str = ""
    permission: str = SIGNED_IN
    order: int = 0
    model: Any = None


@dataclass
class Menu:
    """The application's entries."""

    entries: list[Entry] = field(default_factory=list)

    @classmethod
    def of(cls, registry) -> "Menu":
        """Return the application's menu."""
        return registry[cls]

    def sections(self, request) -> dict[str, list[Entry]]:
        """Return the entries that a request's user may open, by their section."""
        sections: dict[str, list[Entry]] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.order):
            if request.has_permission(entry.permission):
                sections.setdefault(entry.section, []).append(entry)
        return sections


@action_method  # so that a clash tells who called this
def add_menu_entry(config, entry: Entry) -> None:
    """Put a page into the menu; where its route is there already, the start is stopped."""

    def register():
        Menu.of(config.registry).entries.append(entry)

    config.action(("the administration's menu entry", entry.route), register)


def includeme(config):
    """Prepare the menu."""
    config.registry[Menu] = Menu()
