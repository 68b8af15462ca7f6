"""The database: one engine a process, one session a request, exact decimals on both kinds."""

from shoptrack.db.base import Base
from shoptrack.db.column_types import Thousandths, UtcDateTime
from shoptrack.db.database import Database, check_connection, check_writes
from shoptrack.settings import Settings

__all__ = ["Base", "Database", "UtcDateTime", "Thousandths", "check_connection", "check_writes"]


def includeme(config):
    """Open the database, and give it to every request."""
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
