"""The database: one engine per process, one session per request, exact decimals on SQLite and PostgreSQL."""

from shoptrack.db import postgresql_settings
from shoptrack.db.base import Base
from shoptrack.db.bulk_load import (
    analyze,
    find_nonempty_tables,
    get_last_ids,
    lock_tables,
    reset_sequences,
)
from shoptrack.db.calendar_days import day_number, get_day_number, get_today, weekday
from shoptrack.db.column_types import Thousandths, UtcDateTime
from shoptrack.db.commits import after_commit
from shoptrack.db.database import Database, check_connection, check_writes
from shoptrack.db.folding import (
    by_code_points,
    fold,
    fold_lookalikes,
    folded_column,
    translate_lookalikes,
)
from shoptrack.db.sessions import get_database, get_job, get_registry, get_request
from shoptrack.settings import Settings

__all__ = [
    "Base",
    "Database",
    "Thousandths",
    "UtcDateTime",
    "after_commit",
    "analyze",
    "by_code_points",
    "check_connection",
    "check_writes",
    "day_number",
    "find_nonempty_tables",
    "fold",
    "fold_lookalikes",
    "folded_column",
    "get_database",
    "get_day_number",
    "get_job",
    "get_last_ids",
    "get_registry",
    "get_request",
    "get_today",
    "lock_tables",
    "postgresql_settings",
    "reset_sequences",
    "translate_lookalikes",
    "weekday",
]


def includeme(config):
    """Set up the database, and make it available to every request."""
    core = Settings.of(config.registry)
    config.registry[Database] = Database(
        core.database_url,
        config.registry,
        core.statement_seconds,
        pooled=core.db_pooled,
        sqlite_synchronous=core.sqlite_synchronous,
    )
    config.add_health_check("database", check_connection)
    config.add_health_check("database_writes", check_writes)
    config.include(".requests")
