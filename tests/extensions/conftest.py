"""An application whose plugins extend shopping records and products."""

import pytest

from shoptrack.db import Database
from shoptrack.testing import Client

from . import extras, notes

MODELS = (notes.RecordNote, extras.RecordRating, extras.ProductLimit, extras.ProductPhoto)
BODY = {"price": 1080, "purchase_date": "2025-04-01", "quantity": "1.000"}


@pytest.fixture(scope="module")
def shared_app(app_with_tables, plugins, settings):
    """Build the application with both plugins."""
    with app_with_tables((*plugins, notes.__name__, extras.__name__), MODELS, **settings) as app:
        yield app


@pytest.fixture
def database(app):
    """Return the application's database."""
    return Database.of(app.registry)


@pytest.fixture
def api(app, superuser, auth_headers):
    """Return a client that may do everything."""
    return Client(app, auth_headers(superuser))


@pytest.fixture
def record(api, make):
    """Return a function that adds a record by the API, and returns its document."""

    def record(**values):
        values = {"store_id": make.store().id, "product_id": make.product().id} | values
        return api.post_json("/api/shopping-records/", BODY | values, status=201).json

    return record


@pytest.fixture(autouse=True)
def calls():
    """Forget what was called in earlier tests."""
    notes.calls.clear()
    return notes.calls
