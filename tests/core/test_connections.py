"""Pooled connections: what each is set to, and what happens when they break."""

import sqlite3
from contextlib import closing
from time import monotonic

import pytest
from sqlalchemy import NullPool, create_engine, event, text
from sqlalchemy.exc import IntegrityError

from shoptrack import make_app
from shoptrack.db import Database, engines
from shoptrack.settings import Sources
from shoptrack.testing import SECRET_KEY

on_sqlite = pytest.mark.database("sqlite")
on_postgresql = pytest.mark.database("postgresql")
REST_SECONDS = 2  # after which a connection is asked before it is used


# ---- SQLite -------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("foreign_keys", 1), ("journal_mode", "wal")],
)
def test_every_connection_keeps_its_data_together(database, pragma, value):
    for engine in (database.read_engine, database.engine):
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


@on_sqlite
@pytest.mark.parametrize(
    ("ini", "value"),
    # A power cut costs nothing with `full` (2), the last changes with `normal` (1), and everything with `off` (0).
    [({"shoptrack.sqlite_synchronous": "normal"}, 1), ({}, 2)],
    ids=["normal", "default"],
)
def test_every_connection_waits_for_the_disk_as_the_setting_says(database, ini, value):
    url = database.url.render_as_string(hide_password=False)
    ini = {"shoptrack.database_url": url, "shoptrack.secret_key": SECRET_KEY, **ini}
    app = make_app(Sources(ini=ini, environ={}, dotenv_path=None))
    database = Database.of(app.registry)
    for engine in (database.read_engine, database.engine):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == value
    database.dispose()


@on_sqlite
def test_a_commit_that_fails_leaves_no_lock(database):
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = on")
        connection.exec_driver_sql(
            "INSERT INTO products (name, category_id, unit_id) VALUES ('Beef', 1, 1)"
        )
        with pytest.raises(IntegrityError):
            connection.commit()
    with closing(sqlite3.connect(database.url.database, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")


# ---- PostgreSQL ---------------------------------------------------------------------------------


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


@pytest.fixture
def rest(monkeypatch):
    """Stop the clock that pooled connections rest by, and return a function that moves it."""
    now = monotonic()
    monkeypatch.setattr(engines, "monotonic", lambda: now)

    def rest(seconds):
        nonlocal now
        now += seconds

    return rest


@on_postgresql
def test_every_connection_plans_in_the_order_that_is_written(database):
    for engine in (database.read_engine, database.engine):
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW join_collapse_limit")) == "1"
            assert connection.scalar(text("SHOW jit")) == "off"
            connection.rollback()
            assert connection.scalar(text("SHOW jit")) == "off"


@on_postgresql
def test_reading_opens_no_transaction_and_writing_does(database):
    """Also where both take the same connection of the pool, one after the other."""
    state = text("SELECT pg_current_xact_id_if_assigned() IS NULL, now() <> statement_timestamp()")
    for _ in range(2):
        with database.read_engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(0.01)"))
            assert connection.execute(state).one() == (True, False)
        with database.engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(0.01)"))
            assert connection.execute(state).one() == (True, True)
        with database.snapshot(10) as connection:
            level = text("SELECT current_setting('transaction_isolation')")
            assert connection.scalar(level) == "repeatable read"


@on_postgresql
@pytest.mark.parametrize("seconds", [REST_SECONDS, 0], ids=["asked", "trusted"])
def test_reading_goes_on_over_a_new_connection(api, make, end_all, rest, seconds):
    make.category(name="Meat")
    for path in ("/api/categories/", "/api/categories/?limit=1"):
        api.get(path)
        rest(seconds)
        end_all()
        assert [row["name"] for row in api.get(path).json] == ["Meat"]


@on_postgresql
def test_a_connection_that_is_asked_breaks_no_change(api, end_all, rest):
    api.get("/api/categories/")
    rest(REST_SECONDS)
    end_all()
    api.post_json("/api/categories/", {"name": "Meat"}, status=201)


@on_postgresql
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
