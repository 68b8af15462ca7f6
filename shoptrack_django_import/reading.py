"""Reading Django's rows as ShopTrack's: each is taken, or refused with the reasons."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from shoptrack.db import Base
from shoptrack.resources.fields import InvalidValue, make_unknown_id_error
from shoptrack.resources.schema import Errors, Values
from shoptrack_django_import import source
from shoptrack_django_import.tables import OldTable, target


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be taken.

    :param table: Django's
    :param id: of the row, whatever it is
    :param errors: sentences by column
    """

    table: str
    id: Any
    errors: Errors

    def __str__(self) -> str:
        reasons = "; ".join(f"{key}: {' '.join(said)}" for key, said in self.errors.items())
        return f"{self.table} {self.id}: {reasons}"


class Reading:
    """One reading of the tables, from those that others refer to on.

    It remembers ids of rows that others may refer to and values that are unique, and no rows.

    :param refuse: told of each row that cannot be taken
    """

    def __init__(
        self,
        connection: Connection,
        tables: Sequence[OldTable],
        refuse: Callable[[Refusal], object],
    ):
        self._connection = connection
        self._refuse = refuse
        referred = filter(None, (target(field) for old in tables for field in old.fields))
        self._taken: dict[type[Base], set[int]] = {model: set() for model in referred}
        self._refused: dict[type[Base], set[Any]] = {model: set() for model in self._taken}
        self._owners: dict[tuple[str, Any], int] = {}  # of unique values: the ids of their rows

    def values(self, old: OldTable) -> Iterator[Values]:
        """Return what is stored of each row that can be taken."""
        for row in source.rows(self._connection, old):
            values, errors = _loaded(old, row)
            errors |= self._broken(old, values)
            errors |= self._repeated(old, values)
            if errors:
                self._remember_refused(old, row[0])
                self._refuse(Refusal(old.name, row[0], errors))
            else:
                self._remember(old, values)
                yield old.stored(values)

    def _broken(self, old: OldTable, values: Values) -> Errors:
        """Return sentences about references to rows that are not there, or were refused."""
        errors: Errors = {}
        for field in old.fields:
            model, id = target(field), values.get(field.key)
            if model is None or id is None or id in self._taken[model]:
                continue
            if id in self._refused[model]:
                errors[field.key] = [f"The row {id} that it refers to cannot be taken."]
            else:
                errors[field.key] = list(make_unknown_id_error(id).args)
        return errors

    def _repeated(self, old: OldTable, values: Values) -> Errors:
        """Return sentences about values that an earlier row has."""
        errors: Errors = {}
        for unique in old.unique:
            if unique.key in values:
                owner = self._owners.get((old.name, unique.compared(values[unique.key])))
                if owner is not None:
                    errors[unique.key] = [f"{unique.sentence} Row {owner} has it."]
        return errors

    def _remember(self, old: OldTable, values: Values) -> None:
        if old.model in self._taken:
            self._taken[old.model].add(values["id"])
        for unique in old.unique:
            self._owners[old.name, unique.compared(values[unique.key])] = values["id"]

    def _remember_refused(self, old: OldTable, id: Any) -> None:
        if old.model in self._refused:
            self._refused[old.model].add(id)


def _loaded(old: OldTable, row: list[Any]) -> tuple[Values, Errors]:
    """Return the good values of a row, and sentences about the others."""
    values: Values = {}
    errors: Errors = {}
    for field, value in zip(old.fields, row, strict=True):
        try:
            values[field.key] = field.load(value)
        except InvalidValue as refused:
            errors[field.key] = list(refused.args)
    return values, errors
