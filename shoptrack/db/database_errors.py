"""What a client is told when the database cannot do its work: that it may come again, and why.

The drivers' errors are told apart by their codes. Neither the code nor the driver's text leaves the server.
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
from shoptrack.db.server_timeouts import Silence
from shoptrack.db.write_queue import WriteQueueFull
from shoptrack.errors import Unavailable
from shoptrack.i18n.translation import _

AWAY = _("The database cannot be reached at the moment. Try again later.")
CROWDED = _("All connections to the database are in use. Try again later.")
SLOW = _("The database took too long for this. Ask for less at a time, or try again later.")
BUSY = _("Another change takes too long. Try again later.")
READ_ONLY = _("The database takes no changes at the moment. Nothing was changed. Try again later.")
DAMAGED = _("The database is damaged. Only those who run this server can mend it.")
FULL = _("The server's disk is full or fails. Nothing was changed. Try again later.")

SQLITE_SENTENCES = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_INTERRUPT: SLOW,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR_WRITE: FULL,  # of a quota, too
    sqlite3.SQLITE_IOERR_FSYNC: FULL,
}
POSTGRESQL_SENTENCES: dict[type | None, str] = {
    psycopg.errors.QueryCanceled: SLOW,
    psycopg.errors.LockNotAvailable: BUSY,
    psycopg.errors.DiskFull: FULL,
    psycopg.errors.TooManyConnections: CROWDED,
}


def unavailable(error: BaseException) -> Unavailable | None:
    """Return what a client is told of an error, or ``None`` where the statement is to blame."""
    match error:
        case PoolTimeout():
            return Unavailable(CROWDED)
        case WriteQueueFull():
            return Unavailable(BUSY)
        case ReadOnlyDatabase():
            return Unavailable(READ_ONLY)
        case DBAPIError() if is_damaged(error):
            return Unavailable(DAMAGED)
        case OperationalError() | InterfaceError():
            return _of_driver(error)
        case InternalError() if is_read_only(error.orig):
            # Also where another server writes now, and this is not yet it.
            return Unavailable(READ_ONLY)
    return None


def is_cut(error: BaseException) -> bool:
    """Tell whether a connection broke at once; what was silent may be so again, and take as long."""
    return (
        isinstance(error, DBAPIError)
        and error.connection_invalidated
        and not isinstance(error.orig, Silence)
    )


def _of_driver(error: DBAPIError) -> Unavailable | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = get_sqlite_code(cause) or sqlite3.SQLITE_CANTOPEN
        kind = code & SQLITE_PRIMARY
        # SQLite calls a wrong statement operational, as it does a missing file.
        if kind == sqlite3.SQLITE_ERROR:
            return None
        return Unavailable(SQLITE_SENTENCES.get(code) or SQLITE_SENTENCES.get(kind, AWAY))
    return Unavailable(POSTGRESQL_SENTENCES.get(type(cause), AWAY))
