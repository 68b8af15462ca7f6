"""Checks a SQLite file for ``shoptrack check``: damage, and changes left in its write-ahead log."""

from shoptrack.db.database import Database
from shoptrack.db.diagnosis import RESTORE, get_path, get_size, get_wal
from shoptrack.errors import DomainError

MAX_FINDINGS = 5
WAL_HEADER_BYTES = 32


class DamagedFile(DomainError):
    """The SQLite file is damaged."""


def check_file(database: Database) -> str | None:
    """Read all pages of the file, and return a warning if it had a ``-wal`` file that no process used.

    Closing the last connection moves such changes into the file.

    :raises DamagedFile: the file is damaged
    """
    path = get_path(database.url)
    wal = get_wal(path)
    size = get_size(wal)
    with database.read_engine.connect() as connection:
        found = connection.exec_driver_sql(f"PRAGMA quick_check({MAX_FINDINGS})").scalars().all()
    if found != ["ok"]:
        findings = "; ".join(str(finding).replace("\n", " ") for finding in found)
        raise DamagedFile(f"{path} is damaged: {findings}. {RESTORE}.")
    database.dispose()
    if size <= WAL_HEADER_BYTES or wal.exists():
        return None
    return (
        f"{wal} was left behind ({size:,} bytes), by a process that was killed or beside a copy. Its changes are in "
        f"{path} now. A copy of the file alone lacks them: copy by shoptrack backup, or by sqlite3's .backup."
    )
