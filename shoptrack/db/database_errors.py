"""Converts database errors to 503 responses with a reason.

The drivers' errors are distinguished by their codes. Neither the code nor the driver's text is sent to clients.
"""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shoptrack.db.diagnosis import (
    SQLITE_PRIMARY,
    ReadOnlyDatabase,
    get_sqlite_code,
    is_damaged,
    is_read_only,
)
from shoptrack.db.server_timeouts import ServerTimeout
from shoptrack.db.write_queue import WriteQueueFull
from shoptrack.errors import ServiceUnavailable
from shoptrack.i18n.translation import _

UNREACHABLE = _("The database cannot be reached at the moment. Try again later.")
POOL_EXHAUSTED = _("All connections to the database are in use. Try again later.")
STATEMENT_TIMEOUT = _("The query took too long. Request less data, or try again later.")
LOCK_TIMEOUT = _("The data is locked by another change. Try again later.")
READ_ONLY = _("The database is read-only at the moment. Nothing was changed. Try again later.")
DAMAGED = _("The database is damaged. Ask the operator of this server to repair it.")
DISK_FULL = _("The server's disk is full or failing. Nothing was changed. Try again later.")

SQLITE_MESSAGES = {
    sqlite3.SQLITE_BUSY: LOCK_TIMEOUT,
    sqlite3.SQLITE_LOCKED: LOCK_TIMEOUT,
    sqlite3.SQLITE_INTERRUPT: STATEMENT_TIMEOUT,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_IOERR_WRITE: DISK_FULL,  # also if a quota is exceeded
    sqlite3.SQLITE_IOERR_FSYNC: DISK_FULL,
}
POSTGRESQL_MESSAGES: dict[type | None, str] = {
    psycopg.errors.QueryCanceled: STATEMENT_TIMEOUT,
    psycopg.errors.LockNotAvailable: LOCK_TIMEOUT,
    psycopg.errors.DiskFull: DISK_FULL,
    psycopg.errors.TooManyConnections: POOL_EXHAUSTED,
}


def convert_database_error(error: BaseException) -> ServiceUnavailable | None:
    """Return the error for the client, ``None`` if the statement itself is wrong."""
    match error:
        case PoolTimeout():
            return ServiceUnavailable(POOL_EXHAUSTED)
        case WriteQueueFull():
            return ServiceUnavailable(LOCK_TIMEOUT)
        case ReadOnlyDatabase():
            return ServiceUnavailable(READ_ONLY)
        case DBAPIError() if is_damaged(error):
            return ServiceUnavailable(DAMAGED)
        case OperationalError() | InterfaceError():
            return _convert_driver_error(error)
        case InternalError() if is_read_only(error.orig):
            # Also after a failover, on a server that is no longer the primary.
            return ServiceUnavailable(READ_ONLY)
    return None


def is_disconnect(error: BaseException) -> bool:
    """Return whether the connection broke at once. After a timeout, a retry could take just as long."""
    return (
        isinstance(error, DBAPIError)
        and error.connection_invalidated
        and not isinstance(error.orig, ServerTimeout)
    )


def _convert_driver_error(error: DBAPIError) -> ServiceUnavailable | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = get_sqlite_code(cause) or sqlite3.SQLITE_CANTOPEN
        kind = code & SQLITE_PRIMARY
        # SQLite reports an invalid statement as an OperationalError, like a missing file.
        if kind == sqlite3.SQLITE_ERROR:
            return None
        return ServiceUnavailable(
            SQLITE_MESSAGES.get(code) or SQLITE_MESSAGES.get(kind, UNREACHABLE)
        )
    return ServiceUnavailable(POSTGRESQL_MESSAGES.get(type(cause), UNREACHABLE))
