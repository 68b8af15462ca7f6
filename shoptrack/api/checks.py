"""The checks of a body that only the database can make: references to nothing, names that are taken."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, bindparam, exists, select

from shoptrack.api.fields import Field, Reference, unknown_id
from shoptrack.api.schema import Errors


class Checks:
    """The checks of one resource. A statement is made once for each choice of fields that are sent.

    :param resource: a ``shoptrack.api.resource.Resource``
    """

    def __init__(self, resource: Any):
        self._resource = resource
        self._asked = [f for f in resource.fields if isinstance(f, Reference) or f.unique]
        self._statement = cache(self._make_statement)

    def errors(
        self, connection: Connection, values: dict[str, Any], id: int | None = None
    ) -> Errors:
        """Return sentences about values that cannot be, by one statement.

        :param id: of the row that is to have the values, ``None`` for a new one
        """
        fields = tuple(field for field in self._asked if values.get(field.key) is not None)
        if not fields:
            return {}
        answers = connection.execute(self._statement(fields, id is None), values | {"id": id})
        return {
            field.key: [self._sentence(field, values[field.key])]
            for field, good in zip(fields, answers.one(), strict=True)
            if not good
        }

    def _make_statement(self, fields: Sequence[Field], new: bool) -> Select:
        return select(*(self._question(field, new) for field in fields))

    def _question(self, field: Field, new: bool) -> ColumnElement[bool]:
        """Return the condition that a value can be."""
        if isinstance(field, Reference):
            return exists().where(field.resource.model.id == bindparam(field.key, type_=BigInteger))
        model = self._resource.model
        column = getattr(model, field.key)
        taken = exists().where(column == bindparam(field.key, type_=column.type))
        if not new:
            taken = taken.where(model.id != bindparam("id", type_=BigInteger))
        return ~taken

    def _sentence(self, field: Field, value: Any) -> str:
        if isinstance(field, Reference):
            return unknown_id(value).args[0]
        return self._resource.taken(field)
