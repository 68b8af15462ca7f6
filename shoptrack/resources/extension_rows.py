"""Writing the rows of extensions, together with the rows that they extend."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from shoptrack.resources.extensions import Extension
from shoptrack.resources.schema import Values

INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class ExtensionRows:
    """The rows of one extension in its table. A row that has only defaults is not stored before it changes."""

    def __init__(self, extension: Extension):
        self._model = extension.model
        mapper = self._model.__mapper__
        self._columns = {one.key: one.columns[0].key for one in mapper.column_attrs}
        self._keys = {field.key: field for field in extension.stored_fields}
        self._defaults = {key: field.default for key, field in self._keys.items()}
        self._upsert = cache(self._make_upsert)

    def write(
        self, connection: Connection, rows: Sequence[tuple[int, Values]], *, is_new: bool
    ) -> bool:
        """Store those values that are the extension's, and return whether there are any.

        :param rows: the ids of extended rows, which the transaction has locked or added, each with values by the keys
            of bodies, also those of other fields
        """
        groups: dict[frozenset[str], list[tuple[int, Values]]] = defaultdict(list)
        for id, values in rows:
            own = {key: value for key, value in values.items() if key in self._keys}
            if is_new:
                own = {k: value for k, value in own.items() if value != self._keys[k].default}
            if own:
                groups[frozenset(own)].append((id, own))
        for keys, group in groups.items():
            # A new row has the other defaults, too: its columns may not allow null.
            stored = [{"id": id, **self._store(self._defaults | own)} for id, own in group]
            connection.execute(self._upsert(connection.dialect.name, keys), stored)
        return bool(groups)

    def _make_upsert(self, dialect: str, keys: frozenset[str]) -> Any:
        statement = INSERT[dialect](self._model.__table__)
        columns = self._store({key: self._defaults[key] for key in keys})
        excluded = {name: statement.excluded[name] for name in columns}
        return statement.on_conflict_do_update(index_elements=["id"], set_=excluded)

    def hand_over(self, connection: Connection, sources: Sequence[int], target: int) -> None:
        """Give the values of the first row that has any to another that has none, before the first one is deleted."""
        other = aliased(self._model)
        wanted = bindparam("sources", type_=BigInteger, expanding=True)
        first = select(func.min(other.id)).where(other.id.in_(wanted)).scalar_subquery()
        has_values = exists(select(other.id).where(other.id == target))
        given = update(self._model).where(self._model.id == first, ~has_values).values(id=target)
        connection.execute(given, {"sources": sources})

    def _store(self, values: Values) -> dict[str, Any]:
        """Return the values of all columns that store the given values, by column name."""
        stored: dict[str, Any] = {}
        for key, value in values.items():
            stored |= self._keys[key].store(self._model, value)
        return {self._columns[name]: value for name, value in stored.items()}
