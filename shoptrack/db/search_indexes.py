"""PostgreSQL's indexes that find a piece of folded text: which characters occur in it.

PostgreSQL has them without any extension, in a database of any locale, and for words of any length.
Trigrams (``pg_trgm``) serve no word of fewer than three letters, as most Japanese ones are, and nothing
Japanese in a database of the locale ``C``. Once PostgreSQL keeps one plan for all words, it goes through
the whole index of trigrams for such a word, which took four times as long as going through the table.

They are no part of the schema, but are looked after whenever the database is brought up to date: so a plugin's
tables have them as well.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ARRAY, Connection, String, func, null, text

from shoptrack.db import Base

INDEX_PREFIX = "characters_"


def make_character_array(folded: Any) -> Any:
    """Return the array of a text's characters, in the words of the index."""
    return func.string_to_array(folded, null(), type_=ARRAY(String))


def create_missing_indexes(connection: Connection, tables: set[str]) -> None:
    """Create the indexes that are missing on these tables."""
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
