"""An application whose plugins extend shopping records and products."""

import pytest

from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineages
from shoptrack.testing import Client, make_test_app, upgrade_database

from . import extras, notes

MODELS = (notes.RecordNote, extras.RecordRating, extras.ProductLimit)
BODY = {"price": 1080, "purchase_date": "2025-04-01", "quantity": "1.000"}


@pytest.fixture(scope="session", params=["notes first", "notes last"])
def both(request):
    """Name both plugins, in either order."""
    names = (notes.__name__, extras.__name__)
    return names if request.param == "notes first" else names[::-1]


@pytest.fixture(scope="module")
def shared_app(new_database, plugins, settings):
    """Build the application with both plugins."""
    app = make_test_app(new_database(), (*plugins, notes.__name__, extras.__name__), **settings)
    database = Database.of(app.registry)
    migrations.migrate(database, Lineages.of(app.registry).values())
    with database.engine.begin() as connection:
        for model in MODELS:
            model.__table__.create(connection)
    upgrade_database(app)
    yield app
    database.dispose()


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
