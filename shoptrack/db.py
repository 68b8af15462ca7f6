"""The database: one engine a process, one session a request, exact decimals on both kinds."""

from datetime import UTC, datetime
from decimal import Decimal
from time import monotonic
from typing import Any

import psycopg
import zope.sqlalchemy
from sqlalchemy import (
    URL,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Numeric,
    create_engine,
    event,
)
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator, TypeEngine

from shoptrack import statement_limit
from shoptrack.settings import Settings
from shoptrack.table_names import refuse_taken

POOL_SECONDS = 10  # how long a request waits for a connection
ALIVE_SECONDS = 1  # how long a pooled connection is taken to be alive after its last use
# A server that vanishes without a word is given up after half a minute; libpq waits for hours.
NOTICE_SILENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class Base(DeclarativeBase):
    """The base of every model. A plugin's tables begin with its distribution's name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # SQLite would give the id of a deleted last row to the next one; PostgreSQL never does.
    __table_args__: Any = {"sqlite_autoincrement": True}

    def __init_subclass__(cls, **options: Any) -> None:
        """Map a model, unless another one has its table."""
        refuse_taken(cls)
        super().__init_subclass__(**options)


class Thousandths(TypeDecorator[Decimal]):
    """A decimal(10, 3). SQLite has no decimals, so it keeps an integer of thousandths there."""

    impl = Numeric(10, 3)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        kind = BigInteger() if dialect.name == "sqlite" else Numeric(10, 3)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Turn a decimal of at most three places into what is stored."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(Decimal(value).scaleb(3))

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what turns a stored value into a decimal of exactly three places, if it is none."""
        return _of_thousandths if dialect.name == "sqlite" else None


def _of_thousandths(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-3)


class Instant(TypeDecorator[datetime]):
    """A point in time, in UTC. SQLite keeps no time zones, so it stores it without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an instant of any time zone into UTC."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """The application's database.

    ``engine`` writes; on SQLite its transactions take the write lock when they begin, because one
    that reads first and writes later would lose a race that it can't win by waiting. ``reads``
    shares its pool and opens no transaction: it is for reads that are a single statement each.
    Errors do not repeat what a statement was given: hashes of passwords would be in the log.

    :param registry: the application's, whose subscribers its sessions tell what happens to rows
    :param statement_seconds: how long a statement may take (`shoptrack.statement_limit`); ``None``
        for as long as it takes. Connections that are made later follow it.
    :param pooled: whether a pooler gives each transaction another of PostgreSQL's connections, to which
        nothing may be told that outlives the transaction
    """

    def __init__(
        self,
        url: URL,
        registry: Any = None,
        statement_seconds: float | None = None,
        *,
        pooled: bool = False,
    ):
        self.url = url
        self.statement_seconds = statement_seconds
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine: Engine
        self.reads: Engine
        if self.is_sqlite:
            pool = create_engine(
                url,
                connect_args={"isolation_level": None},
                hide_parameters=True,
                pool_size=10,
                max_overflow=20,
                pool_timeout=POOL_SECONDS,
            )
            _tune_sqlite(pool)
            statement_limit.apply_sqlite(pool, self)
            self.engine = pool.execution_options(begin="BEGIN IMMEDIATE")
            self.reads = pool.execution_options(begin=None)
        else:
            connect_args: dict[str, Any] = {"application_name": "shoptrack", **NOTICE_SILENCE}
            if pooled:
                connect_args["prepare_threshold"] = None  # no statement is prepared
            self.reads = create_engine(
                url,
                # The pool's connections are left so: most requests read, and switch nothing then.
                isolation_level="AUTOCOMMIT",
                connect_args=connect_args,
                hide_parameters=True,
                pool_size=10,
                max_overflow=20,
                pool_timeout=POOL_SECONDS,
            )
            if not pooled:
                _tune_postgresql(self.reads)
                statement_limit.apply_postgresql(self.reads, self)
            _ask_after_idleness(self.reads)
            self.engine = self.reads.execution_options(isolation_level="READ COMMITTED")
        info = {"database": self, "registry": registry}
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info=info)
        event.listen(self._sessions, "before_commit", _leave_to_manager)

    @classmethod
    def of(cls, registry) -> "Database":
        """Return the application's database."""
        return registry[cls]

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Return the engines whose events tell of every statement, and of each once."""
        # On PostgreSQL the engine that reads hands its events on; SQLite's two are siblings.
        return (self.engine, self.reads) if self.is_sqlite else (self.reads,)

    def snapshot(self, part: int) -> Connection:
        """Open a connection all of whose statements see the same state, and are read bit by bit.

        :param part: rows that are in memory at a time
        """
        if self.is_sqlite:
            return self.reads.connect().execution_options(begin="BEGIN", yield_per=part)
        return self.engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True, yield_per=part
        )

    def session(self, transaction_manager=None) -> Session:
        """Return a new session; with a manager, one that commits and rolls back with it."""
        session = self._sessions()
        if transaction_manager is not None:
            session.info["manager"] = transaction_manager
            # Joined at once, as changing: `register` would listen to seven events of each session, to learn
            # later what is known now, and that costs as much as a statement.
            zope.sqlalchemy.mark_changed(session, transaction_manager)
        return session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _leave_to_manager(session: Session) -> None:
    """Refuse a session's own commit where a transaction manager does it, once all others agree."""
    manager = session.info.get("manager")
    if manager is not None:
        zope.sqlalchemy.ZopeTransactionEvents(transaction_manager=manager).before_commit(session)


