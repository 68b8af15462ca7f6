"""What packages contribute to the administration: descriptions that it reads from the registry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AdminAction:
    """An action on the selected rows of a list.

    :param name: used in URLs; lowercase letters, digits and hyphens
    :param label: the button's text, translatable by ``shoptrack.i18n.MessageFactory``
    :param permission: required to run the action
    :param run: called with the request and the IDs, in the request's transaction; returns the flash message
    :param staff_only: whether it is only for staff to whom the permission was granted, or for all users who have the
        permission in the API
    """

    name: str
    label: str
    permission: str
    run: Callable[[Any, list[int]], str]
    staff_only: bool = True


@dataclass(frozen=True)
class AdminColumn:
    """A column of a list that a plugin computes, by either ``value`` or ``values``.

    Lists cannot be filtered or ordered by it.

    :param name: unique among the fields and the columns of the resource
    :param label: the heading, translatable by ``shoptrack.i18n.MessageFactory``
    :param value: returns the value of one row for its document
    :param values: returns the values of all rows of a page, in their order, for the request and their documents; it
        can read them by one statement, by ``request.reader``
    :param cell: how a page shows the value: ``text``, ``number`` (right-aligned), ``money``, ``day``, ``instant``,
        ``long-text``
    :param text: formats a value for pages, for example as money; CSV files have the value itself
    :param permission: required to see the column, besides the permission to view the rows
    :param staff_only: whether it is only for staff to whom the permission was granted, or for all users who have the
        permission in the API
    """

    name: str
    label: str
    value: Callable[[Mapping[str, Any]], Any] | None = None
    values: Callable[[Any, Sequence[Mapping[str, Any]]], Sequence[Any]] | None = None
    cell: str = "text"
    text: Callable[[Any], str] | None = None
    permission: str | None = None
    staff_only: bool = True


@dataclass(frozen=True)
class AdminOptions:
    """How the administration shows a resource.

    :param columns: names of the fields and computed columns of the list; default: all fields. Other computed columns
        follow.
    :param filters: names of the fields that filter the list, also as ``product__category``; default: references and
        dates
    :param ordering: the default ordering of the list, such as ``-purchase_date,-id``
    :param texts: by field name, a function that formats the value from the row's document; default: unchanged
    """

    columns: Sequence[str] | None = None
    filters: Sequence[str] | None = None
    ordering: str | None = None
    texts: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class AdminPage:
    """An additional page of the administration, whose route is ``admin:page:<name>``.

    :param name: its path below ``/admin/``; lowercase letters, digits and hyphens
    :param label: the menu entry's text, translatable by ``shoptrack.i18n.MessageFactory``
    :param view: returns the template's values for a request
    :param template: a Jinja2 template that extends the layout of the administration's pages
    :param permission: required to see the page
    :param section: the menu heading above the entry
    :param post: handles the page's form: returns the template's values, or a response such as a redirect
    :param post_permission: required to send the form; default: ``permission``
    :param staff_only: whether it is only for staff to whom the permission was granted, or for all users who have the
        permission in the API
    """

    name: str
    label: str
    view: Callable[[Any], Any]
    template: str
    permission: str
    section: str = ""
    post: Callable[[Any], Any] | None = None
    post_permission: str | None = None
    staff_only: bool = True


@dataclass(frozen=True)
class AdminPanel:
    """A panel on the administration's overview.

    :param name: unique among all panels
    :param template: a Jinja2 template; the result of ``load`` is its variable ``panel``
    :param load: returns the values for a request, ``None`` to omit the panel
    :param permission: required to see the panel
    :param order: panels are sorted by it, ascending; the administration's own have 10, 20 and 30
    :param staff_only: whether it is only for staff to whom the permission was granted, or for all users who have the
        permission in the API
    """

    name: str
    template: str
    load: Callable[[Any], Mapping[str, Any] | None]
    permission: str
    order: int = 0
    staff_only: bool = True


@dataclass(frozen=True)
class AdminRowPanel:
    """A panel on the page of each row of a resource, below its form.

    :param name: unique among the panels of the resource
    :param template: a Jinja2 template; the result of ``load`` is its variable ``panel``
    :param load: returns the values for a request and the row's document, ``None`` to omit the panel
    :param permission: required to see the panel, besides the permission to view the row
    :param order: panels are sorted by it, ascending; the administration's own have 50
    :param staff_only: whether it is only for staff to whom the permission was granted, or for all users who have the
        permission in the API
    """

    name: str
    template: str
    load: Callable[[Any, dict[str, Any]], Mapping[str, Any] | None]
    permission: str
    order: int = 0
    staff_only: bool = True


@dataclass
class AdminContributions:
    """The contributions of an application's packages to the administration.

    :ivar options: by the resource's path
    :ivar columns: by the resource's path, then by name
    :ivar actions: by the resource's path, then by name
    :ivar pages: by name
    :ivar panels: by name
    :ivar row_panels: by the resource's path, then by name
    """

    options: dict[str, AdminOptions] = field(default_factory=dict)
    columns: dict[str, dict[str, AdminColumn]] = field(default_factory=dict)
    actions: dict[str, dict[str, AdminAction]] = field(default_factory=dict)
    pages: dict[str, AdminPage] = field(default_factory=dict)
    panels: dict[str, AdminPanel] = field(default_factory=dict)
    row_panels: dict[str, dict[str, AdminRowPanel]] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Any) -> "AdminContributions":
        """Return the contributions of an application."""
        return registry.setdefault(cls, cls())
