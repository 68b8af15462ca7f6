"""PostgreSQL's indexes for searches in folded text: each lists the characters that occur in it.

They need no extension, and work in a database of any locale and for words of any length. Trigrams (``pg_trgm``)
do not support words of fewer than three letters, as most Japanese words are, nor any Japanese in a database of
the locale ``C``. Once PostgreSQL uses one generic plan for all words, it scans the whole trigram index for a short
word. That took four times as long as scanning the table.

They are not part of the schema, but every upgrade of the database creates missing ones. So the tables of plugins
have them as well.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ARRAY, Connection, String, func, null, text

from shoptrack.db import Base

INDEX_PREFIX = "characters_"


def make_character_array(folded: Any) -> Any:
    """Return the array of a text's characters, in the expression that the index uses."""
    return func.string_to_array(folded, null(), type_=ARRAY(String))


def create_missing_indexes(connection: Connection, tables: set[str]) -> None:
    """Create the missing indexes of these tables."""
    if connection.dialect.name != "postgresql":
        return
    for table, column in _folded_columns(tables):
        connection.execute(
            text(
                f"CREATE INDEX IF NOT EXISTS {INDEX_PREFIX}{table}_{column} "
                f"ON {table} USING gin (string_to_array({column}, NULL))"
            )
        )


def _folded_columns(tables: set[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(tables):
        for column in Base.metadata.tables[name].columns:
            if "folds" in column.info:
                yield name, column.name
