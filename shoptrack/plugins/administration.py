"""What a package says about its place in the administration, whether there is one or not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


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
