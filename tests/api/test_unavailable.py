"""While the database is away requests are answered 503, and served again once it is back."""

import os

import pytest
from sqlalchemy import NullPool, create_engine, text

from shoptrack.db import Database
from shoptrack.testing import Client, make_test_app, upgrade_database
from shoptrack_auth import users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.user_management import OPERATOR

KEN = {"username": "ken", "password": "correct horse battery staple"}


class SQLiteFile:
    """Takes a SQLite file away, and puts something in its place that is no file."""

    def __init__(self, database):
        self._database = database
        self._path = database.url.database

    def take_away(self):
        self._database.dispose()
        os.rename(self._path, f"{self._path}.away")
        os.mkdir(self._path)

    def give_back(self):
        os.rmdir(self._path)
        os.rename(f"{self._path}.away", self._path)


class PostgreSQLDatabase:
    """Throws everybody out of a PostgreSQL database, and lets nobody in."""

    def __init__(self, database):
        self._name = database.url.database
        self._server = create_engine(
            database.url.set(database="postgres"),
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
        )

    def _execute(self, statement, **values):
        with self._server.connect() as connection:
            connection.execute(text(statement), values)

    def take_away(self):
        self._execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        self._execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name",
            name=self._name,
        )

    def give_back(self):
        self._execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")


@pytest.fixture(scope="module")
def application(new_database):
    app = make_test_app(new_database(), ("shoptrack_auth",))
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture(scope="module")
def signed_in(application):
    """Return a client of somebody who signed in while the database was there."""
    registry = application.registry
    with Database.of(registry).session() as db, db.begin():
        users.create(db, registry[UserPasswordHasher], **KEN, by=OPERATOR, force=True)
    access = Client(application).post_json("/api/auth/token/", KEN).json["access"]
    return Client(application, extra_environ={"HTTP_AUTHORIZATION": f"Bearer {access}"})


@pytest.fixture
def away(application, signed_in):
    """Take the database away for the time of a test."""
    database = Database.of(application.registry)
    signed_in.get("/api/units/", status=200)
    parts = (SQLiteFile if database.is_sqlite else PostgreSQLDatabase)(database)
    parts.take_away()
    yield parts
    parts.give_back()
    signed_in.get("/api/units/", status=200)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/units/"),
        ("GET", "/api/units/1/"),
        ("POST", "/api/units/"),
        ("PUT", "/api/units/1/"),
        ("PATCH", "/api/units/1/"),
        ("DELETE", "/api/units/1/"),
    ],
)
@pytest.mark.usefixtures("away")
def test_signed_in_callers_are_told_to_come_again(signed_in, method, path):
    answer = signed_in.request(path, method=method, status=503)
    assert answer.content_type == "application/json"
    assert list(answer.json) == ["detail", "request_id"]
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert int(answer.headers["Retry-After"]) > 0
    for inside in ("sqlite", "psycopg", "SELECT", "test_"):
        assert inside not in answer.text


@pytest.mark.usefixtures("away")
def test_what_needs_no_database_is_served(application):
    anonymous = Client(application)
    anonymous.get("/api/", status=200)
    anonymous.get("/api/units/", status=401)
    anonymous.get("/api/nothing/", status=404)
    anonymous.get("/healthz", status=200)
    anonymous.get("/readyz", status=503)


@pytest.mark.usefixtures("away")
def test_signing_in_is_told_to_come_again(application):
    answer = Client(application).post_json("/api/auth/token/", KEN, status=503)
    assert "Retry-After" in answer.headers
