"""Connections of the floor: one a thread, kept open, and the same calls for both drivers."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg

Row = tuple[Any, ...]


class Sqlite:
    """A SQLite file, whose quantities are integers of thousandths."""

    read_quantity = "printf('%.3f', r.quantity / 1000.0)"
    write_quantity = "CAST(round(:quantity * 1000) AS integer)"

    def __init__(self, path: str):
        self._path = path
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=20)
            for pragma in ("foreign_keys = on", "journal_mode = wal", "synchronous = normal"):
                connection.execute(f"PRAGMA {pragma}")
            self._local.connection = connection
        return self._local.connection

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Return all rows of a statement, whose values are written as ``:name``."""
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row."""
        return self._connection.execute(sql, values).fetchone()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is done meanwhile; an error undoes it."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


class PostgreSQL:
    """A PostgreSQL database."""

    read_quantity = "CAST(r.quantity AS text)"
    write_quantity = "CAST(:quantity AS numeric)"

    def __init__(self, uri: str):
        self._uri = uri
        self._local = threading.local()

    @property
    def _connection(self) -> psycopg.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = psycopg.connect(self._uri, autocommit=True)
        return self._local.connection

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Return all rows of a statement, whose values are written as ``:name``."""
        return self._connection.execute(_format(sql), values).fetchall()

    def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row."""
        return self._connection.execute(_format(sql), values).fetchone()

    def transaction(self):
        """Commit what is done meanwhile; an error undoes it."""
        return self._connection.transaction()


@cache
def _format(sql: str) -> str:
    """Return a statement with its values as psycopg reads them."""
    return re.sub(r":(\w+)", r"%(\1)s", sql)


def connect(url: str) -> Sqlite | PostgreSQL:
    """Return the database at an address.

    :param url: ``sqlite:////absolute/path`` or what libpq reads
    """
    if url.startswith("sqlite:///"):
        return Sqlite(url.removeprefix("sqlite:///"))
    return PostgreSQL(url)
