"""Writing the rows of extensions, together with the rows that they extend."""

from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from shoptrack.resources.extensions import Extension
from shoptrack.resources.schema import Values

INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class ExtensionRows:
    """The rows of one extension in its table. A row that has only defaults is not stored before it changes."""

    def __init__(self, extension: Extension):
        self._extension = extension
        self._model = extension.model
        mapper = self._model.__mapper__
        self._columns = {one.key: one.columns[0].key for one in mapper.column_attrs}
        self._keys = {field.key: field for field in extension.stored_fields}

    def write(self, connection: Connection, id: int, values: Values, *, is_new: bool) -> bool:
        """Store those values that are the extension's, by one statement, and return whether there are any.

        :param id: of the extended row, which the transaction has locked or added
        :param values: by the keys of bodies, also those of other fields
        """
        own = {key: value for key, value in values.items() if key in self._keys}
        if is_new:
            own = {k: value for k, value in own.items() if value != self._keys[k].default}
        if not own:
            return False
        # A new row has the other defaults, too: its columns cannot be null.
        defaults = {field.key: field.default for field in self._extension.stored_fields}
        statement = INSERT[connection.dialect.name](self._model.__table__)
        statement = statement.values(id=id, **self._store(defaults | own))
        statement = statement.on_conflict_do_update(index_elements=["id"], set_=self._store(own))
        connection.execute(statement)
        return True

    def hand_over(self, connection: Connection, source: int, target: int) -> None:
        """Give the values of one row to another that has none, before the first one is deleted."""
        other = aliased(self._model)
        given = (
            update(self._model)
            .where(
                self._model.id == bindparam("source", type_=BigInteger),
                ~exists(select(other.id).where(other.id == target)),
            )
            .values(id=target)
        )
        connection.execute(given, {"source": source})

    def _store(self, values: Values) -> dict[str, Any]:
        """Return the values of all columns that store the given values, by column name."""
        stored: dict[str, Any] = {}
        for key, value in values.items():
            stored |= self._keys[key].store(self._model, value)
        return {self._columns[name]: value for name, value in stored.items()}
