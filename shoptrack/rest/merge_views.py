"""Merging duplicates: a plan of the merge, the merge, and the deletion of a row that another one replaces."""

from collections.abc import Sequence
from decimal import Decimal as Number
from fractions import Fraction
from typing import Any

from shoptrack.errors import DomainError, Forbidden, ValidationError
from shoptrack.i18n.number_format import NumberFormat
from shoptrack.i18n.translation import _
from shoptrack.resources.conversions import format_factor
from shoptrack.resources.fields import (
    NOT_NULL,
    REQUIRED,
    Boolean,
    Decimal,
    InvalidValue,
    make_unknown_id_error,
    parse_id,
)
from shoptrack.resources.merging import Merge
from shoptrack.resources.query_string import REPEATED_PARAMETER
from shoptrack.resources.reassignment import MissingRows
from shoptrack.resources.repository import Repository
from shoptrack.rest.body import read_document
from shoptrack.rest.path_ids import make_not_found, parse_path_id

MAX_MERGED = 100  # rows of a request
REPLACE_WITH = "replace_with"  # the parameter of DELETE
DRY_RUN = Boolean("dry_run", default=False)
CONVERT = Decimal("convert", max_digits=20, decimal_places=9)


class MergeViews:
    """The views of one resource in one application."""

    def __init__(self, repository: Repository):
        self.repository = repository
        self.resource = repository.resource

    def merge(self, request) -> Any:
        """Merge rows into this one: rows that refer to them refer to this one, and they are deleted."""
        repository = self.repository
        keep = parse_path_id(request, self.resource)
        check_can_reassign(request, repository)
        body = read_document(request)
        if not isinstance(body, dict):
            raise ValidationError({"ids": [REQUIRED]})
        ids, is_dry_run, convert = self._parse(body, keep)
        run = repository.merger.plan if is_dry_run else repository.merger.merge
        try:
            merge = run(request.db, keep, ids, convert)
        except MissingRows as error:
            raise self._make_missing_error(error, keep, "ids") from None
        return self._make_document(request, keep, ids, merge, is_dry_run=is_dry_run)

    def replace(self, request, id: int, target: int) -> None:
        """Delete a row, after its referrers were reassigned to another."""
        try:
            self.repository.merge(request.db, target, [id])
        except MissingRows as error:
            raise self._make_missing_error(error, id, REPLACE_WITH) from None

    def get_replacement(self, request, id: int) -> int:
        """Return the id of the row that is to replace another one.

        :raises ValidationError: it is invalid
        :raises Forbidden: the user may not change the referrers
        """
        texts = request.GET.getall(REPLACE_WITH)
        try:
            if len(texts) > 1:
                raise InvalidValue(REPEATED_PARAMETER)
            target = parse_id(texts[0])
            if target == id:
                raise InvalidValue(_("Choose another ${noun}.", noun=self.resource.noun()))
        except InvalidValue as error:
            raise ValidationError({REPLACE_WITH: error.args}) from None
        check_can_reassign(request, self.repository)
        return target

    def _parse(self, body: dict[str, Any], keep: int) -> tuple[list[int], bool, Fraction | None]:
        """Return the ids, whether it is a dry run, and the factor.

        :raises ValidationError: naming all invalid values
        """
        errors: dict[str, Sequence[str]] = {}
        ids: list[int] = []
        is_dry_run, convert = False, None
        try:
            ids = self._parse_ids(body.get("ids"), keep)
        except InvalidValue as error:
            errors["ids"] = error.args
        try:
            is_dry_run = DRY_RUN.load(body.get("dry_run", False))
        except InvalidValue as error:
            errors["dry_run"] = error.args
        try:
            if body.get("convert") is not None:
                convert = _parse_factor(body["convert"])
        except InvalidValue as error:
            errors["convert"] = error.args
        if errors:
            raise ValidationError(errors)
        return ids, is_dry_run, convert

    def _parse_ids(self, values: Any, keep: int) -> list[int]:
        if values is None:
            raise InvalidValue(REQUIRED)
        if not isinstance(values, list):
            raise InvalidValue("Expected a list of items.")
        if not values:
            raise InvalidValue("This list may not be empty.")
        if len(values) > MAX_MERGED:
            raise InvalidValue(f"Send at most {MAX_MERGED} items.")
        ids, messages = [], []
        for value in values:
            try:
                id = parse_id(value) if value is not None else _refuse_null()
                if id == keep:
                    noun = self.resource.noun()
                    raise InvalidValue(_("A ${noun} cannot be merged with itself.", noun=noun))
                if id in ids:
                    raise InvalidValue(_("The ID ${id} occurs twice.", id=id))
                ids.append(id)
            except InvalidValue as error:
                messages += [one for one in error.args if one not in messages]
        if messages:
            raise InvalidValue(*messages)
        return ids

    def _make_missing_error(self, error: MissingRows, own: int, name: str) -> DomainError:
        """Return the error about rows that do not exist: the path's row, or those that were sent."""
        if own in error.ids:
            return make_not_found(self.resource)
        messages = [make_unknown_id_error(id).args[0] for id in error.ids]
        return ValidationError({name: messages})

    def _make_document(
        self, request, keep: int, ids: list[int], merge: Merge, *, is_dry_run: bool
    ) -> dict[str, Any]:
        hidden = self.repository.get_hidden(
            request.identity, *(one.resource for one in self.repository.referring_fields)
        )
        shown = {
            path: count
            for path, count in merge.counts.items()
            if Repository.of(request.registry, path).resource.permission("view") not in hidden
        }
        return {
            "dry_run": is_dry_run,
            "kept": keep,
            "merged": ids,
            "moved": shown,
            "has_hidden": merge.has_hidden or len(shown) < len(merge.counts),
            "factors": {str(id): format_factor(one) for id, one in merge.factors.items()},
            "conflicts": [_describe(conflict) for conflict in merge.conflicts],
            "history_id": merge.entry_id,
        }


def check_can_reassign(request, repository: Repository) -> None:
    """Check that the user may change all possible referrers of a resource's rows.

    :raises Forbidden: naming the resources that the user may not change
    """
    resources = {one.resource.path: one.resource for one in repository.referring_fields}
    lacking = [
        str(one.plural())
        for one in resources.values()
        if not request.has_permission(one.permission("change"))
    ]
    if lacking:
        raise Forbidden(_("You do not have permission to change ${rows}.", rows=", ".join(lacking)))


def read_factor(text: str, number_format: NumberFormat) -> Fraction | None:
    """Return the factor between two units that somebody typed, for ``Repository.merge``; ``None`` for an empty text.

    :raises InvalidValue: it is not a number above 0
    """
    value = CONVERT.from_form(text, number_format) if text.strip() else None
    return None if value is None else _parse_factor(value)


def _parse_factor(value: Any) -> Fraction:
    number: Number = CONVERT.parse(value)
    if number <= 0:
        raise InvalidValue(_("Ensure this value is greater than 0."))
    return Fraction(number)


def _refuse_null() -> int:
    raise InvalidValue(NOT_NULL)


def _describe(conflict: DomainError) -> dict[str, Any]:
    """Return a conflict of a plan, in the shape of the error with which a merge would be refused."""
    if isinstance(conflict, ValidationError):
        return {"detail": conflict.detail, "code": "invalid"}
    return conflict.body()
