"""Panels: parts of the overview, of which everybody sees what their permissions allow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyramid.config.actions import action_method


@dataclass(frozen=True)
class Panel:
    """A part of the overview.

    :param template: gets the values as ``panel``
    :param read: returns the values for a request; ``None`` leaves the panel out
    :param order: panels with smaller ones come first
    """

    name: str
    template: str
    read: Callable[[Any], dict | None]
    permission: str
    order: int = 0


@dataclass
class Panels:
    """The application's panels."""

    panels: list[Panel] = field(default_factory=list)

    @classmethod
    def of(cls, registry) -> "Panels":
        """Return the application's."""
        return registry[cls]

    def read(self, request) -> list[tuple[str, dict]]:
        """Return the templates and values of those that a request's user may see."""
        permitted = (
            panel
            for panel in sorted(self.panels, key=lambda panel: panel.order)
            if request.has_permission(panel.permission)
        )
        read = ((panel.template, panel.read(request)) for panel in permitted)
        return [(template, values) for template, values in read if values is not None]


@action_method  # so that a clash tells who called this
def add_panel(config, panel: Panel) -> None:
    """Put a panel on the overview; where there is one of its name, the start is stopped."""

    def register():
        Panels.of(config.registry).panels.append(panel)

    config.action(("the administration's panel", panel.name), register)


def includeme(config):
    """Prepare the panels."""
    config.registry[Panels] = Panels()
