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

    ``engine`` writes; on SQLite its transactions take the write lock when they begin, because one
    that reads first and writes later would lose a race that it can't win by waiting. ``reads``
    shares its pool and opens no transaction: it is for reads that are a single statement each.

    :param registry: the application's, whose subscribers its sessions tell what happens to rows
    :param statement_seconds: how long a statement may take (`shoptrack.db.statement_timeout`); ``None``
        for as long as it takes. Connections that are made later follow it.
    :param pooled: whether a pooler gives each transaction another of PostgreSQL's connections, to which
        nothing may be told that outlives the transaction
    :param sqlite_synchronous: ``full`` where a commit waits for the disk, ``normal`` where it does not
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
        """Return the engines whose events tell of every statement, and of each once."""
        # On PostgreSQL the engine that reads hands its events on; SQLite's two are siblings.
        return (self.engine, self.read_engine) if self.is_sqlite else (self.read_engine,)

    def snapshot(self, part: int) -> Connection:
        """Open a connection all of whose statements see the same state, and are read bit by bit.

        :param part: rows that are in memory at a time
        """
        if self.is_sqlite:
            return self.read_engine.connect().execution_options(begin="BEGIN", yield_per=part)
        return self.engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True, yield_per=part
        )

    def session(self, transaction_manager=None) -> Session:
        """Return a new session; with a manager, one that commits and rolls back with it."""
        if transaction_manager is None:
            return self._sessions()
        # Closed for good with its transaction: a response that is made while it is sent would begin another one,
        # which nothing ends.
        session = self._sessions(close_resets_only=False)
        session.info["manager"] = transaction_manager
        # Joined at once, as changing: `register` would listen to seven events of each session, to learn
        # later what is known now, and that costs as much as a statement.
        zope.sqlalchemy.mark_changed(session, transaction_manager)
        return session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _forbid_own_commit(session: Session) -> None:
    """Refuse a session's own commit where a transaction manager does it, once all others agree."""
    manager = session.info.get("manager")
    if manager is not None:
        zope.sqlalchemy.ZopeTransactionEvents(transaction_manager=manager).before_commit(session)


def check_connection(registry) -> None:
    """Raise unless the database answers. SQLite's file is read, which ``SELECT 1`` leaves alone."""
    database = Database.of(registry)
    with database.read_engine.connect() as connection:
        tables = " FROM sqlite_master LIMIT 1" if database.is_sqlite else ""
        connection.exec_driver_sql(f"SELECT 1{tables}")


def check_writes(registry) -> None:
    """Raise unless the database takes changes. Nothing is changed, and nobody is waited for.

    :raises ReadOnlyDatabase: PostgreSQL takes none
    :raises DBAPIError: SQLite takes none, or the database cannot be reached
    """
    database = Database.of(registry)
    with database.read_engine.connect() as connection:
        if database.is_sqlite:
            _try_to_write(connection)
        elif connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on":
            raise ReadOnlyDatabase(explain_read_only_server())


def _try_to_write(connection: Connection) -> None:
    """Begin a change of SQLite's file, and take it back. One that another process writes to can be written."""
    wait = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        # A file that can only be read is noticed by the second statement: the first begins to read it.
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
