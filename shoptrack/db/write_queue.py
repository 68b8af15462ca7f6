"""Those that wait for SQLite's write lock: few enough, so that the server's other threads can read.

SQLite lets one connection write at a time. The others wait in their threads, for seconds where another process does
not end: without a limit, as many writers as there are threads would stop everybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

MAX_STALL_SECONDS = 0.5  # without anybody getting the lock, after which further writers are refused


class WriteQueueFull(Exception):
    """As many writers as may wait do, and nobody gets the lock."""


class WriteQueue:
    """The writers of one process that wait for the lock.

    Where the lock is held for moments, as among the requests of one server, everybody gets a turn. Where nobody got it
    for a while, further writers are refused at once.
    """

    def __init__(self) -> None:
        self.limit: int | None = (
            None  # how many wait at a time; None for any number, as in commands
        )
        self._count = 0
        self._changed = Condition()
        self._moved_at = (
            monotonic()
        )  # when somebody got the lock, or began to wait for it as the only one

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Take part in the block, which waits for the lock.

        :raises WriteQueueFull: too many wait already
        """
        with self._changed:
            while self.limit is not None and self._count >= self.limit:
                left = self._moved_at + MAX_STALL_SECONDS - monotonic()
                if left <= 0:
                    raise WriteQueueFull
                self._changed.wait(left)
            if not self._count:
                self._moved_at = monotonic()
            self._count += 1
        try:
            yield
        except BaseException:
            self._leave(is_moving=False)
            raise
        self._leave(is_moving=True)

    def _leave(self, *, is_moving: bool) -> None:
        with self._changed:
            self._count -= 1
            if is_moving:
                self._moved_at = monotonic()
            # All: each of them waits no longer than until the next one moves.
            self._changed.notify_all()
