"""Merging duplicates: one row stays, and the referrers of the others are reassigned to it.

First people choose the row to keep, and see how much each is used. Then the page says what the merge does, or what
prevents it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Conflict, DomainError, NotFound, ValidationError
from shoptrack.resources import (
    Document,
    Field,
    InvalidValue,
    Repository,
    ServedResources,
    parse_id,
)
from shoptrack.rest import read_factor
from shoptrack_admin.rows.actions import get_messages
from shoptrack_admin.rows.cells import CellMaker
from shoptrack_admin.rows.columns import NUMBER_CELLS, get_heading
from shoptrack_admin.rows.delete_views import add_reassigned_messages
from shoptrack_admin.rows.referrer_counts import Usage, read_usage
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.selection import read_selection
from shoptrack_admin.translation import _

KEEP, CONVERT = "keep", "convert"  # the inputs of the row that stays, and of the factor
MAX_ROWS = 20  # per merge: more do not fit a page
CHOOSE = _("Choose the row to keep.")


class Conversion(NamedTuple):
    """Values of the referrers of a row that a merge multiplies.

    :param row: the label of the row
    :param fields: each with the rows that have it
    """

    row: str
    factor: str
    fields: list[tuple[Field, str]]


class Problem(NamedTuple):
    """What prevents a merge.

    :param rows: the labels of some of the rows in the way, with their URLs
    """

    messages: list[str]
    rows: list[tuple[str, str]]


class Plan(NamedTuple):
    """What a merge does, or what prevents it.

    :param deleted: the labels of the rows that are deleted
    :param moved: the number of referrers that are reassigned, by their plural
    """

    keep: int
    label: str
    deleted: list[str]
    moved: dict[str, int]
    has_hidden: bool
    conversions: list[Conversion]
    problems: list[Problem]


class MergeView:
    """The page that asks which of the selected rows to keep."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin

    @cached_property
    def _converted_fields(self) -> list[tuple[Field, str]]:
        """Return the fields of referrers whose values can be converted, each with the plural of its rows."""
        return [
            (field, referring.resource.plural())
            for referring in self.admin.repository.referring_fields
            for field in referring.resource.fields
            if field.measured_by == referring.field.name
        ]

    def show_form(self, request) -> Any:
        """Show the rows and their use; if the row to keep is chosen, also what the merge would do."""
        ids, documents = self._get_rows(request, request.GET)
        if KEEP not in request.GET:
            return self._show(request, documents)
        try:
            keep, convert = self._read(request, request.GET, documents)
            plan = self._plan(request, keep, documents, convert)
        except ValidationError as invalid:
            return self._show(request, documents, invalid.errors)
        return self._show(request, documents) | {"plan": plan}

    def merge(self, request) -> Any:
        """Merge the rows into the chosen one."""
        ids, documents = self._get_rows(request, request.form)
        try:
            keep, convert = self._read(request, request.form, documents)
            counts = self.admin.repository.merge(request.db, keep, ids, convert)
        except ValidationError as invalid:
            return self._show_error(request, documents, invalid.errors)
        except (Conflict, NotFound) as error:
            shown = self._show_error(request, documents, {"": [error.detail]})
            return shown | {"in_the_way": self._link_rows(request, error)}
        request.messages.add(_("The rows were merged."))
        add_reassigned_messages(request, counts)
        return HTTPSeeOther(self.admin.get_linked_path(request, "row", id=keep))

    def _get_rows(self, request, params) -> tuple[list[int], dict[int, Document]]:
        """Return the ids of the rows to merge, and the documents of those that exist.

        :raises Forbidden: the user may not change all possible referrers
        :raises HTTPSeeOther: nothing refers to such rows, or there are too few or too many
        """
        admin = self.admin
        admin.check_can_reassign(request)
        if not admin.can_merge:
            rows = admin.resource.plural()
            message = _("Nothing refers to ${rows}, so they cannot be merged.", rows=rows)
        else:
            ids = read_selection(request, admin, params).ids
            hidden = admin.get_hidden(request)
            found = admin.repository.get_many(request.reader, ids[: MAX_ROWS + 1], hidden)
            if 2 <= len(found) <= MAX_ROWS:
                return ids, {document["id"]: document for document in found}
            message = _("Choose 2 to ${most} rows to merge.", most=MAX_ROWS)
        request.messages.add(message, "warning")
        raise HTTPSeeOther(admin.get_list_path(request))

    def _read(self, request, params, documents: dict[int, Document]) -> tuple[int, Fraction | None]:
        """Return the id of the row to keep, and the factor.

        :raises ValidationError: naming the invalid input
        """
        try:
            keep = parse_id(params.get(KEEP, ""))
            if keep not in documents:
                raise InvalidValue(CHOOSE)
        except InvalidValue:
            raise ValidationError({KEEP: [CHOOSE]}) from None
        try:
            return keep, read_factor(params.get(CONVERT, ""), request.number_format)
        except InvalidValue as error:
            raise ValidationError({CONVERT: list(error.args)}) from None

    def _plan(
        self, request, keep: int, documents: dict[int, Document], convert: Fraction | None
    ) -> Plan:
        """Return what the merge does, by the rules of the API's dry run.

        :raises ValidationError: there is nothing to convert
        """
        repository, served = self.admin.repository, ServedResources.of(request.registry)
        merge = repository.merger.plan(request.db, keep, documents, convert)
        for conflict in merge.conflicts:
            if isinstance(conflict, ValidationError) and CONVERT in conflict.errors:
                raise conflict
        labels = {id: self.admin.resource.label_of(one) for id, one in documents.items()}
        return Plan(
            keep,
            labels[keep],
            [label for id, label in labels.items() if id != keep],
            {served[path].plural(): count for path, count in merge.counts.items()},
            merge.has_hidden,
            [
                Conversion(labels[id], _format_factor(request, factor), self._converted_fields)
                for id, factor in merge.factors.items()
                if factor != 1
            ],
            [
                Problem(_get_texts(conflict), self._link_rows(request, conflict))
                for conflict in merge.conflicts
            ],
        )

    def _link_rows(self, request, error: DomainError) -> list[tuple[str, str]]:
        """Return the labels and the URLs of the rows that an error names."""
        body = error.body()
        path, rows = body.get("resource"), body.get("rows", ())
        if path is None or not rows:
            return []
        route = f"admin:{Repository.of(request.registry, path).resource.path}:row"
        return [(row["label"], request.route_path(route, id=row["id"])) for row in rows]

    def _show_error(
        self, request, documents: dict[int, Document], errors: Mapping[str, Sequence[str]]
    ) -> dict[str, Any]:
        request.response.status_int = 400
        return self._show(request, documents, errors)

    def _show(
        self,
        request,
        documents: dict[int, Document],
        errors: Mapping[str, Sequence[str]] | None = None,
    ) -> dict[str, Any]:
        admin = self.admin
        sent = request.form if request.method == "POST" else request.GET
        usage = read_usage(request, admin.repository, list(documents))
        columns = admin.get_columns(request)
        cells = CellMaker(request, admin).make_rows(list(documents.values()), columns)
        return {
            "admin": admin,
            "errors": {
                name if name == CONVERT and self._converted_fields else name and KEEP: messages
                for name, messages in (errors or {}).items()
            },
            "convert": sent.get(CONVERT, "") if self._converted_fields else None,
            "keep": sent.get(KEEP) or str(_find_most_used(usage)),
            "headings": [
                (get_heading(request, column), column.cell in NUMBER_CELLS) for column in columns
            ],
            "rows": dict(zip(documents, cells, strict=True)),
            "labels": {id: admin.resource.label_of(one) for id, one in documents.items()},
            "usage": usage,
            "plan": None,
            "in_the_way": [],
        }


def _find_most_used(usage: dict[int, Usage]) -> int:
    """Return the id of the row that most others refer to."""
    return max(usage, key=lambda id: usage[id].total)


def _format_factor(request, factor: Fraction) -> str:
    """Return a factor in the reader's language, as a fraction if it is no decimal number."""
    decimal = Decimal(factor.numerator) / Decimal(factor.denominator)
    is_exact = Fraction(decimal) == factor
    return request.number_format.format_number(decimal) if is_exact else str(factor)


def _get_texts(error: DomainError) -> list[str]:
    return get_messages(error) if isinstance(error, Conflict | ValidationError) else [error.detail]
