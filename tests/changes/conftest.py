"""The feed of changes, and transactions that stay open."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import insert, text

from shoptrack.history import HistoryEntry
from shoptrack.resources import Repository

from ..server.conftest import eventually

URL = "/api/changes/"


@pytest.fixture
def settle(database) -> Callable[[], None]:
    """Return a function that waits for transactions of other tests, which use other databases of the same server."""
    statement = "SELECT pg_snapshot_xm{}(pg_current_snapshot())::text::bigint"

    def ask(which: str) -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(text(statement.format(which)))

    def settle() -> None:
        if not database.is_sqlite:
            newest = ask("ax")
            eventually(lambda: ask("in") >= newest, lambda: f"{ask('in')} < {newest}")

    return settle


@pytest.fixture
def read_now(api) -> Callable[..., dict]:
    """Return a function that reads the feed while transactions are open."""

    def read_now(cursor=None, **params) -> dict:
        since = {} if cursor is None else {"since": cursor}
        return api.get(URL, since | params).json

    return read_now


@pytest.fixture
def read(read_now, settle) -> Callable[..., dict]:
    """Return a function that reads all of the feed."""

    def read(*arguments, **params) -> dict:
        settle()
        return read_now(*arguments, **params)

    return read


@pytest.fixture
def open_transaction(app, database) -> Iterator[Callable]:
    """Return a function that adds a row in a transaction, and returns a function that commits it.

    Open transactions need a resource each: those that change the same table may wait for each other.
    """
    with ExitStack() as stack:

        def open_transaction(path: str) -> Callable[[], None]:
            db = stack.enter_context(database.session())
            transaction = db.begin()
            Repository.of(app.registry, path).create(db, {"name": "new"})
            return transaction.commit

        yield open_transaction


@pytest.fixture
def write_entries(database):
    """Return a function that writes entries without the rows that they are about."""

    def write_entries(*entries: dict) -> None:
        with database.engine.begin() as connection:
            connection.execute(insert(HistoryEntry), list(entries))

    return write_entries
