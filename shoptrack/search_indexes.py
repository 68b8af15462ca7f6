"""Indexes that find a piece of folded text, where PostgreSQL has its extension pg_trgm.

They are no part of the schema: without the extension, or without the right to add it, searching works
as well and only takes longer. So a migration must not fail over them, and they are looked after whenever
the database is brought up to date.
"""

import logging
from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from shoptrack.db import Base

PREFIX = "trgm_"

log = logging.getLogger(__name__)


def ensure(connection: Connection, tables: set[str]) -> None:
    """Create the indexes that are missing on these tables."""
    if connection.dialect.name != "postgresql" or not _has_extension(connection):
        return
    for table, column in _folded_columns(tables):
        connection.execute(
            text(
                f"CREATE INDEX IF NOT EXISTS {PREFIX}{table}_{column} "
                f"ON {table} USING gin ({column} gin_trgm_ops)"
            )
        )


def _has_extension(connection: Connection) -> bool:
    """Tell whether the extension is there; it is added where the server has it and lets us."""
    offered = text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
    if connection.scalar(offered) is None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except DBAPIError as error:
        log.warning("Searching is slower without the extension pg_trgm: %s", error.orig)
        return False
    return True


def _folded_columns(tables: set[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(tables):
        for column in Base.metadata.tables[name].columns:
            if "folds" in column.info:
                yield name, column.name
