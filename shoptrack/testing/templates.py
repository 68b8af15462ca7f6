"""Migrated template databases, kept between test runs. Copying one is faster than migrating.

The name of a template depends on the packages with migrations and on their code. A change of either results in a new
template.
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
    """Use the templates of this checkout. Before this call, no templates are used."""
    global _root
    _root = root


def upgrade_database(app) -> None:
    """Apply all migrations to the database of an application.

    An empty database is replaced by a copy of a template, which closes the application's connections.
    """
    database = Database.of(app.registry)
    folder = _get_folder(database)
    if folder is None or inspect(database.engine).get_table_names():
        _migrate(app)
        return
    database.dispose()  # PostgreSQL cannot copy a database that has connections
    packages, name = _get_names(app)
    templates = SqliteTemplates(folder) if database.is_sqlite else PostgresqlTemplates(database.url)
    with server_keeper.lock(folder):
        if not templates.copy(name, database.url):
            _migrate(app)
            database.dispose()
            templates.keep(packages, name, database.url)


class SqliteTemplates:
    """Templates as files in the folder of the kept server."""

    def __init__(self, folder: Path):
        self._folder = folder / "sqlite"
        self._folder.mkdir(exist_ok=True)

    def copy(self, name: str, url: URL) -> bool:
        """Replace a database by a copy of a template. Return whether the template exists."""
        template, path = self._folder / name, str(url.database)
        if not template.exists():
            return False
        for suffix in ("-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)
        shutil.copyfile(template, path)
        return True

    def keep(self, packages: str, name: str, url: URL) -> None:
        """Make a template from a database, and delete those of earlier code."""
        with closing(sqlite3.connect(str(url.database))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for old in self._folder.glob(f"{packages}_*"):
            old.unlink()
        part = self._folder / "part"
        shutil.copyfile(str(url.database), part)
        part.replace(self._folder / name)


class PostgresqlTemplates:
    """Templates as databases of the kept server."""

    def __init__(self, url: URL):
        self._url = url

    def copy(self, name: str, url: URL) -> bool:
        """Replace a database by a copy of a template. Return whether the template exists."""
        with connect_to_server(self._url) as connection:
            if not _find(connection, name):
                return False
            drop_databases(connection, [str(url.database)])
            connection.exec_driver_sql(
                f"CREATE DATABASE {url.database} TEMPLATE {name} STRATEGY FILE_COPY"
            )
        return True

    def keep(self, packages: str, name: str, url: URL) -> None:
        """Make a template from a database, and drop those of earlier code."""
        with connect_to_server(self._url) as connection:
            drop_databases(connection, _find(connection, f"{packages}_"))
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {url.database}")


def _find(connection: Connection, prefix: str) -> Sequence[str]:
    found = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    return connection.exec_driver_sql(found, (prefix,)).scalars().all()


def _get_folder(database: Database) -> Path | None:
    """Return the folder of the templates for a database; ``None`` unless it is SQLite or on the kept server."""
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
    """Return the common name prefix of the packages' templates, and the template name for the current code."""
    packages = {lineage.package for lineage in Lineages.of(app.registry).values()}
    tables = sorted(ServedResources.of(app.registry).tables)
    which = _digest(*sorted(packages), *tables)
    return f"{PREFIX}_{which}", f"{PREFIX}_{which}_{_digest(*map(_digest_code, sorted(packages)))}"


@cache
def _digest_code(package: str) -> str:
    """Return a digest of a package's modules, since a database depends on more than its revisions."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    files = sorted(Path(spec.submodule_search_locations[0]).rglob("*.py"))
    return _digest(
        *(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)
    )


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
