"""Timeouts for a PostgreSQL server that does not respond.

If the server's machine vanishes, keepalives detect it. They do not detect a frozen PostgreSQL on a machine that
responds, for example because of a debugger or a hanging disk. Its own statement timeout is then frozen as well. So a
connection with a statement timeout waits slightly longer than that for a response, and is then closed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import URL, Engine, event

from shoptrack.db.options import EngineOptions

GRACE_SECONDS = 3  # for the server to report that a statement timed out
PING_SECONDS = 3  # for an idle connection to respond
POLL_SECONDS = 0.1  # interval between checks for signals, psycopg's default
# An unreachable machine is detected after half a minute; libpq's default is hours.
KEEPALIVE_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class ServerTimeout(psycopg.OperationalError):
    """The server did not respond in time; whether it executed the statement is unknown."""


class TimeoutConnection(psycopg.Connection[Any]):
    """A connection that closes if a response takes too long."""

    answer_seconds: float | None = None  # per response; None: no limit

    def wait(
        self, gen: PQGen[RV], interval: float = POLL_SECONDS, timeout: float | None = None
    ) -> RV:
        """Run a generator of psycopg that waits for the server's responses.

        :raises ServerTimeout: a response did not arrive in time; the connection is closed
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
        """Require quick responses within the block."""
        usual, self.answer_seconds = self.answer_seconds, PING_SECONDS
        try:
            yield
        finally:
            self.answer_seconds = usual


def get_keepalive_options(url: URL) -> dict[str, Any]:
    """Return libpq's options for detecting an unreachable machine; the URL may override them."""
    return {name: value for name, value in KEEPALIVE_OPTIONS.items() if name not in url.query}


def install_timeouts(engine: Engine, database: EngineOptions) -> None:
    """Make the engine's connections close if a response takes too long."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect, record, arguments, options):
        connection = TimeoutConnection.connect(*arguments, **options)
        if database.statement_seconds is not None:
            connection.answer_seconds = database.statement_seconds + GRACE_SECONDS
        return connection
