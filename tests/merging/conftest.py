"""Products with a common unit, records of them, and a function that merges by the API."""

import pytest
from sqlalchemy import select

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
def caller(build_app, credentials_with):
    """Return a function that returns a client of a user with just these permissions."""
    strict = build_app(shoptrack__api_permissions="model")
    return lambda *permissions: Client(strict, credentials_with(*permissions))
