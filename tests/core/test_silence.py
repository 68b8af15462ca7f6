"""A connection to PostgreSQL whose answer takes longer than the server itself would let it is thrown away."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shoptrack.db import Database, server_timeouts
from shoptrack.db.database_errors import UNREACHABLE, convert_database_error, is_disconnect

pytestmark = pytest.mark.database("postgresql")
SLEEP = text("SELECT pg_sleep(30)")


@pytest.fixture
def limited(database, monkeypatch):
    """Let new connections wait for answers for a moment only, while the server itself has no limit."""
    monkeypatch.setattr(database, "statement_seconds", 0.2)
    monkeypatch.setattr(server_timeouts, "GRACE_SECONDS", 0.1)
    database.dispose()
    yield database
    monkeypatch.undo()
    database.dispose()


def test_who_waits_too_long_is_told_that_the_database_is_away(limited):
    for engine in (limited.read_engine, limited.engine):
        with engine.connect() as connection:
            connection.execute(text("SET statement_timeout = 0"))
            with pytest.raises(OperationalError, match="no answer in 0.3 seconds") as silent:
                connection.execute(SLEEP)
            assert convert_database_error(silent.value).detail == UNREACHABLE
            assert not is_disconnect(silent.value)
            assert connection.invalidated
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1


def test_a_connection_that_does_not_answer_after_its_rest_is_not_waited_for(limited, monkeypatch):
    with limited.read_engine.connect() as connection:
        driver = connection.connection.driver_connection
        usual = driver.answer_seconds
        monkeypatch.setattr(server_timeouts, "PING_SECONDS", 0.05)
        with pytest.raises(server_timeouts.ServerTimeout, match=r"0\.05"), driver.ping():
            driver.execute("SELECT pg_sleep(30)")
        assert driver.answer_seconds == usual


def test_commands_wait_for_as_long_as_it_takes(database):
    command = Database(database.url)
    with command.read_engine.connect() as connection:
        assert connection.connection.driver_connection.answer_seconds is None
    command.dispose()


def test_the_address_may_say_how_soon_a_machine_is_missed(database):
    url = database.url.update_query_dict({"tcp_user_timeout": "2000"})
    named = Database(url)
    with named.read_engine.connect() as connection:
        told = connection.connection.driver_connection.info.get_parameters()
    named.dispose()
    assert told["tcp_user_timeout"] == "2000"
    assert told["keepalives_idle"] == "15"
