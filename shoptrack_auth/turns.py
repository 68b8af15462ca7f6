"""Taking turns at hashing passwords, so that strangers who ask for it take neither all memory nor all threads.

Without it, as many sign-ins at once as a server has threads take 64 MiB each, and nobody else is served meanwhile.
"""

import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition, get_native_id, local
from typing import TypeVar

from shoptrack.errors import ServiceUnavailable
from shoptrack_auth.translation import _

AT_ONCE = 2  # hashes
PLACES = 4  # half of the threads that production.ini gives a server
MIB = 1024 * 1024
GIVEN_WAY = 10  # of the 19 by which a thread of Linux can be nicer than it was

T = TypeVar("T")

log = logging.getLogger(__name__)


class Busy(ServiceUnavailable):
    """As many passwords as may be are being hashed, or wait for it."""

    detail = _("Too many passwords are being checked at the moment. Try again in a few seconds.")


class NoMemory(ServiceUnavailable):
    """The system does not give what the hash takes."""

    detail = _("The server lacks the memory to check this password now. Try again later.")


class Turns:
    """Who hashes in this process, and who waits for it.

    :param together: bytes that all hashes at a time may take; one that takes more is computed alone
    :param most: bytes past which a hash is not computed at all; ``None`` for no limit
    """

    def __init__(self, together: int, most: int | None = None):
        self.together = together
        self.most = most
        self.places = PLACES
        self._mine = local()
        self._changed = Condition()
        self._held = 0  # places
        self._waiting: deque[object] = deque()
        self._running: list[int] = []  # bytes of each hash
        self._workers = ThreadPoolExecutor(AT_ONCE, "hashing", _give_way)

    @property
    def held(self) -> int:
        """Return how many hash or wait for it."""
        return self._held

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def serve(self, threads: int) -> None:
        """Leave half of a server's threads to others."""
        self.places = max(1, threads // 2)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places. Who holds one keeps it for all turns inside the block.

        :raises Busy: there is none
        """
        if getattr(self._mine, "place", False):
            yield
            return
        with self._changed:
            if self._held >= self.places:
                raise Busy(retry_after=2)
            self._held += 1
        self._mine.place = True
        try:
            yield
        finally:
            self._mine.place = False
            with self._changed:
                self._held -= 1

    @contextmanager
    def turn(self, memory: int) -> Iterator[None]:
        """Hash inside the block, once it is this one's turn. A ``MemoryError`` in it is answered as `NoMemory`.

        :param memory: bytes that the hash takes
        :raises Busy: there is no place to wait at
        :raises NoMemory: the hash takes more than there is
        """
        if self.most is not None and memory > self.most:
            log.warning(
                "A stored hash takes %d MiB to compute, and the process has %d MiB for it. "
                "Give it more memory, or the user another password.",
                memory // MIB,
                self.most // MIB,
            )
            raise NoMemory(retry_after=60)
        with self.place():
            self._wait(memory)
            try:
                yield
            except MemoryError as error:
                log.warning("A password could not be hashed: %s", error or "no memory")
                raise NoMemory from None
            finally:
                with self._changed:
                    self._running.remove(memory)
                    self._changed.notify_all()

    def compute(self, memory: int, work: Callable[[], T]) -> T:
        """Return what a computation gives, which is done in its turn, by a thread that gives way to those of requests.

        Two hashes keep eight threads of argon2 busy, and a small request would have to share the processors with them.

        :param memory: bytes that the hash takes
        :raises ServiceUnavailable: as `turn` does
        """
        with self.turn(memory):
            try:
                done = self._workers.submit(work)
            except RuntimeError as error:  # the system gives no thread
                raise MemoryError(str(error)) from None
            return done.result()

    def _wait(self, memory: int) -> None:
        """Return when it is this one's turn: in the order of arrival, so that a large one gets its turn too."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                self._changed.wait_for(lambda: self._waiting[0] is ticket and self._fits(memory))
                self._running.append(memory)
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _fits(self, memory: int) -> bool:
        if not self._running:
            return True
        return len(self._running) < AT_ONCE and sum(self._running) + memory <= self.together


def _give_way() -> None:
    """Let this thread, and those that it starts, run after others that have work. Only on Linux are they told apart."""
    if sys.platform == "linux":
        thread = get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + GIVEN_WAY)
