"""Rows for each revision, and the databases that older releases left, as they lie beside this file.

``rows/<revision>.sql`` holds statements that a database of either kind takes once it has that revision. Ids are left
out: the database gives them, and goes on from there.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy import URL

FOLDER = Path(__file__).parent
# What columns of thousandths multiply by: SQLite keeps them as integers.
SCALES = {"sqlite": "1000", "postgresql": "1"}


def get_statements(database: str, *revisions: str) -> list[str]:
    """Return the statements for these revisions, in the words of a kind of database."""
    files = [FOLDER / "rows" / f"{revision}.sql" for revision in revisions]
    text = "".join(file.read_text(encoding="utf-8") for file in files if file.exists())
    return text.replace("SCALE", SCALES[database]).split(";\n")[:-1]


class KeptRelease:
    """A database of each kind, and a backup, as a release left them that brought revisions.

    It began as that of the release before, was migrated, and filled with rows for the revisions. Each database is the
    SQL that makes it.

    :param folder: named ``<number>-<revision>``, of several revisions ``<number>-<revision>+<revision>``
    """

    def __init__(self, folder: Path):
        self.name = folder.name
        self.revisions = folder.name.partition("-")[2].split("+")
        self.backup = folder / "backup.zip"
        self.folder = folder

    @property
    def applied(self) -> dict[str, str]:
        """Return the revision of each lineage."""
        found = re.findall(
            r"""INSERT INTO "alembic_version_(\w+)" VALUES\('(\w+)'\)""", self.get_sql("sqlite")
        )
        return dict(found)

    def get_sql(self, database: str) -> str:
        """Return the statements that make the database of a kind."""
        return (self.folder / f"{database}.sql").read_text(encoding="utf-8")

    def fill(self, url: URL) -> None:
        """Make an empty database this one."""
        execute(url, self.get_sql(url.get_backend_name()))


def get_kept_releases() -> list[KeptRelease]:
    """Return all that are kept, the oldest first."""
    return [KeptRelease(folder) for folder in sorted((FOLDER / "releases").glob("*-*"))]


def execute(url: URL, statements: str) -> None:
    """Execute statements as they are, by the database's own driver."""
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as connection:
            connection.executescript(statements)
    else:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statements.encode())
