"""What a package brings to the administration. Nothing happens where there is none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyramid.config import PHASE1_CONFIG

from shoptrack.plugins.actions import add_action


@dataclass(frozen=True)
class AdminAction:
    """Something that can be done to rows that were chosen from a list.

    :param name: as in addresses, small letters and hyphens
    :param label: what the button says, marked by ``shoptrack.i18n.translation``
    :param permission: who may do it
    :param run: does it, given the request and the ids, in the request's transaction; it returns what to tell
    """

    name: str
    label: str
    permission: str
    run: Callable[[Any, list[int]], str]


@dataclass(frozen=True)
class AdminOptions:
    """How the administration shows a resource.

    :param columns: names of fields, of which a list has a column each; default all
    :param filters: names of fields that a list can be narrowed by; default references and days
    :param ordering: the order of a list before its reader chooses one, as in ``-purchase_date,-id``
    :param actions: what can be done to chosen rows, besides deleting and merging them
    :param texts: how values read, by the names of their fields, each made of the row's document; default as they are
    """

    columns: Sequence[str] | None = None
    filters: Sequence[str] | None = None
    ordering: str | None = None
    actions: Sequence[AdminAction] = ()
    texts: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class AdminPage:
    """A page of a package's own.

    :param name: its address below ``/admin/``, small letters and hyphens
    :param label: what the menu calls it, marked by ``shoptrack.i18n.translation``
    :param view: returns the template's values for a request
    :param template: a Jinja2 template that extends the layout of the administration's pages
    :param permission: who sees it
    :param section: the heading of the menu that it stands under
    """

    name: str
    label: str
    view: Callable[[Any], Any]
    template: str
    permission: str
    section: str = field(default="")


@dataclass(frozen=True)
class AdminPanel:
    """A part of the administration's overview.

    :param name: unique among all panels
    :param template: a Jinja2 template; what ``load`` returned is its ``panel``
    :param load: returns the values for a request, ``None`` to leave the panel out
    :param permission: who sees it
    :param order: smaller ones come first; the administration's own have 10, 20 and 30
    """

    name: str
    template: str
    load: Callable[[Any], Mapping[str, Any] | None]
    permission: str
    order: int = 0


@dataclass
class AdminContributions:
    """What the packages of one application bring to the administration.

    :ivar options: how a resource is shown, by its path
    :ivar pages: by name
    :ivar panels: by name
    """

    options: dict[str, AdminOptions] = field(default_factory=dict)
    pages: dict[str, AdminPage] = field(default_factory=dict)
    panels: dict[str, AdminPanel] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Any) -> "AdminContributions":
        """Return the application's."""
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
    """Say how the administration shows a resource. Nothing happens where there is no administration.

    ::

        config.add_admin("wishes", columns=["product", "wanted_by"], ordering="-wanted_by")

    Without it a resource has its pages as well: all fields are columns, and a list is narrowed by references and days.
    A second one for the same resource is a clash.

    :param name: the resource's path
    :param columns: names of fields
    :param filters: names of fields
    :param ordering: as a list's parameter of that name
    :param actions: what can be done to rows that were chosen from the list
    :param texts: how values read, by the names of their fields, each made of the row's document, as an amount of money
    :raises ConfigurationError: at the end of the start, where nobody brings the resource, or a name is not one of its
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

    # The administration adds routes and views for these, so they must be known before.
    add_action(config, "administration", name, register, options, order=PHASE1_CONFIG)


def add_admin_page(config, page: AdminPage) -> None:
    """Add a page to the administration and its menu. Nothing happens where there is no administration.

    ::

        config.add_admin_page(
            AdminPage("wish-report", _("Wishes"), report, "shoptrack_wishlist:templates/report.jinja2", "wishes:view")
        )

    It is at ``/admin/wish-report/``, for members of the staff who hold the permission. A name that another page has is
    a clash.
    """

    def register():
        AdminContributions.of(config.registry).pages[page.name] = page

    add_action(config, "administration pages", page.name, register, page, order=PHASE1_CONFIG)


def add_admin_panel(config, panel: AdminPanel) -> None:
    """Add a panel to the administration's overview. Nothing happens where there is no administration.

    ::

        config.add_admin_panel(
            AdminPanel("wishes", "shoptrack_wishlist:templates/panel.jinja2", load_newest, "wishes:view")
        )

    Members of the staff who hold the permission see it. A name that another panel has is a clash.
    """

    def register():
        AdminContributions.of(config.registry).panels[panel.name] = panel

    add_action(config, "administration panels", panel.name, register, panel)
