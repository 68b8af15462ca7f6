"""Engines: how connections to SQLite and PostgreSQL are created, configured and pooled."""

from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

from shoptrack.db import diagnosis, postgresql_settings, server_timeouts, statement_timeout
from shoptrack.db.lazy_cursor import LazyDescriptionCursor
from shoptrack.db.options import EngineOptions

BEGIN_WRITE = "BEGIN IMMEDIATE"  # takes SQLite's write lock, or waits for it
PING_AFTER_IDLE_SECONDS = 1  # how long after its last use a pooled connection counts as alive
# Shared by both databases. A request waits ten seconds for a connection. Errors omit the parameters of a statement:
# otherwise password hashes would be in the log.
ENGINE_OPTIONS: dict[str, Any] = {
    "hide_parameters": True,
    "pool_size": 10,
    "max_overflow": 20,
    "pool_timeout": 10,
}


class Engines(NamedTuple):
    """Two engines on one pool: one for transactions that write, one for single statements that read."""

    writes: Engine
    reads: Engine


def create_sqlite_engines(database: EngineOptions) -> Engines:
    """Return the engines of a SQLite file. A transaction takes the write lock when it begins."""
    pool = create_engine(database.url, connect_args={"isolation_level": None}, **ENGINE_OPTIONS)
    _configure_sqlite(pool, database)
    diagnosis.install_diagnosis(pool, database)
    statement_timeout.install_on_sqlite(pool, database)
    return Engines(
        writes=pool.execution_options(begin=BEGIN_WRITE),
        reads=pool.execution_options(begin=None),
    )


def create_postgresql_engines(database: EngineOptions, *, pooled: bool) -> Engines:
    """Return the engines of a PostgreSQL database.

    :param pooled: whether a pooler assigns each transaction another of its connections; then nothing may be set on a
        connection that outlives the transaction
    """
    connect_args = {
        "application_name": "shoptrack",
        "client_encoding": "utf8",  # every pooler accepts this parameter
        "cursor_factory": LazyDescriptionCursor,
        **server_timeouts.get_keepalive_options(database.url),
    }
    if pooled:
        connect_args["prepare_threshold"] = None  # disables prepared statements
    # The pool's connections autocommit: most requests only read, and then need not switch the mode.
    reads = create_engine(
        database.url, isolation_level="AUTOCOMMIT", connect_args=connect_args, **ENGINE_OPTIONS
    )
    server_timeouts.install_timeouts(reads, database)
    diagnosis.install_diagnosis(reads, database)
    if not pooled:
        _configure_postgresql(reads, database)
    _ping_idle_connections(reads)
    return Engines(reads.execution_options(isolation_level="READ COMMITTED"), reads)


def _configure_sqlite(engine: Engine, database: EngineOptions) -> None:
    """Configure SQLite: foreign keys, concurrent readers, synchronous commits, and explicit transactions."""

    @event.listens_for(engine, "connect")
    def connect(connection, record):
        # With `normal`, nothing is synced until the write-ahead log has grown by a thousand pages.
        synchronous = f"synchronous = {database.sqlite_synchronous}"
        for pragma in ("foreign_keys = on", "journal_mode = wal", synchronous):
            connection.execute(f"PRAGMA {pragma}")
        # The same function as in PostgreSQL.
        connection.create_function("translate", 3, _translate, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection):
        statement = connection.get_execution_options().get("begin")
        if statement == BEGIN_WRITE:
            with database.write_queue.turn():
                connection.exec_driver_sql(statement)
        elif statement:
            connection.exec_driver_sql(statement)

    @event.listens_for(engine, "reset")
    def reset(connection, record, state):
        # After a failed commit, the connection still has its lock and would return to the pool with it.
        if connection.in_transaction:
            connection.rollback()


def _translate(text: str | None, characters: str, replacements: str) -> str | None:
    """Return text with characters replaced one by one; those without a replacement are removed."""
    return None if text is None else text.translate(_make_table(characters, replacements))


@lru_cache
def _make_table(characters: str, replacements: str) -> dict[int, int | None]:
    replaced, deleted = characters[: len(replacements)], characters[len(replacements) :]
    return str.maketrans(replaced, replacements, deleted)


def _configure_postgresql(engine: Engine, database: EngineOptions) -> None:
    """Set on each new connection what the server, database or role may set differently."""

    @event.listens_for(engine, "connect")
    def connect(connection, record):
        # Outside a transaction, whose rollback would undo it: the new connection is in autocommit mode.
        settings = postgresql_settings.get_settings(database.statement_seconds)
        connection.execute(postgresql_settings.format_statement(settings))


def _ping_idle_connections(engine: Engine) -> None:
    """Ping a pooled connection at checkout, unless it was used a moment ago.

    Pinging each time costs a small request as much as one of its statements. If a connection breaks within that moment,
    its first statement fails, and reads are then retried (`shoptrack.web.error_views`).
    """

    @event.listens_for(engine, "checkin")
    def checkin(connection, record):
        record.info["used_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(connection, record, proxy):
        if monotonic() - record.info.get("used_at", monotonic()) < PING_AFTER_IDLE_SECONDS:
            return
        try:
            with connection.ping():
                engine.dialect.do_ping(connection)
        except psycopg.Error:
            raise InvalidatePoolError from None  # replaces it, and checks the age of the others
