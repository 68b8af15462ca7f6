"""What engines are made by."""

from typing import Protocol

from sqlalchemy import URL

from shoptrack.db.write_queue import WriteQueue


class EngineOptions(Protocol):
    """The part of a database that its engines are made by.

    :ivar statement_seconds: the statement timeout; ``None`` for none
    :ivar sqlite_synchronous: ``full`` where a commit waits for the disk, ``normal`` where it does not
    :ivar write_queue: orders the writers of one process
    """

    url: URL
    is_sqlite: bool
    statement_seconds: float | None
    sqlite_synchronous: str
    write_queue: WriteQueue
