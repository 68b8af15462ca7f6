"""Databases of the Django backend, made by Django once, and a copy of one for each test."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, create_engine, text

from shoptrack.cli import Environment
from shoptrack.db import Database
from shoptrack.testing import make_test_app, upgrade_database
from shoptrack_django_import import import_django

OLD_BACKEND = Path(__file__).parent / "old_backend"
RECORDS = 60  # the last one is deleted again


class OldDatabase:
    """A database of the Django backend that a test may spoil."""

    def __init__(self, url: URL):
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"

    @property
    def address(self) -> str:
        """Return the address as somebody writes it."""
        return self.url.set(drivername=self.url.get_backend_name()).render_as_string(False)

    def execute(self, *statements: str, **values):
        """Run statements without any check of references, and return the rows of the last one."""
        engine = create_engine(self.url)
        with engine.begin() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SET session_replication_role = replica")
            for statement in statements:
                result = connection.execute(text(statement), values)
            rows = result.all() if result.returns_rows else []
        engine.dispose()
        return rows


def migrate_django(settings: dict[str, str], records: int = RECORDS) -> None:
    pairs = [f"{name}={value}" for name, value in settings.items()]
    command = [sys.executable, str(OLD_BACKEND), str(records), *pairs]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def copy_of(tmp_path_factory, create_database):
    """Return a function that returns a new database of the Django backend, of either kind."""
    folder = tmp_path_factory.mktemp("django")

    @cache
    def migrated(kind: str) -> URL:
        if kind == "sqlite":
            url = URL.create("sqlite", database=str(folder / "old"))
            migrate_django({"ENGINE": "django.db.backends.sqlite3", "NAME": url.database})
            return url
        url = create_database(kind)
        migrate_django(
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": url.database,
                "HOST": str(url.query["host"]),
                "USER": str(url.username),
            }
        )
        return url

    def copy_of(kind: str) -> OldDatabase:
        old = str(migrated(kind).database)
        if kind == "sqlite":
            url = create_database(kind)
            shutil.copy(old, str(url.database))
            return OldDatabase(url)
        return OldDatabase(create_database(kind, template=old))

    return copy_of


@pytest.fixture
def old(copy_of, database) -> OldDatabase:
    """Return a database of the Django backend, of the same kind as ShopTrack's."""
    return copy_of(database.url.get_backend_name())


@pytest.fixture
def fresh_app(new_database, plugins):
    """Build an application on a database that no test has used."""
    app = make_test_app(new_database(), plugins)
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def run(app):
    """Return a function that runs the command on an application."""

    def run(*arguments: str, app=app):
        environment = Environment(None)
        environment.registry = app.registry
        return CliRunner().invoke(import_django, arguments, obj=environment)

    return run
