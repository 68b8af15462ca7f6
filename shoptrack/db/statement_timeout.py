"""How long an SQL statement may take, or wait for what others hold, before it is given up.

On PostgreSQL the server counts, so that nothing is asked or sent for it but when a connection is made. A list that is
read bit by bit is many statements there. SQLite has no such limit: it is asked for it every few million steps; how
long a writer waits for another is its own.

Commands, migrations first of all, take as long as they take.
"""

from math import inf
from time import monotonic

from sqlalchemy import Engine, event

from shoptrack.db.options import EngineOptions

DEADLINE_KEY = "shoptrack.until"  # the instant at which a statement is over
# SQLite's steps between two looks at the clock: a tenth of a second, so that they cost nothing.
STEPS_PER_CHECK = 5_000_000
COMMAND_LOCK_SECONDS = 3600  # seconds that a command waits for SQLite's other writers


def to_milliseconds(seconds: float | None) -> int:
    """Return the limit as PostgreSQL and SQLite have it; 0 is none."""
    return 0 if seconds is None else int(seconds * 1000)


def install_on_sqlite(engine: Engine, database: EngineOptions) -> None:
    """Interrupt SQLite's statements that take too long, and bound the time of waiting."""

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
        # What is read bit by bit goes on for as long as its reader takes.
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
