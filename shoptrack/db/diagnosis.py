"""Explains to operators why a database cannot be used: which file, the problem, and a remedy.

Drivers only say "unable to open database file". The reason is added to SQLAlchemy's error, whose first line
remains the driver's. Clients never see it.
"""

import os
import sqlite3
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import DBAPIError

from shoptrack.db.options import EngineOptions

SQLITE_PRIMARY = 0xFF  # mask of the primary code in an extended result code
DAMAGED_CODES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
RESTORE = "Stop ShopTrack, put the file aside and restore a backup"


class ReadOnlyDatabase(Exception):
    """The database is read-only; the text says why."""


def get_sqlite_code(error: BaseException | None) -> int | None:
    """Return the extended result code of a SQLite error; ``None`` if it has none."""
    code = getattr(error, "sqlite_errorcode", None)
    return code if isinstance(code, int) else None


def is_damaged(error: DBAPIError) -> bool:
    """Return whether SQLite's file is damaged, so that retrying is useless."""
    code = get_sqlite_code(error.orig)
    return code is not None and code & SQLITE_PRIMARY in DAMAGED_CODES


def is_read_only(error: BaseException | None) -> bool:
    """Return whether a driver's error means that the database is read-only."""
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return True
    code = get_sqlite_code(error)
    return code is not None and code & SQLITE_PRIMARY == sqlite3.SQLITE_READONLY


def format_error(error: DBAPIError) -> str:
    """Return the driver's message, and the reason if one was found."""
    return " ".join([str(error.orig).strip(), *(f"({reason})" for reason in error.detail)])


def get_path(url: URL) -> Path:
    """Return the path of a SQLite file, which the URL may give as a URI."""
    name = url.database or ""
    if name.startswith("file:"):
        name = unquote(urlsplit(name).path)
    return Path(name).absolute()


def get_wal(path: Path) -> Path:
    """Return the path of the write-ahead log: changes that are not in the SQLite file yet."""
    return path.with_name(f"{path.name}-wal")


def get_size(path: Path) -> int:
    """Return the size of a file in bytes, 0 if it is missing."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def install_diagnosis(engine: Engine, database: EngineOptions) -> None:
    """Add the reason to each error of an engine, and reject connections that would lose rows."""

    @event.listens_for(engine, "handle_error")
    def handle(context):
        error = context.sqlalchemy_exception
        reason = find_reason(context.original_exception, database.url)
        if error is not None and reason:
            error.add_detail(reason)
        if is_read_only(context.original_exception):
            # A connection keeps the access mode that the file or role had at its start, so the whole pool is replaced.
            context.is_disconnect = True

    if database.is_sqlite:
        path = get_path(database.url)
        wal = get_wal(path)

        @event.listens_for(engine, "do_connect")
        def connect(dialect, record, arguments, options):
            if not get_size(path) and get_size(wal):
                raise sqlite3.OperationalError(
                    f"{path} is missing or empty, while {wal.name} beside it holds its last changes, which a new "
                    f"file would delete. Put the file back beside it, or move {wal.name} away"
                )


def find_reason(error: BaseException, url: URL) -> str | None:
    """Return the reason for a driver's error, if the file reveals more than the driver says."""
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return explain_read_only_server()
    code = get_sqlite_code(error)
    if code is None:
        return None
    path = get_path(url)
    match code & SQLITE_PRIMARY:
        case sqlite3.SQLITE_NOTADB:
            return f"{path} is no SQLite file, or its header is damaged. {RESTORE}, or name another file."
        case sqlite3.SQLITE_CORRUPT:
            return f"{path} is damaged. {RESTORE}."
        case sqlite3.SQLITE_READONLY:
            return _explain_read_only_file(path, url, code)
        case sqlite3.SQLITE_CANTOPEN:
            return _explain_open(path)
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return f"The file is {path}."
    return None


def explain_read_only_server() -> str:
    """Return why PostgreSQL rejects writes, and a remedy."""
    return (
        "PostgreSQL takes no changes: it is a standby, or default_transaction_read_only is on for the server, the "
        "database or the role. Name the server that takes changes."
    )


def _explain_read_only_file(path: Path, url: URL, code: int) -> str:
    user = f"user {os.geteuid()}"
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return f"{path} was moved or replaced while it was in use."
    if "mode=ro" in str(url.database) or url.query.get("mode") == "ro":
        return f"{path} can only be read, as its address says mode=ro."
    if not _is_writable(path):
        return f"{path} can only be read by {user}. Make it writable: the file, or the disk that it is on."
    return f"{path} can only be read. Make its folder writable for {user}, and restart."


def _explain_open(path: Path) -> str:
    user = f"user {os.geteuid()}"
    if not path.parent.is_dir():
        return f"The folder {path.parent} does not exist."
    if path.is_dir():
        return f"{path} is a folder."
    if path.exists() and not os.access(path, os.R_OK, effective_ids=True):
        return f"{path} cannot be read by {user}."
    if not _is_writable(path.parent):
        return (
            f"The folder {path.parent} cannot be written by {user}, and SQLite keeps {get_wal(path).name} there. "
            "Make it writable: the folder, or the disk that it is on."
        )
    return f"The file is {path}."


def _is_writable(path: Path) -> bool:
    """Return whether this process may write, including the file system's mode and the file's attributes."""
    return os.access(path, os.W_OK, effective_ids=True)
