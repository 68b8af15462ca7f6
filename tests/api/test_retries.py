"""A transaction that the database gives up for another one's sake is tried again."""

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy import text

from shoptrack.catalog.models import Unit
from shoptrack.db import Database
from shoptrack.rest.service import Service
from shoptrack.testing import Client, make_test_app, upgrade_database

pytestmark = pytest.mark.database("postgresql")

GIVEN_UP = ("40001", "40P01")  # a serialization failure, a deadlock


def fail_at_first(request) -> dict:
    """Write, and have the database give up as often as the request says."""
    body = request.json_body
    request.db.add(Unit(name="once"))
    request.db.flush()
    if request.environ["retry.attempt"] < body["failures"]:
        request.db.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{body['state']}'; END $$"))
    return {"attempt": request.environ["retry.attempt"]}


def includeme(config):
    service = Service("given_up", "/api/given-up/")
    service.add_view("POST", fail_at_first, permission=NO_PERMISSION_REQUIRED)
    config.add_service(service)


@pytest.fixture
def client(new_database):
    app = make_test_app(new_database(), (__name__,))
    upgrade_database(app)
    yield Client(app)
    Database.of(app.registry).dispose()


def units(client) -> int:
    with Database.of(client.app.registry).read_engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM units"))


@pytest.mark.parametrize("state", GIVEN_UP)
def test_it_succeeds_in_the_end_and_writes_once(client, state):
    answer = client.post_json("/api/given-up/", {"failures": 2, "state": state})
    assert answer.json == {"attempt": 2}
    assert units(client) == 1


def test_after_three_tries_the_client_is_asked_to_come_again(client):
    body = {"failures": 3, "state": GIVEN_UP[0]}
    answer = client.post_json("/api/given-up/", body, status=503)
    assert "Retry-After" in answer.headers
    assert units(client) == 0
