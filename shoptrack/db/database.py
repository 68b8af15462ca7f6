"""The application's database: its engines and its sessions."""

import sqlite3
from typing import Any

import zope.sqlalchemy
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from shoptrack.db.diagnosis import ReadOnlyDatabase, explain_read_only_server, get_sqlite_code
from shoptrack.db.engines import create_postgresql_engines, create_sqlite_engines
from shoptrack.db.write_queue import WriteQueue


class Database:
    """The application's database.

    ``engine`` writes. On SQLite, its transactions take the write lock when they begin: a transaction that first reads
    and then writes could lose a race, which no waiting resolves. ``read_engine`` shares its pool and opens no
    transaction: use it for reads that consist of a single statement.

    :param registry: the application's; its subscribers receive the sessions' row events
    :param statement_seconds: the statement timeout (`shoptrack.db.statement_timeout`); ``None`` for none. A change
        applies to new connections.
    :param pooled: whether a pooler assigns each transaction another PostgreSQL connection; then nothing may be set
        on a connection that outlives the transaction
    :param sqlite_synchronous: ``full`` if a commit waits for the disk, ``normal`` if it does not
    """

    def __init__(
        self,
        url: URL,
        registry: Any = None,
        statement_seconds: float | None = None,
        *,
        pooled: bool = False,
        sqlite_synchronous: str = "full",
    ):
        self.url = url
        self.statement_seconds = statement_seconds
        self.sqlite_synchronous = sqlite_synchronous
        self.write_queue = WriteQueue()
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine, self.read_engine = create_sqlite_engines(self)
        else:
            self.engine, self.read_engine = create_postgresql_engines(self, pooled=pooled)
        info = {"database": self, "registry": registry}
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info=info)
        event.listen(self._sessions, "before_commit", _forbid_own_commit)

    @classmethod
    def of(cls, registry) -> "Database":
        """Return the application's database."""
        return registry[cls]

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Return the engines whose events together report every statement exactly once."""
        # On PostgreSQL, the write engine inherits the read engine's events; SQLite's engines are independent.
        return (self.engine, self.read_engine) if self.is_sqlite else (self.read_engine,)

    def snapshot(self, part: int) -> Connection:
        """Open a connection whose statements all see the same snapshot, and stream their rows.

        :param part: rows in memory at a time
        """
        if self.is_sqlite:
            return self.read_engine.connect().execution_options(begin="BEGIN", yield_per=part)
        return self.engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True, yield_per=part
        )

    def session(self, transaction_manager=None) -> Session:
        """Return a new session; with a transaction manager, it commits and rolls back with the manager."""
        if transaction_manager is None:
            return self._sessions()
        # It cannot be reused after its transaction: a response generated while it is sent would begin another
        # transaction, which nothing would end.
        session = self._sessions(close_resets_only=False)
        session.info["manager"] = transaction_manager
        # Joined now and marked as changed. `register` would add seven event listeners to each session to find this
        # out later, at the cost of a statement.
        zope.sqlalchemy.mark_changed(session, transaction_manager)
        return session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _forbid_own_commit(session: Session) -> None:
    """Reject a session's own commit if a transaction manager commits it, once all data managers have voted."""
    manager = session.info.get("manager")
    if manager is not None:
        zope.sqlalchemy.ZopeTransactionEvents(transaction_manager=manager).before_commit(session)


def check_connection(registry) -> None:
    """Raise unless the database responds. On SQLite the file is read, which ``SELECT 1`` would not do."""
    database = Database.of(registry)
    with database.read_engine.connect() as connection:
        tables = " FROM sqlite_master LIMIT 1" if database.is_sqlite else ""
        connection.exec_driver_sql(f"SELECT 1{tables}")


def check_writes(registry) -> None:
    """Raise unless the database accepts writes. Nothing is changed, and no lock is waited for.

    :raises ReadOnlyDatabase: PostgreSQL is read-only
    :raises DBAPIError: SQLite is read-only, or the database cannot be reached
    """
    database = Database.of(registry)
    with database.read_engine.connect() as connection:
        if database.is_sqlite:
            _try_to_write(connection)
        elif connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on":
            raise ReadOnlyDatabase(explain_read_only_server())


def _try_to_write(connection: Connection) -> None:
    """Begin a write to SQLite's file, and roll it back. A lock of another process counts as writable."""
    wait = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        # Only the second statement detects a read-only file: the first begins by reading it.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("PRAGMA user_version = 0")
    except OperationalError as error:
        if get_sqlite_code(error.orig) != sqlite3.SQLITE_BUSY:
            raise
    finally:
        if not connection.invalidated:
            driver: Any = connection.connection.driver_connection
            driver.rollback()
            driver.execute(f"PRAGMA busy_timeout = {wait}")
