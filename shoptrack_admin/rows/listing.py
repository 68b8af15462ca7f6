"""The list of a resource's rows: searched, narrowed, ordered, a page at a time."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Invalid
from shoptrack.i18n.text_input import shorten
from shoptrack.resources.fields import Decimal, Field, Integer, Reference
from shoptrack.resources.list_query import Query
from shoptrack.resources.list_statements import Listing
from shoptrack.resources.pagination import read_page
from shoptrack.resources.visibility import SHOW_ALL, Hidden, find_hidden
from shoptrack_admin.rows.cells import cells
from shoptrack_admin.rows.table import Table
from shoptrack_admin.rows.widgets import Widget, reference
from shoptrack_admin.translation import _, say

PAGE = 50  # rows
FIRST_LINK = {"cursor", "offset"}  # what leads to another page
NOT_HERE = {"limit", "offset", "count", "fields"}  # what these pages decide themselves

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Heading:
    """A column's heading.

    :param href: orders the list by this column, or the other way round; ``None`` where that is not possible
    :param direction: as in ``aria-sort``, where the list is ordered by it
    """

    field: Field
    href: str | None
    direction: str | None

    @property
    def is_number(self) -> bool:
        """Tell whether the column holds numbers."""
        return isinstance(self.field, Decimal | Integer)


class List:
    """The page of a list."""

    def __init__(self, table: Table):
        self.table = table

    def show(self, request) -> Any:
        """Show a page of what the address asks for; what it cannot ask for is left out, and said.

        :raises Forbidden: it asks about what the user may not view
        """
        sent = asked_for(request)
        hidden = find_hidden(request, self.table.resource)
        try:
            query = self.query(sent, hidden, limit=True)
        except Invalid as invalid:
            return self._without(request, sent, invalid)
        page = read_page(request.reader, Listing(self.table.documents, query.form), query, hidden)
        path, kept = self.table.path(request), without(sent, FIRST_LINK)
        links = {
            name: f"{path}?{urlencode([*kept, *link.items()])}" for name, link in page.links.items()
        }
        return {
            "table": self.table,
            "rows": [(row, cells(request, self.table, row)) for row in page.documents],
            "total": page.total,
            "links": links,
            "headings": self._headings(path, without(sent, FIRST_LINK | {"ordering"}), query),
            "can_search": hidden.isdisjoint(self.table.parameters.search_needs),
            "filters": self._filters(request, dict(sent)),
            "sent": dict(kept),
            "is_narrowed": bool(without(sent, FIRST_LINK | {"ordering"})),
            "query": urlencode(kept),
            "may": {verb: self.table.may(request, verb) for verb in ("add", "delete")},
            "actions": [
                action
                for action in self.table.options.actions
                if request.has_permission(action.permission)
            ],
        }

    def query(self, sent: Pairs, hidden: Hidden = SHOW_ALL, *, limit: bool = False) -> Query:
        """Return what an address asks for.

        :param hidden: the permissions to view that the user lacks
        :raises Forbidden: it asks about what the user may not view
        :raises Invalid: naming what it cannot ask for
        """
        refused: dict[str, list[str]] = {
            name: [_("Unknown parameter.")] for name, _text in sent if name in NOT_HERE
        }
        if refused:
            raise Invalid(refused)
        pairs = list(sent)
        if self.table.options.ordering and "ordering" not in dict(sent):
            pairs.append(("ordering", self.table.options.ordering))
        if limit:
            pairs.append(("limit", str(PAGE)))
        return self.table.parameters.parse(pairs, hidden)

    def _without(self, request, sent: Pairs, invalid: Invalid) -> HTTPSeeOther:
        """Return the redirection to the list without what was wrong."""
        for name, sentences in invalid.errors.items():
            said = " ".join(say(request, sentence) for sentence in sentences)
            request.messages.add(f"{name}: {said}", "warning")
        wrong = {name for name, _text in sent if shorten(name) in invalid.errors}
        kept = without(sent, wrong | FIRST_LINK)
        return HTTPSeeOther(f"{self.table.path(request)}?{urlencode(kept)}".rstrip("?"))

    def _headings(self, path: str, kept: Pairs, query: Query) -> list[Heading]:
        first = query.form.order[0]
        headings = []
        for field in self.table.columns:
            if field.name not in self.table.parameters.keys:
                headings.append(Heading(field, None, None))
                continue
            is_first = first.name == field.name
            down = is_first and not first.descending
            href = f"{path}?{urlencode([*kept, ('ordering', f'-{field.name}' if down else field.name)])}"
            direction = ("descending" if first.descending else "ascending") if is_first else None
            headings.append(Heading(field, href, direction))
        return headings

    def _filters(self, request, sent: dict[str, str]) -> list[Any]:
        """Return what the list can be narrowed by: a choice, or the ends of a span."""
        filters: list[Any] = []
        for field in self.table.filters:
            if isinstance(field, Reference):
                widget = reference(request, field, sent)
                text = f"{field.name}_name__icontains"
                if widget.found is None:
                    widget = replace(widget, attributes={"name": field.key})
                elif not widget.found.complete and text in self.table.parameters.filters:
                    widget = Widget(field, "text", sent.get(text, ""), {"name": text})
                filters.append(widget)
            else:
                ends = {end: sent.get(f"{field.name}__{end}", "") for end in ("gte", "lte")}
                filters.append(Widget(field, "span", "", ends))
        return filters


def asked_for(request) -> Pairs:
    """Return the parameters of an address that say anything."""
    return [(name, text) for name, text in request.GET.items() if text.strip()]


def without(sent: Pairs, names: set[str]) -> Pairs:
    """Return the parameters but for those with these names."""
    return [(name, text) for name, text in sent if name not in names]
