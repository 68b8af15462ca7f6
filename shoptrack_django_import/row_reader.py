"""Read Django's rows as ShopTrack's: each is accepted, or rejected with the reasons."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from shoptrack.db import Base
from shoptrack.resources import Errors, InvalidValue, Values, make_unknown_id_error
from shoptrack_django_import import source
from shoptrack_django_import.tables import DjangoTable, get_target_model


@dataclass(frozen=True)
class RejectedRow:
    """A row that is not accepted.

    :param table: Django's
    :param id: of the row, whatever it is
    :param errors: messages by column
    """

    table: str
    id: Any
    errors: Errors

    def __str__(self) -> str:
        reasons = "; ".join(f"{key}: {' '.join(said)}" for key, said in self.errors.items())
        return f"{self.table} {self.id}: {reasons}"


class RowReader:
    """One pass through the tables; referenced tables come first.

    It stores the ids of rows that others may refer to and the unique values, but no rows.

    :param reject: called for each row that is not accepted
    """

    def __init__(
        self,
        connection: Connection,
        tables: Sequence[DjangoTable],
        reject: Callable[[RejectedRow], object],
    ):
        self._connection = connection
        self._reject = reject
        referred = filter(None, (get_target_model(field) for old in tables for field in old.fields))
        self._accepted: dict[type[Base], set[int]] = {model: set() for model in referred}
        self._rejected: dict[type[Base], set[Any]] = {model: set() for model in self._accepted}
        self._owners: dict[tuple[str, Any], int] = {}  # of unique values: the ids of their rows

    def values(self, old: DjangoTable) -> Iterator[Values]:
        """Return the values to store of each accepted row."""
        for row in source.rows(self._connection, old):
            values, errors = _loaded(old, row)
            errors |= self._find_broken_references(old, values)
            errors |= self._find_duplicates(old, values)
            if errors:
                self._remember_rejected(old, row[0])
                self._reject(RejectedRow(old.name, row[0], errors))
            else:
                self._remember(old, values)
                yield old.stored(values)

    def _find_broken_references(self, old: DjangoTable, values: Values) -> Errors:
        """Return messages about references to rows that do not exist or were rejected."""
        errors: Errors = {}
        for field in old.fields:
            model, id = get_target_model(field), values.get(field.key)
            if model is None or id is None or id in self._accepted[model]:
                continue
            if id in self._rejected[model]:
                errors[field.key] = [f"The row {id} that it refers to cannot be taken."]
            else:
                errors[field.key] = list(make_unknown_id_error(id).args)
        return errors

    def _find_duplicates(self, old: DjangoTable, values: Values) -> Errors:
        """Return messages about values that an earlier row has."""
        errors: Errors = {}
        for unique in old.unique:
            if unique.key in values:
                owner = self._owners.get((old.name, unique.compared(values[unique.key])))
                if owner is not None:
                    errors[unique.key] = [f"{unique.sentence} Row {owner} has it."]
        return errors

    def _remember(self, old: DjangoTable, values: Values) -> None:
        if old.model in self._accepted:
            self._accepted[old.model].add(values["id"])
        for unique in old.unique:
            self._owners[old.name, unique.compared(values[unique.key])] = values["id"]

    def _remember_rejected(self, old: DjangoTable, id: Any) -> None:
        if old.model in self._rejected:
            self._rejected[old.model].add(id)


def _loaded(old: DjangoTable, row: list[Any]) -> tuple[Values, Errors]:
    """Return the valid values of a row, and messages about the others."""
    values: Values = {}
    errors: Errors = {}
    for field, value in zip(old.fields, row, strict=True):
        try:
            values[field.key] = field.load(value)
        except InvalidValue as refused:
            errors[field.key] = list(refused.args)
    return values, errors
