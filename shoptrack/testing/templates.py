"""Databases that have all migrations, kept from run to run to be copied: quicker than to migrate again.

A template is named after the packages whose migrations it has and after their code, so that a change of
either makes another one.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, Connection, inspect

from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineages
from shoptrack.resources.resource import ServedResources
from shoptrack.testing import server_keeper
from shoptrack.testing.adverse import is_adverse
from shoptrack.testing.postgresql_server import connect_to_server, drop_databases

PREFIX = "shoptrack_template"
_root: Path | None = None


def set_root(root: Path) -> None:
    """Keep templates for the tests of this checkout; before that, there are none."""
    global _root
    _root = root


def upgrade_database(app) -> None:
    """Apply all migrations to the database of an application.

    Its connections are closed where a copy takes the place of an empty database.
    """
    database = Database.of(app.registry)
    folder = _get_folder(database)
    if folder is None or inspect(database.engine).get_table_names():
        _migrate(app)
        return
    database.dispose()  # PostgreSQL copies nothing that somebody is connected to
    packages, name = _get_names(app)
    templates = SqliteTemplates(folder) if database.is_sqlite else PostgresqlTemplates(database.url)
    with server_keeper.lock(folder):
        if not templates.copy(name, database.url):
            _migrate(app)
            database.dispose()
            templates.keep(packages, name, database.url)


class SqliteTemplates:
    """Files beside the kept server."""

    def __init__(self, folder: Path):
        self._folder = folder / "sqlite"
        self._folder.mkdir(exist_ok=True)

    def copy(self, name: str, url: URL) -> bool:
        """Put a copy of a template in the place of a database, if there is this template."""
        template, path = self._folder / name, str(url.database)
        if not template.exists():
            return False
        for suffix in ("-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)
        shutil.copyfile(template, path)
        return True

    def keep(self, packages: str, name: str, url: URL) -> None:
        """Make a template of a database, and remove those of earlier code."""
        with closing(sqlite3.connect(str(url.database))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for old in self._folder.glob(f"{packages}_*"):
            old.unlink()
        part = self._folder / "part"
        shutil.copyfile(str(url.database), part)
        part.replace(self._folder / name)


class PostgresqlTemplates:
    """Databases of the kept server."""

    def __init__(self, url: URL):
        self._url = url

    def copy(self, name: str, url: URL) -> bool:
        """Put a copy of a template in the place of a database, if there is this template."""
        with connect_to_server(self._url) as connection:
            if not _find(connection, name):
                return False
            drop_databases(connection, [str(url.database)])
            connection.exec_driver_sql(
                f"CREATE DATABASE {url.database} TEMPLATE {name} STRATEGY FILE_COPY"
            )
        return True

    def keep(self, packages: str, name: str, url: URL) -> None:
        """Make a template of a database, and drop those of earlier code."""
        with connect_to_server(self._url) as connection:
            drop_databases(connection, _find(connection, f"{packages}_"))
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {url.database}")


def _find(connection: Connection, prefix: str) -> Sequence[str]:
    found = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    return connection.exec_driver_sql(found, (prefix,)).scalars().all()


def _get_folder(database: Database) -> Path | None:
    """Return where templates for a database are kept; there are none on a server that tests only visit."""
    if _root is None or is_adverse(database.url):
        return None
    folder = server_keeper.create_folder(_root)
    if database.is_sqlite or str(database.url.query.get("host", "")).startswith(str(folder)):
        return folder
    return None


def _migrate(app) -> None:
    migrations.migrate(
        Database.of(app.registry),
        migrations.sort_lineages(Lineages.of(app.registry)),
        tables=ServedResources.of(app.registry).tables,
    )


def _get_names(app) -> tuple[str, str]:
    """Return the names for all templates of the same packages, and for the one of today's code."""
    packages = {lineage.package for lineage in Lineages.of(app.registry).values()}
    tables = sorted(ServedResources.of(app.registry).tables)
    which = _digest(*sorted(packages), *tables)
    return f"{PREFIX}_{which}", f"{PREFIX}_{which}_{_digest(*map(_digest_code, sorted(packages)))}"


@cache
def _digest_code(package: str) -> str:
    """Return a digest of a package's modules, since more than its revisions decides what a database has."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    files = sorted(Path(spec.submodule_search_locations[0]).rglob("*.py"))
    return _digest(
        *(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)
    )


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
