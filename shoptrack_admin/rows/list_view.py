"""The list of a resource's rows: search, filters, ordering and pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import ValidationError
from shoptrack.i18n import shorten
from shoptrack.plugins import AdminColumn
from shoptrack.resources import SHOW_ALL, Document, Field, Hidden, InvalidValue, ListQuery
from shoptrack_admin.access import has_access
from shoptrack_admin.rows.cells import CellMaker
from shoptrack_admin.rows.columns import NUMBER_CELLS, Column, get_heading
from shoptrack_admin.rows.range_filters import make_range_widget, read_typed_parameters
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.widgets import Widget, make_reference_widget
from shoptrack_admin.translation import _, translate_for_request

PAGE_SIZE = 50  # rows
PAGE_PARAMETERS = {"cursor", "offset"}  # parameters that select another page
UNSUPPORTED_PARAMETERS = {
    "limit",
    "offset",
    "count",
    "fields",
}  # parameters that these pages set themselves
NO_SUCH_PAGE = _("That page of the list does not exist. This is the first one.")
CHOOSE = _("Choose ${label}")  # the label is not translated with it, but for each row

Pairs = list[tuple[str, str]]


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
        self._ranges = [field for field in admin.filters if field.filter_input == "range"]

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
            query = self.parse(params, hidden, with_limit=True)
        except ValidationError as invalid:
            return self._redirect_without(request, params, invalid)
        page = admin.repository.page(request.reader, query, hidden)
        path, kept = admin.path(request), drop_parameters(params, PAGE_PARAMETERS)
        filters = drop_parameters(params, PAGE_PARAMETERS | {"ordering"})
        columns = admin.get_columns(request)
        cells = CellMaker(request, admin)
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
            "headings": self._make_headings(request, columns, path, filters, query),
            "can_search": hidden.isdisjoint(admin.repository.parameters.search_needs),
            "filters": self._make_filters(request, dict(params)),
            "sent": dict(kept),
            "is_filtered": bool(filters),
            "query": urlencode(kept),
            "may": {verb: admin.is_allowed(request, verb) for verb in ("add", "delete")},
            "actions": [
                action
                for action in admin.actions
                if has_access(request, action.permission, staff_only=action.staff_only)
            ],
        }

    def parse(
        self, params: Pairs, hidden: Hidden = SHOW_ALL, *, with_limit: bool = False
    ) -> ListQuery:
        """Parse the parameters of a URL.

        :param hidden: view permissions that the user lacks
        :raises Forbidden: a parameter is about data that the user may not view
        :raises ValidationError: naming each invalid parameter
        """
        unsupported: dict[str, list[str]] = {
            name: [_("Unknown parameter.")]
            for name, _text in params
            if name in UNSUPPORTED_PARAMETERS
        }
        if unsupported:
            raise ValidationError(unsupported)
        pairs = self.admin.add_ordering(params)
        if with_limit:
            pairs.append(("limit", str(PAGE_SIZE)))
        return self.admin.repository.parameters.parse(pairs, hidden)

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
        self, request, columns: Iterable[Column], path: str, params: Pairs, query: ListQuery
    ) -> list[Heading]:
        first = query.shape.order[0]
        headings = []
        for column in columns:
            heading, is_number, name = (
                get_heading(request, column),
                column.cell in NUMBER_CELLS,
                column.name,
            )
            if isinstance(column, AdminColumn) or name not in self.admin.repository.parameters.keys:
                headings.append(Heading(heading, is_number))
                continue
            is_first = first.name == name
            ordering = f"-{name}" if is_first and not first.is_descending else name
            href = f"{path}?{urlencode([*params, ('ordering', ordering)])}"
            direction = None
            if is_first:
                direction = "descending" if first.is_descending else "ascending"
            headings.append(Heading(heading, is_number, href, direction))
        return headings

    def _make_filters(self, request, params: dict[str, str]) -> list[Widget]:
        """Return the inputs of the filters: a choice, or the ends of a range."""
        return [self._make_filter(request, field, params) for field in self.admin.filters]

    def _make_filter(self, request, field: Field, params: dict[str, str]) -> Widget:
        if field.filter_input == "range":
            return make_range_widget(request, field, params)
        if field.resource is None:
            choices = tuple(field.get_input().choices)
            return Widget(field, "choice", params.get(field.name, ""), {}, choices=choices)
        widget = make_reference_widget(request, field, params)
        text = f"{field.name}_name__icontains"
        if widget.choice_list is None:
            return replace(widget, attributes={"name": field.key})
        if not widget.choice_list.is_complete and text in self.admin.repository.parameters.filters:
            # All rows are too many to choose from without scripts. So the filter finds any text, too.
            return replace(widget, attributes={"name": text}, search=params.get(text, ""))
        return widget


def get_parameters(request) -> Pairs:
    """Return the non-empty parameters of a URL."""
    return [(name, text) for name, text in request.GET.items() if text.strip()]


def drop_parameters(params: Pairs, names: set[str]) -> Pairs:
    """Return the parameters except those with these names."""
    return [(name, text) for name, text in params if name not in names]
