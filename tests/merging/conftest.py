"""Products with a common unit, records of them, and a function that merges by the API."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from shoptrack.history import HistoryEntry, delete_entries
from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import Client


@pytest.fixture
def gram(make):
    """Return a unit."""
    return make.unit(name="g")


@pytest.fixture
def product(make, gram):
    """Return a function that makes a product, by default counted in grams, and returns its id."""
    return lambda name="Milk", **values: (
        make.product(name=name, **{"unit_id": gram.id, **values}).id
    )


@pytest.fixture
def merge(api):
    """Return a function that merges products by the API, and returns the response's document."""

    def merge(keep, *ids, path="products", status=200, client=api, **values):
        url = f"/api/{path}/{keep}/merge/"
        return client.post_json(url, {"ids": list(ids), **values}, status=status).json

    return merge


@pytest.fixture
def records(database):
    """Return a function that reads the product and the quantity of each record, by id."""

    def records():
        columns = ShoppingRecord.id, ShoppingRecord.product_id, ShoppingRecord.quantity
        with database.read_engine.connect() as connection:
            rows = connection.execute(select(*columns).order_by(ShoppingRecord.id))
            return {id: (product, str(quantity)) for id, product, quantity in rows}

    return records


@pytest.fixture
def entries(database):
    """Return a function that reads the history's entries, the oldest first; there are none at first."""

    def entries(**wanted):
        named = (getattr(HistoryEntry, name) == value for name, value in wanted.items())
        with database.read_engine.connect() as connection:
            statement = select(*HistoryEntry.__table__.columns).where(*named)
            return connection.execute(statement.order_by(HistoryEntry.id)).all()

    with database.engine.begin() as connection:
        delete_entries(connection)
    return entries


@pytest.fixture
def caller(build_app, credentials_with):
    """Return a function that returns a client of a user with just these permissions."""
    strict = build_app(shoptrack__api_permissions="model")
    return lambda *permissions: Client(strict, credentials_with(*permissions))


@pytest.fixture
def at_once(api) -> Callable[..., list[Any]]:
    """Return a function that calls each ``call(client)`` in a thread of its own, all at once.

    It returns what they return.
    """

    def at_once(*calls: Callable[[Client], Any]) -> list[Any]:
        barrier = Barrier(len(calls))

        def run(call: Callable[[Client], Any]) -> Any:
            client = Client(api.app, extra_environ=api.extra_environ)
            barrier.wait(60)
            return call(client)

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(run, calls))

    return at_once
