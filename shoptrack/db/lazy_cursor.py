"""A cursor for PostgreSQL that describes a result's columns only to who looks at them.

SQLAlchemy asks each result whether it has columns, and looks at them once for each kind of statement.
psycopg makes an object of every column each time, which is a tenth of what a small statement costs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg


class LazyDescriptionCursor(psycopg.Cursor[Any]):
    """A cursor whose description is made when it is read."""

    @property
    def description(self) -> Any:
        """Return the columns of the result, ``None`` where it is no table."""
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
