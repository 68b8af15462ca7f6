"""What breaks inside is answered 500: with the request's id, and nothing of the inside."""

import logging

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy import text

from shoptrack.catalog.models import Unit
from shoptrack.db import Database
from shoptrack.rest.service import Service
from shoptrack.testing import Client, make_test_app, upgrade_database

SECRET = "the inside"


def fail(request):
    raise RuntimeError(SECRET)


def write_and_fail(request):
    request.db.add(Unit(name="half done"))
    request.db.flush()
    raise RuntimeError(SECRET)


def ask_nonsense(request):
    request.db.execute(text("SELECT secret FROM categories"))


def recurse(request):
    return recurse(request)


def answer_what_is_no_json(request):
    return {"what": object()}


VIEWS = [fail, write_and_fail, ask_nonsense, recurse, answer_what_is_no_json]


def includeme(config):
    for view in VIEWS:
        service = Service(view.__name__, f"/api/{view.__name__}/")
        service.add_view("POST", view, permission=NO_PERMISSION_REQUIRED)
        config.add_service(service)


@pytest.fixture(scope="module")
def failing(new_database):
    """Return a client of an application with a plugin whose views fail."""
    app = make_test_app(new_database(), (__name__,))
    upgrade_database(app)
    yield Client(app)
    Database.of(app.registry).dispose()


@pytest.mark.parametrize("view", VIEWS)
def test_a_failure_is_answered_500_with_the_requests_id(failing, caplog, view):
    with caplog.at_level(logging.ERROR, "shoptrack"):
        answer = failing.post(f"/api/{view.__name__}/", status=500)
    assert answer.content_type == "application/json"
    assert list(answer.json) == ["detail", "request_id"]
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert "inside" not in answer.text
    assert "secret" not in answer.text
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_what_was_written_before_the_failure_is_rolled_back(failing):
    failing.post("/api/write_and_fail/", status=500)
    with Database.of(failing.app.registry).read_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM units")).scalar() == 0


@pytest.mark.database("sqlite")
def test_the_next_request_is_served(failing):
    failing.post("/api/ask_nonsense/", status=500)
    failing.get("/api/", status=200)
