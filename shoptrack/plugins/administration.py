"""Contributions of packages to the administration. Without the administration they have no effect."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyramid.config import PHASE1_CONFIG

from shoptrack.plugins.actions import add_action


@dataclass(frozen=True)
class AdminAction:
    """An action on the selected rows of a list.

    :param name: used in URLs; lowercase letters and hyphens
    :param label: the button's text, translatable by ``shoptrack.i18n.translation``
    :param permission: required to run the action
    :param run: called with the request and the IDs, in the request's transaction; returns the flash message
    """

    name: str
    label: str
    permission: str
    run: Callable[[Any, list[int]], str]


@dataclass(frozen=True)
class AdminOptions:
    """How the administration shows a resource.

    :param columns: names of the fields that are columns of the list; default: all
    :param filters: names of the fields that filter the list; default: references and dates
    :param ordering: the default ordering of the list, such as ``-purchase_date,-id``
    :param actions: actions on selected rows, besides deleting and merging
    :param texts: by field name, a function that formats the value from the row's document; default: unchanged
    """

    columns: Sequence[str] | None = None
    filters: Sequence[str] | None = None
    ordering: str | None = None
    actions: Sequence[AdminAction] = ()
    texts: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class AdminPage:
    """An additional page of the administration.

    :param name: its path below ``/admin/``; lowercase letters and hyphens
    :param label: the menu entry's text, translatable by ``shoptrack.i18n.translation``
    :param view: returns the template's values for a request
    :param template: a Jinja2 template that extends the layout of the administration's pages
    :param permission: required to see the page
    :param section: the menu heading above the entry
    """

    name: str
    label: str
    view: Callable[[Any], Any]
    template: str
    permission: str
    section: str = field(default="")


@dataclass(frozen=True)
class AdminPanel:
    """A panel on the administration's overview.

    :param name: unique among all panels
    :param template: a Jinja2 template; the result of ``load`` is its variable ``panel``
    :param load: returns the values for a request, ``None`` to omit the panel
    :param permission: required to see the panel
    :param order: panels are sorted by it, ascending; the administration's own have 10, 20 and 30
    """

    name: str
    template: str
    load: Callable[[Any], Mapping[str, Any] | None]
    permission: str
    order: int = 0


@dataclass
class AdminContributions:
    """The contributions of an application's packages to the administration.

    :ivar options: by the resource's path
    :ivar pages: by name
    :ivar panels: by name
    """

    options: dict[str, AdminOptions] = field(default_factory=dict)
    pages: dict[str, AdminPage] = field(default_factory=dict)
    panels: dict[str, AdminPanel] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Any) -> "AdminContributions":
        """Return the contributions of an application."""
        return registry.setdefault(cls, cls())


def add_admin(
    config,
    name: str,
    *,
    columns: Iterable[str] | None = None,
    filters: Iterable[str] | None = None,
    ordering: str | None = None,
    actions: Iterable[AdminAction] = (),
    texts: Mapping[str, Callable[[Mapping[str, Any]], str]] | None = None,
) -> None:
    """Set how the administration shows a resource. No effect without the administration.

    ::

        config.add_admin("wishes", columns=["product", "wanted_by"], ordering="-wanted_by")

    A resource without options has pages as well: all fields are columns, and its list has filters for references and
    dates. A second call for the same resource is a configuration conflict.

    :param name: the resource's path
    :param columns: names of fields
    :param filters: names of fields
    :param ordering: as the query parameter ``ordering`` of a list
    :param actions: actions on selected rows of the list
    :param texts: by field name, a function that formats the value from the row's document, for example as money
    :raises ConfigurationError: at the end of startup, if the resource or one of its fields does not exist
    """
    options = AdminOptions(
        None if columns is None else tuple(columns),
        None if filters is None else tuple(filters),
        ordering,
        tuple(actions),
        dict(texts or {}),
    )

    def register():
        AdminContributions.of(config.registry).options[name] = options

    # The administration adds routes and views for resources later, and needs the options by then.
    add_action(config, "administration", name, register, options, order=PHASE1_CONFIG)


def add_admin_page(config, page: AdminPage) -> None:
    """Add a page to the administration and its menu. No effect without the administration.

    ::

        config.add_admin_page(
            AdminPage("wish-report", _("Wishes"), report, "shoptrack_wishlist:templates/report.jinja2", "wishes:view")
        )

    The page is at ``/admin/wish-report/``, for staff members with the permission. Two pages with the same name are a
    configuration conflict.
    """

    def register():
        AdminContributions.of(config.registry).pages[page.name] = page

    add_action(config, "administration pages", page.name, register, page, order=PHASE1_CONFIG)


def add_admin_panel(config, panel: AdminPanel) -> None:
    """Add a panel to the administration's overview. No effect without the administration.

    ::

        config.add_admin_panel(
            AdminPanel("wishes", "shoptrack_wishlist:templates/panel.jinja2", load_newest, "wishes:view")
        )

    The panel is shown to staff members with the permission. Two panels with the same name are a configuration
    conflict.
    """

    def register():
        AdminContributions.of(config.registry).panels[panel.name] = panel

    add_action(config, "administration panels", panel.name, register, panel)
