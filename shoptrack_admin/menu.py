"""The menu: pages by section, as far as the user's permissions allow."""

from dataclasses import dataclass, field
from typing import Any

from pyramid.config.actions import action_method

from shoptrack.permissions import SIGNED_IN
from shoptrack_admin.access import get_access, has_access
from shoptrack_admin.pages import require_administration


@dataclass(frozen=True)
class MenuEntry:
    """A page in the menu.

    :param section: its heading, "" for none
    :param order: entries with smaller numbers come first
    :param model: of the page's rows, which the overview counts
    """

    route: str
    label: str
    section: str = ""
    permission: str = SIGNED_IN
    order: int = 0
    model: Any = None


@dataclass
class Menu:
    """The application's menu entries."""

    entries: list[MenuEntry] = field(default_factory=list)

    @classmethod
    def of(cls, registry) -> "Menu":
        """Return the application's menu."""
        return registry[cls]

    def sections(self, request) -> dict[str, list[MenuEntry]]:
        """Return the entries that the request's user may open, by section."""
        sections: dict[str, list[MenuEntry]] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.order):
            staff_only = get_access(request, entry.route).staff_only
            if has_access(request, entry.permission, staff_only=staff_only):
                sections.setdefault(entry.section, []).append(entry)
        return sections


@action_method  # a conflict then names the caller
def add_menu_entry(config, entry: MenuEntry) -> None:
    """Add a page to the menu. Two entries for one route are a configuration conflict."""

    require_administration(config, "add_menu_entry", _info=config.action_info)

    def register():
        Menu.of(config.registry).entries.append(entry)

    config.action(("the administration's menu entry", entry.route), register)


def includeme(config):
    """Register the menu."""
    config.registry[Menu] = Menu()
