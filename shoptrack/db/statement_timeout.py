"""The timeout of an SQL statement, including its wait for locks.

On PostgreSQL the server enforces it, and each connection sends it only once. A streamed list consists of many
statements there. SQLite has no such timeout: a handler checks the deadline every few million steps. SQLite limits
the wait for another writer by itself.

Commands, migrations above all, have no timeout.
"""

from math import inf
from time import monotonic

from sqlalchemy import Engine, event

from shoptrack.db.options import EngineOptions

DEADLINE_KEY = "shoptrack.until"  # the instant at which a statement is interrupted
# SQLite's steps between two checks: about a tenth of a second, so their cost is negligible.
STEPS_PER_CHECK = 5_000_000
COMMAND_LOCK_SECONDS = 3600  # how long a command waits for SQLite's other writers


def to_milliseconds(seconds: float | None) -> int:
    """Return the timeout in the unit of PostgreSQL and SQLite; 0 is none."""
    return 0 if seconds is None else int(seconds * 1000)


def install_on_sqlite(engine: Engine, database: EngineOptions) -> None:
    """Interrupt SQLite's slow statements, and limit the wait for locks."""

    @event.listens_for(engine, "connect")
    def connect(connection, record):
        seconds = database.statement_seconds
        wait = COMMAND_LOCK_SECONDS if seconds is None else seconds
        connection.execute(f"PRAGMA busy_timeout = {to_milliseconds(wait)}")
        record.info[DEADLINE_KEY] = inf
        if seconds is not None:
            connection.set_progress_handler(
                lambda: monotonic() > record.info[DEADLINE_KEY], STEPS_PER_CHECK
            )

    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection, cursor, statement, parameters, context, many):
        seconds = database.statement_seconds
        # A streamed result takes as long as its reader does.
        if seconds is None or connection.get_execution_options().get("yield_per"):
            connection.info[DEADLINE_KEY] = inf
        else:
            connection.info[DEADLINE_KEY] = monotonic() + seconds

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def end(connection):
        # One that was thrown away has no information, and would be made anew for it.
        if not connection.invalidated:
            connection.info[DEADLINE_KEY] = inf
