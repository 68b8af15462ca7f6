"""The lines of a file between reading and writing: in a temporary file, so that memory stays bounded at any length.

It is a SQLite database of its own, which compares the lines with the rows of the application's database.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

BATCH = 1000

_SCHEMA = """
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
CREATE TABLE added (line INTEGER PRIMARY KEY, key BLOB NOT NULL, rest BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE changed (line INTEGER PRIMARY KEY, id INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE claimed (id INTEGER PRIMARY KEY);
CREATE TABLE stored (key BLOB, rest BLOB, number INTEGER NOT NULL, PRIMARY KEY (key, rest)) WITHOUT ROWID;
"""
# Of lines with equal values, those beyond the number of such rows in the database.
_NEW_LINES = """
SELECT line, body FROM (
    SELECT line, key, rest, body, row_number() OVER (PARTITION BY key, rest ORDER BY line) AS rank FROM added
) LEFT JOIN stored USING (key, rest) WHERE rank > coalesce(number, 0) ORDER BY line
"""
# Where rows are told apart by a key, those whose key neither the database nor an earlier line has.
_NEW_KEYS = """
SELECT line, body FROM added WHERE key NOT IN (SELECT key FROM stored)
AND line IN (SELECT min(line) FROM added GROUP BY key) ORDER BY line
"""
# Lines with the key of a row, or of an earlier line, and other values.
_CONTRADICTIONS = """
SELECT line, key IN (SELECT key FROM stored) FROM added WHERE
CASE WHEN key IN (SELECT key FROM stored) THEN (key, rest) NOT IN (SELECT key, rest FROM stored)
ELSE rest <> (SELECT first.rest FROM added AS first WHERE first.key = added.key ORDER BY line LIMIT 1) END
ORDER BY line
"""


class AddedLine(NamedTuple):
    """A line without an id.

    :ivar key: a digest of the values that tell its row apart
    :ivar rest: a digest of the others
    """

    line: int
    key: bytes
    rest: bytes
    body: dict[str, Any]


class ChangedLine(NamedTuple):
    """A line that changes the row with its id."""

    line: int
    id: int
    body: dict[str, Any]


class Spool:
    """The lines of one file.

    :param has_equal_rows: whether two lines with equal values are two rows
    """

    def __init__(self, *, has_equal_rows: bool):
        self._has_equal_rows = has_equal_rows
        # An empty name is a temporary file without a name, which is gone with the connection. The lines that are read
        # in one thread are never written in another, except by a retry of the request.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Remove the file."""
        self._database.close()

    def add(self, lines: Iterable[AddedLine]) -> None:
        """Add lines without an id."""
        rows = ((line, key, rest, orjson.dumps(body)) for line, key, rest, body in lines)
        self._write("INSERT INTO added VALUES (?, ?, ?, ?)", rows)

    def change(self, lines: Iterable[ChangedLine]) -> None:
        """Add lines that change rows."""
        rows = ((line, id, orjson.dumps(body)) for line, id, body in lines)
        self._write("INSERT INTO changed VALUES (?, ?, ?)", rows)

    def claim(self, id: int) -> bool:
        """Note that a line means the row with this id, and return whether none did before."""
        statement = "INSERT OR IGNORE INTO claimed VALUES (?)"
        return bool(self._database.execute(statement, (id,)).rowcount)

    def is_claimed(self, id: int) -> bool:
        """Return whether a line means the row with this id."""
        return bool(self._database.execute("SELECT 1 FROM claimed WHERE id = ?", (id,)).fetchone())

    def compare(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Compare the lines with the database's rows, in place of those of an earlier comparison.

        :param rows: the digests of each
        """
        # Once for all lines: their digests come in no order.
        self._database.execute("CREATE INDEX IF NOT EXISTS added_key ON added (key, rest, line)")
        self._database.execute("DELETE FROM stored")
        statement = (
            "INSERT INTO stored VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET number = number + 1"
        )
        self._write(statement, rows)

    def new_lines(self) -> Iterator[list[tuple[int, dict[str, Any]]]]:
        """Yield the bodies of lines that are not in the database, with the numbers of the lines, in batches."""
        yield from self._read(_NEW_LINES if self._has_equal_rows else _NEW_KEYS)

    def changed_lines(self) -> Iterator[list[tuple[int, dict[str, Any]]]]:
        """Yield the bodies of lines that change rows, with ids."""
        for batch in self._batches("SELECT line, body, id FROM changed ORDER BY line"):
            yield [(line, {"id": id, **orjson.loads(body)}) for line, body, id in batch]

    def contradictions(self) -> Iterator[tuple[int, bool]]:
        """Yield the lines that contradict a row or an earlier line, and whether it is a row."""
        if not self._has_equal_rows:
            for batch in self._batches(_CONTRADICTIONS):
                yield from ((line, bool(is_stored)) for line, is_stored in batch)

    def count(self) -> tuple[int, int, int]:
        """Return how many lines add rows, change rows, and have no id."""
        statement = _NEW_LINES if self._has_equal_rows else _NEW_KEYS
        new = self._count(f"({statement})")
        return new, self._count("changed"), self._count("added")

    def _count(self, source: str) -> int:
        number: int = self._database.execute(f"SELECT count(*) FROM {source}").fetchone()[0]
        return number

    def _write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(statement, rows)
        self._database.execute("COMMIT")

    def _read(self, statement: str) -> Iterator[list[tuple[int, dict[str, Any]]]]:
        for batch in self._batches(statement):
            yield [(line, orjson.loads(body)) for line, body in batch]

    def _batches(self, statement: str) -> Iterator[list[tuple[Any, ...]]]:
        cursor = self._database.execute(statement)
        while batch := cursor.fetchmany(BATCH):
            yield batch
