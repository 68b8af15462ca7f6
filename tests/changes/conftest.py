"""The feed of changes, and transactions that stay open."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import insert

from shoptrack.history import HistoryEntry
from shoptrack.resources import Repository

URL = "/api/changes/"


@pytest.fixture
def read(api) -> Callable[..., dict]:
    """Return a function that reads the feed."""
    return lambda cursor=None, **params: (
        api.get(URL, params if cursor is None else {"since": cursor, **params}).json
    )


@pytest.fixture
def open_transaction(app, database) -> Iterator[Callable]:
    """Return a function that adds a category in a transaction, and returns a function that commits it."""
    with ExitStack() as stack:

        def open_transaction(name: str) -> Callable[[], None]:
            db = stack.enter_context(database.session())
            transaction = db.begin()
            Repository.of(app.registry, "categories").create(db, {"name": name})
            return transaction.commit

        yield open_transaction


@pytest.fixture
def write_entries(database):
    """Return a function that writes entries without the rows that they are about."""

    def write_entries(*entries: dict) -> None:
        with database.engine.begin() as connection:
            connection.execute(insert(HistoryEntry), list(entries))

    return write_entries
