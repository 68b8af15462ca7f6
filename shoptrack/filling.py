"""Filling tables that are empty, in one transaction: what a demo and an import have in common."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, func, select, text


def claim(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Keep everybody else from writing to tables until the transaction ends.

    :returns: the names of those that have rows already
    """
    if connection.dialect.name == "postgresql":
        # SQLite's transaction holds the one write lock from its beginning.
        connection.execute(text(f"LOCK TABLE {_names(tables)} IN SHARE ROW EXCLUSIVE MODE"))
    return filled(connection, tables)


def filled(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Return the names of the tables that have rows."""
    return [table.name for table in tables if connection.scalar(select(select(table).exists()))]


def continue_ids(connection: Connection, tables: Sequence[Table]) -> None:
    """Let the ids of new rows come after the largest one, where rows were written with their ids.

    SQLite sees to that by itself.
    """
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        largest = connection.scalar(select(func.max(table.c.id)))
        if largest is not None:
            connection.execute(select(func.setval(sequence, largest)))


def analyze(connection: Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL plan for what is there now; by itself it would look a minute later."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {_names(tables)}"))


def _names(tables: Sequence[Table]) -> str:
    return ", ".join(table.name for table in tables)
