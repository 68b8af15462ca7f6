"""A transaction that the database gives up for another one's sake is tried again."""

from io import TextIOWrapper

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy import text

from shoptrack.catalog.models import Unit
from shoptrack.db import Database
from shoptrack.rest.service import Service
from shoptrack.testing import Client, make_test_app, upgrade_database

pytestmark = pytest.mark.database("postgresql")

GIVEN_UP = ("40001", "40P01")  # a serialization failure, a deadlock
LONG = 100_000  # bytes, more than stay in memory


def fail_at_first(request) -> dict:
    """Write, and have the database give up as often as the request says."""
    body = request.json_body
    request.db.add(Unit(name="once"))
    request.db.flush()
    if request.environ["retry.attempt"] < body["failures"]:
        request.db.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{body['state']}'; END $$"))
    return {"attempt": request.environ["retry.attempt"]}


def fail_after_reading(request) -> dict:
    """Read a file to its end, which closes it, and have the database give up once."""
    length = len(TextIOWrapper(request.body_file, "ascii").read())
    request.db.execute(text("SELECT 1"))
    if request.environ["retry.attempt"] == 0:
        request.db.execute(text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))
    return {"attempt": request.environ["retry.attempt"], "length": length}


def includeme(config):
    service = Service("given_up", "/api/given-up/")
    service.add_view("POST", fail_at_first, permission=NO_PERMISSION_REQUIRED)
    config.add_service(service)
    files = Service("files", "/api/files/")
    files.add_view(
        "POST",
        fail_after_reading,
        accepts="text/csv",
        max_body_size=LONG,
        permission=NO_PERMISSION_REQUIRED,
    )
    config.add_service(files)


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


@pytest.mark.parametrize("length", [10, LONG])
def test_a_file_is_read_again_from_its_beginning(client, length):
    answer = client.post("/api/files/", b"x" * length, {"Content-Type": "text/csv"})
    assert answer.json == {"attempt": 1, "length": length}
