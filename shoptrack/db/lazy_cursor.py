"""A PostgreSQL cursor that describes a result's columns only on access.

SQLAlchemy asks every result whether it has columns, but reads them only once per kind of statement.
psycopg creates an object per column each time, which is a tenth of the cost of a small statement.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg


class LazyDescriptionCursor(psycopg.Cursor[Any]):
    """A cursor whose description is created on access."""

    @property
    def description(self) -> Any:
        """Return the columns of the result; ``None`` if it has no rows."""
        result = self.pgresult
        if result is None or not result.nfields:
            return super().description
        return _Columns(self)

    def columns(self) -> list[psycopg.Column]:
        """Return the columns of the result, as psycopg describes them."""
        return super().description or []


class _Columns(Sequence[psycopg.Column]):
    """The columns of a cursor's result."""

    def __init__(self, cursor: LazyDescriptionCursor):
        self._cursor = cursor

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return len(self._cursor.columns())

    def __getitem__(self, index: Any) -> Any:
        return self._cursor.columns()[index]

    def __iter__(self) -> Iterator[psycopg.Column]:
        return iter(self._cursor.columns())
