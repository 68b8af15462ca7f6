"""A statement that takes too long is given up, and who asked for it is told so."""

import time

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from shoptrack.cli import Environment
from shoptrack.db import Database, statement_timeout
from shoptrack.db.database_errors import LOCK_TIMEOUT, STATEMENT_TIMEOUT, convert_database_error
from shoptrack.db.migrations import open_exclusive_transaction

SECONDS = 0.6  # more than any other statement takes on a machine with much to do
COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to}) SELECT {what} FROM n"
ENDLESS = text(COUNT.format(to=10**10, what="count(*)"))
THREE_ROWS = text(COUNT.format(to=3, what="i"))
INI = """
[app:main]
use = egg:shoptrack
shoptrack.debug = true
shoptrack.database_url = sqlite:///never-opened.sqlite3
shoptrack.statement_seconds = 5
"""


@pytest.fixture
def limited(database, monkeypatch):
    """Give new connections of the database a limit, and look at SQLite's clock more often."""
    monkeypatch.setattr(statement_timeout, "STEPS_PER_CHECK", 10_000)
    monkeypatch.setattr(database, "statement_seconds", SECONDS)
    database.dispose()
    yield database
    monkeypatch.undo()
    database.dispose()


@pytest.fixture
def pass_limit(limited, monkeypatch):
    """Return a function that lets more time pass than a statement may take.

    SQLite's limit goes by a clock that stands still otherwise, and that is looked at in each step.
    PostgreSQL goes by its own.
    """
    if not limited.is_sqlite:
        return lambda: time.sleep(SECONDS * 1.5)
    now = 0.0
    monkeypatch.setattr(statement_timeout, "monotonic", lambda: now)
    monkeypatch.setattr(statement_timeout, "STEPS_PER_CHECK", 1)

    def pass_limit():
        nonlocal now
        now += SECONDS * 1.5

    return pass_limit


@pytest.fixture
def others_change(database):
    """Hold what a change of a category needs, from outside of the application."""
    statement = "BEGIN IMMEDIATE" if database.is_sqlite else "LOCK TABLE categories"
    arguments = {"isolation_level": None} if database.is_sqlite else {}
    engine = create_engine(database.url, poolclass=NullPool, connect_args=arguments)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
        yield
        connection.rollback()


def test_a_statement_is_given_up_and_its_connection_goes_on(limited):
    for engine in (limited.read_engine, limited.engine):
        with engine.connect() as connection:
            with pytest.raises(OperationalError) as refused:
                connection.execute(ENDLESS).all()
            assert convert_database_error(refused.value).detail == STATEMENT_TIMEOUT
            connection.rollback()
            assert connection.execute(THREE_ROWS).scalars().all() == [1, 2, 3]


def test_a_change_that_waits_for_another_is_told_to_come_again(api, limited, others_change):
    answer = api.post_json("/api/categories/", {"name": "Meat"}, status=503)
    assert answer.json["detail"] == (LOCK_TIMEOUT if limited.is_sqlite else STATEMENT_TIMEOUT)
    assert int(answer.headers["Retry-After"]) > 0


def test_nothing_of_it_is_left(api, limited, request):
    request.getfixturevalue("others_change")
    api.post_json("/api/categories/", {"name": "Meat"}, status=503)
    assert limited.engine.pool.checkedout() == 0


def test_what_is_read_bit_by_bit_may_wait_for_its_reader(limited, pass_limit):
    with limited.snapshot(1) as connection:
        rows = iter(connection.execute(THREE_ROWS))
        first = next(rows)[0]
        pass_limit()
        assert [first, *(row[0] for row in rows)] == [1, 2, 3]


@pytest.mark.parametrize("end", ["commit", "rollback"])
@pytest.mark.database("sqlite")
def test_the_end_of_a_transaction_is_no_part_of_its_last_statement(limited, pass_limit, end):
    with limited.engine.connect() as connection:
        connection.execute(text("UPDATE categories SET name = 'Meat'"))
        pass_limit()
        getattr(connection, end)()


@pytest.mark.database("postgresql")  # a command lifts SQLite's limit before it connects
def test_migrations_take_as_long_as_they_take(limited):
    with open_exclusive_transaction(limited) as connection:
        connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": SECONDS * 1.5})


def test_commands_have_no_limit(tmp_path):
    path = tmp_path / "some.ini"
    path.write_text(INI)
    environment = Environment(str(path))
    assert Database.of(environment.registry).statement_seconds is None
    environment.close()
