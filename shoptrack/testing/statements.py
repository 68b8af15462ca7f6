"""Captures SQL statements."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from shoptrack.db import Database


@contextmanager
def capture_statements(database: Database) -> Iterator[list[str]]:
    """Yield a list that collects the statements executed within the context, except ``BEGIN`` and ``PRAGMA``."""
    statements: list[str] = []

    def note(connection, cursor, statement, parameters, context, many):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", note)
