"""When API tokens were last used, written without making a request wait or fail.

A script that only reads must not wait for SQLite's write lock, and is served by a standby, which takes no changes.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from shoptrack.db import Database
from shoptrack_auth.models import ApiToken, get_utc_now

LAST_USED_SECONDS = 60  # a token's last use is written at most once in this time

log = logging.getLogger(__name__)

_outdated = or_(
    ApiToken.last_used_at.is_(None),
    ApiToken.last_used_at <= bindparam("before"),
    ApiToken.last_used_at > bindparam("at"),  # of a wrong clock
)
# Another request may be updating the row, or revoking the token. It is not waited for.
_unlocked = (
    select(ApiToken.id)
    .where(ApiToken.id == bindparam("token_id"), _outdated)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_update = update(ApiToken).where(ApiToken.id == _unlocked).values(last_used_at=bindparam("at"))


class LastUses:
    """Updates the times in the tokens of an application."""

    def __init__(self, database: Database):
        self._database = database
        self._paused_until = 0.0

    @classmethod
    def of(cls, registry: Any) -> "LastUses":
        """Return the application's."""
        if cls not in registry:
            registry[cls] = cls(Database.of(registry))
        return registry[cls]

    def update(self, row: Row) -> None:
        """Update a token's time, if it is more than a minute old.

        After a failure, such as a standby's, the process tries again a minute later, for whatever token.

        :param row: with ``token_id`` and ``last_used_at``
        """
        at = get_utc_now()
        before = at - timedelta(seconds=LAST_USED_SECONDS)
        is_recent = row.last_used_at is not None and before < row.last_used_at <= at
        if is_recent or monotonic() < self._paused_until:
            return
        # A connection of its own: a standby's error invalidates the connection, which the request still needs.
        engine = self._database.read_engine
        pool: Any = engine.pool
        if pool.checkedout() >= pool.size():
            return  # to get another connection may take a while
        try:
            with engine.connect() as connection, _without_waiting(connection):
                connection.execute(_update, {"token_id": row.token_id, "before": before, "at": at})
        except SQLAlchemyError as error:
            self._paused_until = monotonic() + LAST_USED_SECONDS
            reason = getattr(error, "orig", error)
            log.info("The last use of an API token was not stored: %s", reason)


@contextmanager
def _without_waiting(connection: Connection) -> Iterator[None]:
    """Let SQLite refuse a write at once if another one is in progress. On PostgreSQL, locked rows are skipped."""
    if connection.dialect.name != "sqlite":
        yield
        return
    wait = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        if not connection.invalidated:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait}")
