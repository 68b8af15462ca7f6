"""Pooled connections to PostgreSQL: what each is set to, and what happens when they break."""

import pytest
from sqlalchemy import NullPool, create_engine, event, text

from shoptrack.db import engines

pytestmark = pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)


@pytest.fixture
def end_all(database):
    """Return a function that ends all connections to the database, as its restart does."""
    url = database.url.set(database="postgres")
    server = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    # Each is waited for, 10 s at most: it ends only when its process gets to run.
    ended = text(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :name"
    )

    def end_all():
        with server.connect() as connection:
            connection.execute(ended, {"name": database.url.database})

    yield end_all
    database.dispose()  # Broken ones must not be left to the next test.


def test_every_connection_plans_in_the_order_that_is_written(database):
    for engine in (database.reads, database.engine):
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW join_collapse_limit")) == "1"
            assert connection.scalar(text("SHOW jit")) == "off"
            connection.rollback()
            assert connection.scalar(text("SHOW jit")) == "off"


def test_reading_opens_no_transaction_and_writing_does(database):
    """Also where both take the same connection of the pool, one after the other."""
    state = text("SELECT pg_current_xact_id_if_assigned() IS NULL, now() <> statement_timestamp()")
    for _ in range(2):
        with database.reads.connect() as connection:
            connection.execute(text("SELECT pg_sleep(0.01)"))
            assert connection.execute(state).one() == (True, False)
        with database.engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(0.01)"))
            assert connection.execute(state).one() == (True, True)
        with database.snapshot(10) as connection:
            level = text("SELECT current_setting('transaction_isolation')")
            assert connection.scalar(level) == "repeatable read"


@pytest.mark.parametrize("seconds", [0, 60], ids=["asked", "trusted"])
def test_reading_goes_on_over_a_new_connection(api, make, end_all, monkeypatch, seconds):
    make.category(name="Meat")
    monkeypatch.setattr(engines, "ALIVE_SECONDS", seconds)
    for path in ("/api/categories/", "/api/categories/?limit=1"):
        api.get(path)
        end_all()
        assert [row["name"] for row in api.get(path).json] == ["Meat"]


def test_a_connection_that_is_asked_breaks_no_change(api, end_all, monkeypatch):
    api.get("/api/categories/")
    monkeypatch.setattr(engines, "ALIVE_SECONDS", 0)
    end_all()
    api.post_json("/api/categories/", {"name": "Meat"}, status=201)


def test_a_change_whose_connection_breaks_is_not_tried_again(api, database, end_all):
    """It might have been made; the client knows best whether to send it once more."""
    (engine,) = database.engines
    tries = []

    def end_before_it(connection, cursor, statement, parameters, context, many):
        if statement.startswith("INSERT INTO categories"):
            tries.append(statement)
            end_all()

    event.listen(engine, "before_cursor_execute", end_before_it)
    try:
        answer = api.post_json("/api/categories/", {"name": "Meat"}, status=503)
    finally:
        event.remove(engine, "before_cursor_execute", end_before_it)
    assert "Retry-After" in answer.headers
    assert len(tries) == 1
    assert api.get("/api/categories/").json == []