def _tune_sqlite(engine: Engine) -> None:
    """Make SQLite check foreign keys, let readers pass a writer, and leave transactions to us."""

    @event.listens_for(engine, "connect")
    def connect(connection, record):
        for pragma in ("foreign_keys = on", "journal_mode = wal", "synchronous = normal"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection):
        statement = connection.get_execution_options().get("begin")
        if statement:
            connection.exec_driver_sql(statement)

    @event.listens_for(engine, "reset")
    def reset(connection, record, state):
        # A commit that failed leaves its lock with the connection, which would go back to the pool.
        if connection.in_transaction:
            connection.rollback()


def _tune_postgresql(engine: Engine) -> None:
    """Keep PostgreSQL from thinking longer than it works.

    A record's seven tables can be joined in thousands of orders, and planning took 60 ms of the 70 that
    a page took; the order that is written is a good one. Compiling to machine code pays for none of
    our statements.
    """

    @event.listens_for(engine, "connect")
    def connect(connection, record):
        # In no transaction, whose end could take it back: the connection is new and commits by itself.
        connection.execute("SET join_collapse_limit = 1")
        connection.execute("SET jit = off")


def _ask_after_idleness(engine: Engine) -> None:
    """Ask a pooled connection whether it still lives, unless it did a moment ago.

    Asking each time costs a small request as much as one of its statements. What breaks within the moment
    is found by the first statement, and reading is then tried again (`shoptrack.error_views`).
    """

    @event.listens_for(engine, "checkin")
    def checkin(connection, record):
        record.info["used_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(connection, record, proxy):
        if monotonic() - record.info.get("used_at", monotonic()) < ALIVE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error:
            raise InvalidatePoolError from None  # a new one is made, and the others' age noticed


def request_session(request) -> Session:
    """Return the request's session. It writes, and ends with the request's transaction."""
    return Database.of(request.registry).session(request.tm)


def request_reader(request) -> Connection:
    """Return the request's reading connection; each of its statements stands for itself."""
    connection = Database.of(request.registry).reads.connect()
    request.add_finished_callback(lambda request: connection.close())
    return connection


def includeme(config):
    """Open the database, and give every request ``request.db`` and ``request.reader``."""
    settings = config.get_settings()
    settings.setdefault("tm.annotate_user", False)  # it would identify callers of public addresses
    settings.setdefault("tm.commit_veto", "pyramid_tm.default_commit_veto")
    settings.setdefault("tm.manager_hook", "pyramid_tm.explicit_manager")
    settings.setdefault("retry.attempts", 3)
    config.include("pyramid_retry")
    config.include("pyramid_tm")
    core = Settings.of(config.registry)
    config.registry[Database] = Database(
        core.database_url, config.registry, core.statement_seconds, pooled=core.db_pooled
    )
    config.add_request_method(request_session, "db", reify=True)
    config.add_request_method(request_reader, "reader", reify=True)
    config.add_health_check("database", check_connection)


def check_connection(registry) -> None:
    """Raise unless the database answers."""
    with Database.of(registry).reads.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
