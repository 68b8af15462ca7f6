"""Slow statements are logged."""

import logging

import pytest

from shoptrack.db import Database
from shoptrack.testing import make_test_app

LOG = "shoptrack.db.slow_queries"
SLOW = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)\n"
        "SELECT max(i) FROM n WHERE i <> ?"
    ),
    "postgresql": "SELECT pg_sleep(0.05)\nWHERE 'x' <> %s",
}


@pytest.fixture
def database_with(new_database):
    """Return a function that returns a database whose slow statements are logged."""
    made = []

    def database_with(seconds: str) -> Database:
        app = make_test_app(new_database(), shoptrack__slow_query_seconds=seconds)
        made.append(Database.of(app.registry))
        return made[-1]

    yield database_with
    for database in made:
        database.dispose()


def run(database: Database) -> None:
    for engine in (database.engine, database.read_engine):
        with engine.connect() as connection:
            slow = SLOW[database.url.get_backend_name()]
            connection.exec_driver_sql(slow, ("hunter2",)).all()


def test_a_slow_statement_is_logged_on_one_line_without_its_parameters(database_with, caplog):
    with caplog.at_level(logging.WARNING, LOG):
        run(database_with("0.02"))
    messages = [record.getMessage() for record in caplog.records if record.name == LOG]
    assert len(messages) == 2
    for message in messages:
        assert message.startswith("A statement took 0.")
        assert " s: " in message
        assert "\n" not in message
        assert "hunter2" not in message


@pytest.mark.parametrize("seconds", ["0", "60"])
def test_others_are_not(database_with, caplog, seconds):
    with caplog.at_level(logging.WARNING, LOG):
        run(database_with(seconds))
    assert not [record for record in caplog.records if record.name == LOG]


def test_an_endless_statement_floods_no_log(database_with, caplog):
    with (
        caplog.at_level(logging.WARNING, LOG),
        database_with("0.000001").read_engine.connect() as connection,
    ):
        connection.exec_driver_sql("SELECT '" + "x" * 200_000 + "'").all()
    (message,) = (record.getMessage() for record in caplog.records if record.name == LOG)
    assert len(message) < 2100
