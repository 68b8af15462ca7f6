"""Inserting many rows of one table by one statement, which returns their ids in order."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Insert,
    Integer,
    SmallInteger,
    String,
    Text,
    bindparam,
    column,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from shoptrack.db.column_types import Thousandths, UtcDateTime
from shoptrack.resources.schema import Values

# Types whose arrays PostgreSQL takes apart into the same values. Subclasses may convert them in SQL.
PLAIN = {BigInteger, Boolean, Date, Integer, SmallInteger, String, Text, Thousandths, UtcDateTime}


class BulkInserts:
    """Inserts many rows of one table. It is made once, and keeps only statements."""

    def __init__(self, table: Any):
        self._table = table
        self._statement = insert(table).returning(table.c.id)
        self._ordered = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        self._choose = cache(self._make_from_arrays)

    def insert(self, connection: Connection, rows: Sequence[Values]) -> Sequence[int]:
        """Insert rows with the same columns, and return their ids in order."""
        if connection.dialect.name == "sqlite":
            # SQLAlchemy would insert row by row, for their order. SQLite numbers the rows of a statement in order.
            return sorted(connection.scalars(self._statement, rows))
        names = tuple(rows[0])
        statement = self._choose(names)
        arrays = {name: [row[name] for row in rows] for name in names}
        if statement is None or not all(map(_is_array, arrays.values())):
            return connection.scalars(self._ordered, rows).all()
        return sorted(connection.scalars(statement, arrays))

    def _make_from_arrays(self, names: tuple[str, ...]) -> Insert | None:
        """Return a statement with one parameter for each column, ``None`` if Python or other types make values.

        With one for each value, SQLAlchemy and the driver work longer than PostgreSQL. It numbers the rows after it
        has ordered them, on which SQLAlchemy relies as well; what others insert meanwhile only leaves gaps.
        """
        columns = [self._table.c[name] for name in names]
        others = [one for one in self._table.c if one.name not in names]
        is_plain = all(type(one.type) in PLAIN for one in columns)
        if not names or not is_plain or any(one.default is not None for one in others):
            return None
        values = [column(one.name, one.type) for one in columns]
        arrays = func.unnest(*map(_make_parameter, columns))
        rows = arrays.table_valued(*values, with_ordinality="position").render_derived()
        source = select(*(rows.c[name] for name in names)).order_by(rows.c.position)
        return insert(self._table).from_select(names, source).returning(self._table.c.id)


def _make_parameter(column: Column[Any]) -> Any:
    # An array of texts of limited length would be cut, where the column raises an error.
    kind = Text() if isinstance(column.type, String) else column.type
    return bindparam(column.name, type_=ARRAY(kind))


def _is_array(values: Sequence[Any]) -> bool:
    """Return whether all values have one type, as the driver's arrays do."""
    return len({*map(type, values)} - {type(None)}) < 2
