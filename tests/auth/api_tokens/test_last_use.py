"""When a token was last used: written once a minute, and never at the expense of a request."""

import logging
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import NullPool

from shoptrack.db import Database
from shoptrack.testing import capture_statements
from shoptrack_auth import api_token_last_uses
from shoptrack_auth.api_token_secrets import make_secret
from shoptrack_auth.models import get_utc_now

ROWS = "/api/categories/"


@pytest.fixture(autouse=True)
def last_uses(app, monkeypatch):
    """Return an application's memory that knows of no failure."""
    kind = api_token_last_uses.LastUses
    monkeypatch.setitem(app.registry, kind, kind(Database.of(app.registry)))
    return app.registry[kind]


@pytest.fixture
def count(database):
    """Return a function that counts the statements of a request that change tokens."""

    def count(client, status=200) -> int:
        with capture_statements(database) as statements:
            client.get(ROWS, status=status)
        return sum("UPDATE shoptrack_auth_api_tokens" in str(one) for one in statements)

    return count


def test_it_is_written_once_a_minute(script, count, rows, change_tokens):
    before = get_utc_now()
    assert count(script) == 1
    assert before <= rows()[0].last_used_at <= get_utc_now()
    assert count(script) == 0
    change_tokens(last_used_at=get_utc_now() - timedelta(seconds=58))
    assert count(script) == 0
    change_tokens(last_used_at=get_utc_now() - timedelta(seconds=60))
    assert count(script) == 1
    assert rows()[0].last_used_at >= before


def test_a_wrong_clocks_time_is_replaced(script, count, rows, change_tokens):
    change_tokens(last_used_at=get_utc_now() + timedelta(days=900))
    assert count(script) == 1
    assert rows()[0].last_used_at <= get_utc_now()


def test_a_request_that_is_refused_is_a_use_and_one_of_an_expired_token_is_none(
    new_token, with_token, rows, expire, count
):
    reader = with_token(new_token("read"))
    expire()
    assert count(reader, 401) == 0
    assert rows()[0].last_used_at is None
    with_token(new_token("read")).post_json(ROWS, {"name": "Meat"}, status=403)
    assert rows()[1].last_used_at


def test_a_writer_is_not_waited_for(script, database, count, rows, caplog, last_uses):
    """SQLite's write lock is taken, or on PostgreSQL the token's row is locked, as by a revocation."""
    caplog.set_level(logging.INFO)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE shoptrack_auth_api_tokens SET name = 'other'"))
        started = monotonic()
        assert count(script) == 1
        assert monotonic() - started < database.statement_seconds / 2
    assert rows()[0].last_used_at is None
    if database.is_sqlite:
        assert "The last use of an API token was not stored: database is locked" in caplog.text
        assert count(script) == 0, "not again within a minute"
        last_uses._paused_until = 0.0
    assert count(script) == 1
    assert rows()[0].last_used_at


@pytest.mark.database("sqlite")
def test_the_connection_waits_for_other_locks_as_before(script, database):
    with database.read_engine.connect() as connection:
        usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert usual
    script.get(ROWS)
    with database.read_engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == usual


@contextmanager
def read_only(database):
    """Let a database take no changes, as a standby does, or a SQLite file that may only be read."""
    database.dispose()
    if database.is_sqlite:
        state = "on"

        @event.listens_for(database.read_engine, "connect")
        def connect(connection, record):
            connection.execute(f"PRAGMA query_only = {state}")

        yield
        state = "off"
        database.dispose()
        return
    url = database.url.set(database="postgres")
    server = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    setting = f"ALTER DATABASE {database.url.database} SET default_transaction_read_only = "
    with server.connect() as connection:
        connection.execute(text(f"{setting}on"))
    try:
        yield
    finally:
        database.dispose()
        with server.connect() as connection:
            connection.execute(text(f"{setting}off"))


def test_a_database_that_takes_no_changes_is_read_and_asked_once_a_minute(
    script, client, database, count, rows, last_uses
):
    with read_only(database):
        assert count(script) == 1
        assert count(script) == 0
        # Nor is an unknown token answered by another error because it cannot be counted.
        client.get(ROWS, headers={"Authorization": f"Bearer {make_secret()}"}, status=401)
    assert rows()[0].last_used_at is None
    last_uses._paused_until = 0.0
    assert count(script) == 1
    assert rows()[0].last_used_at
