"""The options of engines."""

from typing import Protocol

from sqlalchemy import URL

from shoptrack.db.write_queue import WriteQueue


class EngineOptions(Protocol):
    """The attributes of `Database` that its engines use.

    :ivar statement_seconds: the statement timeout; ``None`` for none
    :ivar sqlite_synchronous: ``full`` if a commit waits for the disk, ``normal`` if it does not
    :ivar write_queue: orders the writers of one process
    """

    url: URL
    is_sqlite: bool
    statement_seconds: float | None
    sqlite_synchronous: str
    write_queue: WriteQueue
