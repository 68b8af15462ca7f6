"""An application that bears few failures, and ways to fail."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shoptrack.testing import Client
from shoptrack_auth.models import FailedAttempt
from shoptrack_auth.throttle import IN_NETWORK

PATH = "/api/auth/token/"
HOME, AWAY = "192.0.2.1", "198.51.100.9"


@pytest.fixture
def throttled(build_app):
    """Build an application that bears three failures a name, and five an address."""
    return build_app(
        shoptrack__failures_per_name="3",
        shoptrack__failures_per_address="5",
        shoptrack__token_failures_per_address="4",
        shoptrack__failure_window_seconds="600",
        shoptrack__trusted_proxies="10.0.0.0/8",
    )


@pytest.fixture
def attempt(throttled):
    """Return a function that tries to sign in, and returns the answer."""

    def attempt(username="ken", password="wrong", address=HOME, **environ):
        client = Client(throttled, extra_environ={"REMOTE_ADDR": address, **environ})
        body = {"username": username, "password": password}
        return client.post_json(PATH, body, status="*")

    return attempt


@pytest.fixture
def attempts(attempt):
    """Return a function that tries several times, and returns the statuses."""

    def attempts(times, *arguments, **named):
        return [attempt(*arguments, **named).status_int for _ in range(times)]

    return attempts


@pytest.fixture
def failures(database):
    """Return a function that reads all failures, oldest first, without what networks are counted by."""

    def failures():
        with database.read_engine.connect() as connection:
            told = select(FailedAttempt.__table__).where(FailedAttempt.kind.in_(IN_NETWORK))
            return connection.execute(told.order_by(FailedAttempt.id)).all()

    return failures


@pytest.fixture
def age(database):
    """Return a function that makes all failures older."""

    def age(seconds):
        with database.engine.begin() as connection:
            for id, at in connection.execute(select(FailedAttempt.id, FailedAttempt.at)).all():
                older = update(FailedAttempt).where(FailedAttempt.id == id)
                connection.execute(older.values(at=at - timedelta(seconds=seconds)))

    return age
