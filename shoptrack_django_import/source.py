"""The Django backend's database, opened read-only as one snapshot."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    TableClause,
    Text,
    cast,
    column,
    create_engine,
    inspect,
    select,
)

from shoptrack.db import postgresql_settings
from shoptrack.errors import DomainError
from shoptrack.resources import Date
from shoptrack_django_import.fields import DateTimeField
from shoptrack_django_import.tables import DjangoTable

BATCH_ROWS = 2_000
AS_TEXT = (Date, DateTimeField)  # PostgreSQL's calendar is longer than Python's


class NoDjangoTables(DomainError):
    """The database is not one of the Django backend that ShopTrack replaces."""


@contextmanager
def open_source(url: URL) -> Iterator[Connection]:
    """Open a database read-only. Concurrent changes by others are not visible."""
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                settings = postgresql_settings.get_settings(None)
                connection.exec_driver_sql(postgresql_settings.format_statement(settings))
            yield connection
    finally:
        engine.dispose()


def _sqlite(url: URL) -> Engine:
    # "rw" creates no file, and can recover after a killed server; only the pragma forbids writing.
    address = f"{Path(url.database or '').absolute().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        connection.text_factory = lambda data: data.decode(errors="surrogateescape")
        connection.execute("PRAGMA query_only = on")
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _postgresql(url: URL) -> Engine:
    arguments = {
        "connect_timeout": 5,
        "application_name": "shoptrack import-django",
        "client_encoding": "utf8",
    }
    engine = create_engine(
        url, connect_args=arguments, poolclass=NullPool, isolation_level="REPEATABLE READ"
    )
    return engine.execution_options(postgresql_readonly=True)


def check_tables(connection: Connection, needed: Iterable[TableClause]) -> None:
    """Check that the database has these tables and columns.

    :raises NoDjangoTables: naming the missing ones
    """
    tables = {table.name: {column.name for column in table.columns} for table in needed}
    reflected = inspect(connection).get_multi_columns(filter_names=list(tables))
    existing = {
        name: {found["name"] for found in columns} for (_, name), columns in reflected.items()
    }
    missing = []
    for name, columns in tables.items():
        if name not in existing:
            missing.append(name)
        else:
            missing += [f"{name}.{column}" for column in sorted(columns - existing[name])]
    if missing:
        raise NoDjangoTables(
            "This is no database of the Django backend that ShopTrack replaces: it lacks "
            f"{', '.join(missing)}."
        )


def rows(connection: Connection, old: DjangoTable) -> Iterator[list[Any]]:
    """Return the rows to import, ordered by id, with their values as in JSON."""
    columns = [
        cast(column(field.key), Text) if isinstance(field, AS_TEXT) else column(field.key)
        for field in old.fields
    ]
    statement = select(*columns).select_from(old.source).order_by(column("id"))
    if old.condition is not None:
        statement = statement.where(old.condition)
    options = {"stream_results": True, "yield_per": BATCH_ROWS}
    with connection.execute(statement, execution_options=options) as result:
        for row in result:
            yield [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        # SQLite stores decimals as floating-point numbers with 15 exact digits, and Django reads as many.
        return f"{value:.15g}"
    return str(value) if isinstance(value, Decimal) else value
