"""The list of a resource's rows: search, filters, ordering and pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import ValidationError
from shoptrack.i18n import shorten
from shoptrack.plugins import AdminColumn
from shoptrack.resources import Document, Field, Hidden, InvalidValue, ListQuery
from shoptrack_admin.access import has_access
from shoptrack_admin.rows.cells import CellMaker
from shoptrack_admin.rows.columns import NUMBER_CELLS, Column, get_heading
from shoptrack_admin.rows.filters import find_filters, make_filter_inputs
from shoptrack_admin.rows.range_filters import read_typed_parameters
from shoptrack_admin.rows.resource_admin import BACK, Pairs, ResourceAdmin
from shoptrack_admin.rows.selection import MAX_MATCHING_ROWS
from shoptrack_admin.translation import _, translate_for_request

PAGE_PARAMETERS = {"cursor", "offset"}  # parameters that select another page
NO_SUCH_PAGE = _("That page of the list does not exist. This is the first one.")
CHOOSE = _("Choose ${label}")  # the label is not translated with it, but for each row


@dataclass(frozen=True)
class Heading:
    """A column's heading.

    :param name: in the reader's language
    :param href: orders the list by this column, or reverses the order; ``None`` if that is not possible
    :param direction: as in ``aria-sort``, if the list is ordered by this column
    """

    name: str
    is_number: bool
    href: str | None = None
    direction: str | None = None


class ListRow(NamedTuple):
    """A row of the list.

    :param choose: the label of the checkbox that selects the row
    :param cells: the row's values, as HTML
    """

    id: int
    choose: str
    cells: Markup


class ListView:
    """The page of a list."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin
        self._filters = find_filters(admin.resource, admin.options.filters)
        self._ranges = [one.field for one in self._filters if one.field.filter_input == "range"]

    def show(self, request) -> Any:
        """Show the page of the URL; drop invalid parameters, with a message.

        :raises Forbidden: a parameter is about data that the user may not view
        """
        admin, params = self.admin, get_parameters(request)
        read, errors = read_typed_parameters(request, self._ranges, params)
        if read != params:
            return self._redirect_typed(request, read, errors)
        hidden = admin.get_hidden(request)
        try:
            query = admin.parse(params, hidden, with_limit=True)
        except ValidationError as invalid:
            return self._redirect_without(request, params, invalid)
        page = admin.repository.page(request.reader, query, hidden)
        path, kept = admin.path(request), drop_parameters(params, PAGE_PARAMETERS)
        filters = drop_parameters(params, PAGE_PARAMETERS | {"ordering"})
        columns = admin.get_columns(request)
        # Without filters, order and page, rows lead back to this list anyway.
        back = f"{path}?{urlencode(params)}" if params else ""
        cells = CellMaker(request, admin, f"?{urlencode({BACK: back})}" if back else "")
        return {
            "admin": admin,
            "rows": self._make_rows(
                request, page.documents, cells.make_rows(page.documents, columns)
            ),
            "failed_columns": cells.failed,
            "total": page.total,
            "links": {
                name: f"{path}?{urlencode([*kept, *link.items()])}"
                for name, link in page.links.items()
            },
            "headings": self._make_headings(request, columns, path, filters, query, hidden),
            "can_search": hidden.isdisjoint(admin.parameters.search_needs),
            "filters": list(
                make_filter_inputs(request, self._filters, admin.parameters, dict(params), hidden)
            ),
            "has_sums": any(field.is_summable for field in admin.resource.own_fields()),
            "back": back,
            "add_path": admin.path(request, "add") + cells.back,
            "filter_query": urlencode(filters),
            "sums_query": urlencode([*filters, *([(BACK, back)] if back else [])]),
            "max_rows": MAX_MATCHING_ROWS,
            "sent": dict(kept),
            "is_filtered": bool(filters),
            "query": urlencode(kept),
            "may": {
                "add": admin.is_allowed(request, "add"),
                "delete": admin.is_allowed(request, "delete"),
                "change": bool(admin.resource.bulk_fields) and admin.is_allowed(request, "change"),
            },
            "actions": [
                action
                for action in admin.actions
                if has_access(request, action.permission, staff_only=action.staff_only)
            ],
        }

    def _redirect_typed(
        self, request, params: Pairs, errors: Sequence[tuple[Field, InvalidValue]]
    ) -> HTTPSeeOther:
        """Return the redirect to the list whose parameters are the API's, and so the same in every language."""
        for field, error in errors:
            heading = get_heading(request, field)
            for message in error.args:
                text = translate_for_request(request, message)
                request.messages.add(f"{heading}: {text}", "warning")
        return HTTPSeeOther(f"{self.admin.path(request)}?{urlencode(params)}".rstrip("?"))

    def _redirect_without(self, request, params: Pairs, invalid: ValidationError) -> HTTPSeeOther:
        """Return the redirect to the list without the invalid parameters."""
        for name, messages in invalid.errors.items():
            request.messages.add(self._describe_invalid(request, name, messages), "warning")
        names = {name for name, _text in params if shorten(name) in invalid.errors}
        remaining = drop_parameters(params, names | PAGE_PARAMETERS)
        return HTTPSeeOther(f"{self.admin.path(request)}?{urlencode(remaining)}".rstrip("?"))

    def _describe_invalid(self, request, name: str, messages: Iterable[str]) -> str:
        """Return what is wrong with a parameter of a URL, in words of the page."""
        if name in PAGE_PARAMETERS:
            return NO_SUCH_PAGE
        column = name.partition("__")[0]
        for field in self.admin.resource.fields:
            if column in (field.name, field.key):
                texts = (translate_for_request(request, message) for message in messages)
                return f"{get_heading(request, field)}: {' '.join(texts)}"
        return _("A part of the address was invalid and was left out: ${name}", name=name)

    def _make_rows(
        self, request, documents: Sequence[Document], cells: Iterable[Markup]
    ) -> list[ListRow]:
        label_of = self.admin.resource.label_of
        choose = translate_for_request(request, CHOOSE)
        labels = (translate_for_request(request, label_of(document)) for document in documents)
        return [
            ListRow(document["id"], choose.replace("${label}", label), html)
            for document, label, html in zip(documents, labels, cells, strict=True)
        ]

    def _make_headings(
        self,
        request,
        columns: Iterable[Column],
        path: str,
        params: Pairs,
        query: ListQuery,
        hidden: Hidden,
    ) -> list[Heading]:
        first, parameters = query.shape.order[0], self.admin.parameters
        headings = []
        for column in columns:
            heading, is_number, name = (
                get_heading(request, column),
                column.cell in NUMBER_CELLS,
                column.name,
            )
            if (
                isinstance(column, AdminColumn)
                or name not in parameters.keys
                or not parameters.needs("ordering", name).isdisjoint(hidden)
            ):
                headings.append(Heading(heading, is_number))
                continue
            is_first = first.name == name
            ordering = f"-{name}" if is_first and not first.is_descending else name
            if column.resource is not None and self.admin.options.ordering:
                # The rows of one product stay in the list's own order.
                ordering = f"{ordering},{self.admin.options.ordering}"
            href = f"{path}?{urlencode([*params, ('ordering', ordering)])}"
            direction = None
            if is_first:
                direction = "descending" if first.is_descending else "ascending"
            headings.append(Heading(heading, is_number, href, direction))
        return headings


def get_parameters(request) -> Pairs:
    """Return the non-empty parameters of a URL."""
    return [(name, text) for name, text in request.GET.items() if text.strip()]


def drop_parameters(params: Pairs, names: set[str]) -> Pairs:
    """Return the parameters except those with these names."""
    return [(name, text) for name, text in params if name not in names]
