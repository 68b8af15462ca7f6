"""The core without any plugin: nobody can sign in, and so everything is shut, not open."""

import itertools

import pytest

from shoptrack.db import Database
from shoptrack.testing import Client, make_test_app, upgrade_database

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture(scope="module")
def core(new_database):
    app = make_test_app(new_database())
    upgrade_database(app)
    yield Client(app)
    Database.of(app.registry).dispose()


VERBS = [("GET", ""), ("POST", ""), ("GET", "1/"), ("PUT", "1/"), ("PATCH", "1/"), ("DELETE", "1/")]


def test_every_resource_is_shut(core, url):
    for headers, (method, id) in itertools.product(({}, {"Authorization": "Bearer abc"}), VERBS):
        answer = core.request(f"{url}{id}", method=method, headers=headers, status=401)
        assert answer.json == {"detail": "Authentication credentials were not provided."}


def test_the_front_door_is_open(core, path):
    assert core.get("/api/", status=200).json[path] == f"http://localhost/api/{path}/"


def test_there_is_nowhere_to_sign_in(core):
    core.post_json("/api/auth/token/", {"username": "ken", "password": "x"}, status=404)
