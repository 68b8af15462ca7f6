"""Logs slow SQL statements: the first thing to check when ShopTrack is slow."""

import logging
from time import perf_counter

from sqlalchemy import event

from shoptrack.db.database import Database
from shoptrack.settings import Settings

STARTED_KEY = "shoptrack.started"
MAX_LOGGED_LENGTH = 2000  # characters; a statement that inserts 1,000 rows has 100,000

log = logging.getLogger(__name__)


def includeme(config):
    """Log each statement that takes longer than the setting allows."""
    seconds = Settings.of(config.registry).slow_query_seconds
    if seconds:
        log_slow_queries(Database.of(config.registry), seconds)


def log_slow_queries(database: Database, seconds: float) -> None:
    """Log each statement of a database that takes longer than ``seconds``.

    Parameters are omitted: they may be a user's search text, or the digest of a secret.
    """

    def before(connection, cursor, statement, parameters, context, many):
        connection.info[STARTED_KEY] = perf_counter()

    def after(connection, cursor, statement, parameters, context, many):
        took = perf_counter() - connection.info[STARTED_KEY]
        if took >= seconds:
            log.warning(
                "A statement took %.2f s: %s", took, " ".join(statement.split())[:MAX_LOGGED_LENGTH]
            )

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "after_cursor_execute", after)
