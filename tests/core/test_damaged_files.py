"""A SQLite file that is damaged, or whose ``-wal`` was left: a sentence with its path, and no row is lost silently."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, select, text

from shoptrack.catalog.models import Store
from shoptrack.cli import Environment
from shoptrack.cli.backup.commands import backup
from shoptrack.cli.commands import check, migrate
from shoptrack.db import Database
from shoptrack.db.database_errors import DAMAGED
from shoptrack.testing import Client, identity, make_test_app, upgrade_database

pytestmark = pytest.mark.database("sqlite")

PAGE_SIZE_AT, READ_VERSION_AT = 16, 19  # in the header
STORES = 2_000
MARK = "x" * 90  # what pages of stores have, and no others


def open_app(path):
    """Return an application on a file, with its database."""
    app = make_test_app(
        URL.create("sqlite", database=str(path)), **{"pyramid.includes": identity.__name__}
    )
    return app, Database.of(app.registry)


@pytest.fixture
def path(tmp_path) -> Path:
    """Return the path of a database with many stores, which no connection has open."""
    path = tmp_path / "shop.sqlite3"
    app, database = open_app(path)
    upgrade_database(app)
    add_stores(database, map(str, range(STORES)))
    database.dispose()
    return path


def add_stores(database, names):
    with database.session() as db, db.begin():
        db.add_all(Store(name=name, location=MARK) for name in names)


def count_stores(path) -> int:
    _app, database = open_app(path)
    with database.read_engine.connect() as connection:
        count = len(connection.scalars(select(Store.id)).all())
    database.dispose()
    return count


def overwrite(path, at, data):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def damage_stores(path):
    """Overwrite the pages that hold stores."""
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = path.read_bytes()
    for at in range(size, len(content), size):
        if MARK.encode() in content[at : at + size]:
            overwrite(path, at, b"\xff" * size)


def run(command, path, *arguments):
    """Run a command on a file, and return its result; what it raised beside an exit is raised."""
    app, database = open_app(path)
    environment = Environment(None)
    environment.registry = app.registry
    result = CliRunner().invoke(command, list(arguments), obj=environment)
    database.dispose()
    if not isinstance(result.exception, SystemExit | None):
        raise result.exception
    return result


@pytest.mark.parametrize("command", [check, migrate, backup])
@pytest.mark.parametrize(
    ("at", "data"),
    [(0, b"Nothing that is any good"), (PAGE_SIZE_AT, b"\x03\x03"), (READ_VERSION_AT, b"\x09")],
    ids=["magic", "page size", "version"],
)
def test_a_damaged_header_is_a_sentence_with_the_path(path, tmp_path, command, at, data):
    overwrite(path, at, data)
    arguments = [str(tmp_path / "all.zip")] if command is backup else []
    result = run(command, path, *arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: The database cannot be used: file is not a database")
    assert f"{path} is no SQLite file, or its header is damaged." in result.output


def test_a_damaged_page_does_not_pass_the_check(path):
    assert run(check, path).output == "The models and the database agree.\n"
    damage_stores(path)
    result = run(check, path)
    assert result.exit_code == 1
    assert f"{path} is damaged" in result.output
    assert "restore a backup" in result.output


def test_a_damaged_page_is_a_sentence_for_clients_and_for_the_log(path, caplog):
    damage_stores(path)
    app, database = open_app(path)
    client = Client(app, identity.make_headers(1, ("stores:view",)))
    assert client.get("/api/stores/", status=503).json["detail"] == DAMAGED
    database.dispose()
    assert f"{path} is damaged" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.fixture
def in_use(path):
    """Add a store that only the ``-wal`` holds, as long as the file stays open."""
    _app, database = open_app(path)
    with database.read_engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM stores LIMIT 1"))
        add_stores(database, "l")
        yield path
    database.dispose()


def test_a_copy_without_its_wal_lacks_rows_and_one_by_backup_has_all(in_use, tmp_path):
    copy, whole = tmp_path / "copy.sqlite3", tmp_path / "whole.sqlite3"
    shutil.copy(in_use, copy)
    with (
        closing(sqlite3.connect(in_use)) as source,
        closing(sqlite3.connect(whole)) as target,
    ):
        source.backup(target)  # what `sqlite3 FILE ".backup copy"` does
    assert count_stores(copy) == STORES
    assert count_stores(whole) == STORES + 1


def test_a_wal_that_was_left_behind_is_told_once(in_use, tmp_path):
    copy = tmp_path / "copy.sqlite3"
    for name in ("", "-wal"):
        shutil.copy(f"{in_use}{name}", f"{copy}{name}")
    first, second = run(check, copy), run(check, copy)
    assert f"Warning: {copy}-wal was left behind" in first.output
    assert "shoptrack backup" in first.output
    assert first.exit_code == 0
    assert second.output == "The models and the database agree.\n"
    assert count_stores(copy) == STORES + 1


def test_the_wal_of_a_server_that_runs_is_none_that_was_left(in_use):
    assert Path(f"{in_use}-wal").stat().st_size > 0
    assert run(check, in_use).output == "The models and the database agree.\n"


@pytest.mark.parametrize("command", [check, migrate])
def test_a_wal_without_its_file_is_not_deleted(in_use, tmp_path, command):
    """SQLite would make a new file, and delete the ``-wal`` of the one that was moved without it."""
    moved = tmp_path / "moved.sqlite3"
    wal = Path(f"{moved}-wal")
    shutil.copy(f"{in_use}-wal", wal)
    size = wal.stat().st_size
    result = run(command, moved)
    assert result.exit_code == 1
    assert f"{moved} is missing or empty, while {wal.name} beside it" in result.output
    assert not moved.exists()
    assert wal.stat().st_size == size
    shutil.copy(in_use, moved)
    assert run(command, moved).exit_code == 0
    assert count_stores(moved) == STORES + 1
