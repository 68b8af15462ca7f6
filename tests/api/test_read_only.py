"""A database that takes no changes: what it holds is served, changes are told so, and `/readyz` says what fails."""

import logging
import subprocess
from contextlib import contextmanager

import pytest
from sqlalchemy import NullPool, create_engine, text

from shoptrack.db import Database
from shoptrack.db.database_errors import READ_ONLY, UNREACHABLE
from shoptrack.testing import Client, identity, make_test_app, upgrade_database
from shoptrack.web.refusal_log import RefusalLog

on_sqlite = pytest.mark.database("sqlite")
IDENTITY = {"pyramid.includes": identity.__name__}
PERMISSIONS = ("units:view", "units:add", "units:delete")
UNIT = {"name": "g"}
READY = {"database": "ok", "database_writes": "ok", "migrations": "ok"}


def run(*command):
    """Run what takes rights, and skip the test where there are none."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"{command[0]} cannot be used here: {done.stderr.strip()}")


@contextmanager
def immutable_file(path):
    """Forbid everybody, root too, to write to a file."""
    run("chattr", "+i", path)
    try:
        yield
    finally:
        run("chattr", "-i", path)


@contextmanager
def read_only_mount(folder):
    """Mount a folder where it is, so that it can only be read."""
    run("mount", "--bind", folder, folder)
    try:
        run("mount", "-o", "remount,ro,bind", folder)
        yield
    finally:
        run("umount", "--lazy", folder)


@contextmanager
def read_only_server(database):
    """Let new connections to a PostgreSQL database begin transactions that only read."""
    server = create_engine(
        database.url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    setting = f"ALTER DATABASE {database.url.database} SET default_transaction_read_only = "
    with server.connect() as connection:
        connection.execute(text(f"{setting}on"))
    try:
        yield
    finally:
        with server.connect() as connection:
            connection.execute(text(f"{setting}off"))


@pytest.fixture(scope="module")
def application(new_database):
    app = make_test_app(new_database(), **IDENTITY)
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


def sign_in(application):
    """Return a client of somebody who may view, add and delete units."""
    return Client(application, identity.make_headers(1, PERMISSIONS))


@pytest.fixture
def client(application):
    return sign_in(application)


@pytest.fixture
def database(application):
    """Return the database, with no connection that was opened before the test, and nothing that was logged."""
    application.registry[RefusalLog] = RefusalLog()  # which gives a refusal one line a second
    database = Database.of(application.registry)
    database.dispose()
    return database


@pytest.fixture
def read_only(database):
    """Return a context in which the database takes no changes."""
    if database.is_sqlite:
        return immutable_file(database.url.database)
    return read_only_server(database)


def test_what_it_holds_is_served_and_changes_are_told_so(read_only, client, database, caplog):
    with read_only, caplog.at_level(logging.WARNING):
        client.get("/api/units/", status=200)
        answer = client.post_json("/api/units/", UNIT, status=503)
        assert answer.json["detail"] == READ_ONLY
        assert int(answer.headers["Retry-After"]) > 0
        ready = client.get("/readyz", status=503)
        assert ready.json["checks"] == READY | {"database_writes": "failed"}
    reason = (
        f"{database.url.database} can only be read" if database.is_sqlite else "it is a standby"
    )
    assert reason in caplog.text
    assert "Traceback" not in caplog.text


def test_it_is_used_again_without_a_restart_once_it_takes_changes(read_only, client):
    with read_only:
        client.post_json("/api/units/", UNIT, status=503)
    assert client.get("/readyz", status=200).json["checks"] == READY
    id = client.post_json("/api/units/", UNIT, status=201).json["id"]
    client.delete(f"/api/units/{id}/", status=204)


@on_sqlite
def test_a_file_that_another_process_writes_to_is_ready(client, database):
    with database.engine.connect() as other:
        other.exec_driver_sql("SELECT 1")  # holds the lock
        assert client.get("/readyz", status=200).json["checks"] == READY


def test_asking_changes_nothing_and_leaves_no_lock(client, database):
    if database.is_sqlite:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA user_version = 7")
    client.get("/readyz", status=200)
    with database.engine.begin() as connection:
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA user_version").scalar() == 7
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 20_000


@on_sqlite
def test_a_folder_that_can_only_be_read_is_named(new_database, tmp_path, caplog):
    folder = tmp_path / "folder"
    folder.mkdir()
    url = new_database().set(database=str(folder / "shoptrack.sqlite3"))
    app = make_test_app(url, **IDENTITY)
    upgrade_database(app)
    Database.of(app.registry).dispose()
    client = sign_in(app)
    with read_only_mount(folder), caplog.at_level(logging.WARNING):
        assert client.get("/api/units/", status=503).json["detail"] == UNREACHABLE
        assert client.get("/readyz", status=503).json["checks"]["database"] == "failed"
        assert f"The folder {folder} cannot be written" in caplog.text
        Database.of(app.registry).dispose()
    client.get("/api/units/", status=200)
    Database.of(app.registry).dispose()


@on_sqlite
def test_an_address_that_says_so_is_named(database, caplog):
    database.dispose()
    query = {"mode": "ro", "uri": "true"}
    url = database.url.set(database=f"file:{database.url.database}", query=query)
    app = make_test_app(url, **IDENTITY)
    client = sign_in(app)
    with caplog.at_level(logging.WARNING):
        client.get("/api/units/", status=200)
        assert client.post_json("/api/units/", UNIT, status=503).json["detail"] == READ_ONLY
    assert "as its address says mode=ro" in caplog.text
    Database.of(app.registry).dispose()
