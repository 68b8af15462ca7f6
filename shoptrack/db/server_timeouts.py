"""A PostgreSQL server that says nothing: nobody waits for it for ever.

Where its machine has vanished, the system notices by and by. Where the machine answers, but PostgreSQL stands still,
stopped by a debugger or by a disk that hangs, nothing does: its own limit of a statement stands still too. So who has
such a limit waits for an answer that long and a little longer, and throws the connection away then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import URL, Engine, event

from shoptrack.db.options import EngineOptions

GRACE_SECONDS = 3  # that a server has, to tell that a statement has reached its limit
PING_SECONDS = 3  # in which a connection must answer that has been idle
POLL_SECONDS = 0.1  # seconds between two looks for signals, as psycopg has it
# A machine that vanishes without a word is given up after half a minute; libpq waits for hours.
KEEPALIVE_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class ServerTimeout(psycopg.OperationalError):
    """The server did not answer in time; whether it did what was asked is not known."""


class TimeoutConnection(psycopg.Connection[Any]):
    """A connection that ends where an answer takes too long."""

    answer_seconds: float | None = None  # for one answer; None: as long as it takes

    def wait(
        self, gen: PQGen[RV], interval: float = POLL_SECONDS, timeout: float | None = None
    ) -> RV:
        """Do what takes the server's answers.

        :raises ServerTimeout: they did not come in time; the connection is closed
        """
        if timeout is not None or self.answer_seconds is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answer_seconds)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            raise ServerTimeout(f"no answer in {self.answer_seconds:g} seconds") from None

    @contextmanager
    def ping(self) -> Iterator[None]:
        """Expect answers at once in the block."""
        usual, self.answer_seconds = self.answer_seconds, PING_SECONDS
        try:
            yield
        finally:
            self.answer_seconds = usual


def get_keepalive_options(url: URL) -> dict[str, Any]:
    """Return what libpq is told, so that it notices a machine that vanishes; the address may say otherwise."""
    return {name: value for name, value in KEEPALIVE_OPTIONS.items() if name not in url.query}


def install_timeouts(engine: Engine, database: EngineOptions) -> None:
    """Have the engine's connections end where an answer takes too long."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect, record, arguments, options):
        connection = TimeoutConnection.connect(*arguments, **options)
        if database.statement_seconds is not None:
            connection.answer_seconds = database.statement_seconds + GRACE_SECONDS
        return connection
