"""Limits the threads that wait for SQLite's write lock, so that the others can read.

SQLite allows one writer at a time. The others wait in their threads, for seconds if another process keeps the lock.
Without a limit, waiting writers could occupy every thread and block all requests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

MAX_STALL_SECONDS = 0.5  # without progress; after that, further writers are rejected


class WriteQueueFull(Exception):
    """The queue is full, and no writer gets the lock."""


class WriteQueue:
    """The writers of one process that wait for the lock.

    If each writer keeps the lock only briefly, as the requests of one server do, every writer gets its turn. If no
    writer got the lock for a while, further writers are rejected at once.
    """

    def __init__(self) -> None:
        self.limit: int | None = (
            None  # maximum number of waiting writers; None for no limit, as in commands
        )
        self._count = 0
        self._changed = Condition()
        self._moved_at = (
            monotonic()
        )  # when a writer last got the lock, or began to wait for it as the only one

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a free place in the queue; the block then waits for the lock.

        :raises WriteQueueFull: the queue is full and makes no progress
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
            # Wakes all: each one waits only until the next progress.
            self._changed.notify_all()
