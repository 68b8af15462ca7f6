"""Upgrades all lineages in one transaction, one process at a time."""

import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import psycopg
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from shoptrack.db import Database, search_indexes
from shoptrack.db.migrations.lineage_tables import record_tables
from shoptrack.db.migrations.lineages import Lineage, MigrationError
from shoptrack.db.migrations.states import check_not_ahead, get_current_revisions
from shoptrack.db.table_versions import install_triggers
from shoptrack.db.unfit import check_database, check_schema

ADVISORY_LOCK_ID = crc32(b"shoptrack migrations")  # PostgreSQL identifies advisory locks by number
# A schema change waits for all users of its table, and blocks new ones meanwhile. So it waits only briefly, lets
# them proceed, and retries.
LOCK_TIMEOUT_SECONDS = 1
RETRY_SECONDS = 2
MAX_ATTEMPTS = 100

log = logging.getLogger(__name__)


def migrate(
    database: Database,
    lineages: Collection[Lineage],
    *,
    tables: Collection[str] = (),
    beside_django: bool = False,
) -> None:
    """Upgrade every lineage, in one transaction.

    Several processes may call this at once: one works, and the others wait and then find nothing pending.

    :param tables: tables whose changes the database counts
    :param beside_django: also migrate a database with a Django project's tables
    :raises UnfitDatabase: no migration could make the database usable
    :raises MigrationError: the database belongs to a Django project, has revisions of a later release, a revision
        failed, or references are broken
    """
    for left in reversed(range(MAX_ATTEMPTS)):
        try:
            with open_exclusive_transaction(database) as connection:
                check_database(connection)
                check_schema(connection)
                check_no_django_tables(connection, beside_django)
                check_not_ahead(get_current_revisions(connection, lineages))
                for lineage in lineages:
                    lineage.upgrade(connection)
                refresh_derived_tables(connection, lineages, tables)
        except (OperationalError, MigrationError) as error:
            if not left or not _is_lock_timeout(error):
                raise
            log.warning("A table is locked by another transaction. Retrying.")
            time.sleep(RETRY_SECONDS)
        else:
            return


def _is_lock_timeout(error: BaseException) -> bool:
    """Return whether locking a table timed out."""
    cause = error.__cause__ if isinstance(error, MigrationError) else error
    return isinstance(getattr(cause, "orig", None), psycopg.errors.LockNotAvailable)


def check_no_django_tables(connection: Connection, beside_django: bool) -> None:
    """Check that the database has no tables of a Django project, unless that is accepted.

    :raises MigrationError: it has
    """
    if inspect(connection).has_table("django_migrations") and not beside_django:
        raise MigrationError(
            "This database holds a Django project's tables. ShopTrack's own never collide with "
            "them; to keep both in one database, say so with --beside-django."
        )


def refresh_derived_tables(
    connection: Connection, lineages: Collection[Lineage], tables: Collection[str]
) -> None:
    """Refresh data that is not part of the schema: recorded tables, change counters, search indexes.

    :param lineages: lineages that are up to date
    :param tables: tables of the resources
    """
    record_tables(connection, lineages)
    if tables:
        install_triggers(connection, tables)
        search_indexes.create_missing_indexes(connection, set(tables))


@contextmanager
def open_exclusive_transaction(database: Database) -> Iterator[Connection]:
    """Open a transaction that excludes all other migrations."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            # Overrides the role's limit: rebuilding a table and waiting for locks can take long.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK_ID}
            )
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'"))
            yield connection
            connection.commit()
            return
        # SQLite rebuilds a table to alter it, which foreign keys would forbid or cascade. The pragma has no effect
        # inside a transaction, so it comes before the first statement.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = off")
        try:
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                tables = ", ".join(sorted({row[0] for row in broken}))
                raise MigrationError(f"Rows of {tables} would refer to rows that do not exist.")
            connection.commit()
        finally:
            connection.rollback()
            driver.execute("PRAGMA foreign_keys = on")
