"""Limit how many passwords are hashed at once, and how much memory they take.

Without the limit, each server thread could take 64 MiB for a sign-in, and nothing would be left for other requests.
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

from argon2 import DEFAULT_MEMORY_COST, PasswordHasher

from shoptrack.errors import ServiceUnavailable
from shoptrack.plugins import Deployment
from shoptrack.settings import read_memory_limit
from shoptrack_auth.translation import _

MAX_PARALLEL_HASHES = 2
DEFAULT_SLOTS = 4  # half of the threads in production.ini
MIB = 1024 * 1024
RESERVED_BYTES = 192 * MIB  # for the rest of the process
MIN_HASH_KIB = 16 * 1024  # with twelve passes, this is still above OWASP's minimum
NICENESS = 10  # of the 19 by which Linux can lower a thread's priority

T = TypeVar("T")

log = logging.getLogger(__name__)


class Busy(ServiceUnavailable):
    """All slots for hashing are taken."""

    detail = _("Too many passwords are being checked at the moment. Try again in a few seconds.")


class NoMemory(ServiceUnavailable):
    """The system has too little memory for the hash."""

    detail = _("The server has too little memory to check this password. Try again later.")


class HashLimiter:
    """The process's limit of parallel hashing. Requests occupy a slot while they hash, and while they wait.

    :param max_total_bytes: memory of all hashes at a time; a larger hash is computed alone
    :param max_hash_bytes: maximum memory of one hash; ``None`` for no limit
    """

    def __init__(self, max_total_bytes: int, max_hash_bytes: int | None = None):
        self.max_total_bytes = max_total_bytes
        self.max_hash_bytes = max_hash_bytes
        self.max_slots = DEFAULT_SLOTS
        self._thread = local()
        self._changed = Condition()
        self._active = 0  # slots
        self._waiting: deque[object] = deque()
        self._running: list[int] = []  # bytes of each hash
        self._workers = ThreadPoolExecutor(MAX_PARALLEL_HASHES, "hashing", _lower_priority)

    @property
    def active_count(self) -> int:
        """Return how many slots are taken."""
        return self._active

    @property
    def waiting_count(self) -> int:
        """Return how many hashes wait for memory."""
        return len(self._waiting)

    def set_thread_count(self, threads: int) -> None:
        """Reserve half of a server's threads for requests that do not hash."""
        self.max_slots = max(1, threads // 2)

    @contextmanager
    def reserve_slot(self) -> Iterator[None]:
        """Reserve a slot for the block. A thread takes no second slot for blocks inside it.

        :raises Busy: all slots are taken
        """
        if getattr(self._thread, "has_slot", False):
            yield
            return
        with self._changed:
            if self._active >= self.max_slots:
                raise Busy(retry_after=2)
            self._active += 1
        self._thread.has_slot = True
        try:
            yield
        finally:
            self._thread.has_slot = False
            with self._changed:
                self._active -= 1

    @contextmanager
    def reserve_memory(self, memory: int) -> Iterator[None]:
        """Wait for a slot and for memory, and reserve both for the block. A ``MemoryError`` becomes `NoMemory`.

        :param memory: bytes that the hash takes
        :raises Busy: all slots are taken
        :raises NoMemory: the hash needs more memory than there is
        """
        if self.max_hash_bytes is not None and memory > self.max_hash_bytes:
            log.warning(
                "A stored password hash needs %d MiB, but only %d MiB are available. "
                "Increase the memory limit, or set a new password for this user.",
                memory // MIB,
                self.max_hash_bytes // MIB,
            )
            raise NoMemory(retry_after=60)
        with self.reserve_slot():
            self._wait(memory)
            try:
                yield
            except MemoryError as error:
                log.warning("Hashing a password failed: %s", error or "no memory")
                raise NoMemory from None
            finally:
                with self._changed:
                    self._running.remove(memory)
                    self._changed.notify_all()

    def run(self, memory: int, work: Callable[[], T]) -> T:
        """Return the result of a computation, which a thread of low priority runs within the limit.

        Two hashes keep eight threads of argon2 busy. At equal priority, small requests would wait for the processors.

        :param memory: bytes that the hash takes
        :raises ServiceUnavailable: as `reserve_memory`
        """
        with self.reserve_memory(memory):
            try:
                future = self._workers.submit(work)
            except RuntimeError as error:  # the system has no thread left
                raise MemoryError(str(error)) from None
            return future.result()

    def _wait(self, memory: int) -> None:
        """Wait in the order of arrival, so that small hashes do not overtake a large one for ever."""
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
        is_free = len(self._running) < MAX_PARALLEL_HASHES
        return is_free and sum(self._running) + memory <= self.max_total_bytes


def _lower_priority() -> None:
    """Lower the priority of this thread and of those that it starts. Only Linux has priorities of threads."""
    if sys.platform == "linux":
        thread = get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)


def get_allowed_memory() -> int | None:
    """Return the process's memory limit in bytes: the lowest of its control groups and the machine's memory."""
    limit = read_memory_limit()
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on this system
        return limit
    return machine if limit is None else min(limit, machine)


def fit_hasher(hasher: PasswordHasher, limit: int | None) -> tuple[PasswordHasher, HashLimiter]:
    """Return a hasher and a limiter that fit into a process's memory.

    Where a hash does not fit, its memory is halved and its passes are doubled, and so on: guessing a password takes as
    long. With larger hashes, the kernel would kill the process.

    :param hasher: has the default cost
    :param limit: the process's memory in bytes; ``None`` if unknown
    """
    wanted, passes = hasher.memory_cost, hasher.time_cost
    if limit is None:
        return hasher, HashLimiter(MAX_PARALLEL_HASHES * wanted * 1024)
    available, kib = limit - RESERVED_BYTES, wanted
    while kib * 1024 > available and kib // 2 >= MIN_HASH_KIB:
        kib, passes = kib // 2, passes * 2
    if kib != wanted:
        log.warning(
            "Memory is limited to %d MiB, and %d MiB are reserved: passwords are hashed with %d MiB "
            "instead of %d MiB, in %d passes",
            limit // MIB,
            RESERVED_BYTES // MIB,
            kib // 1024,
            wanted // 1024,
            passes,
        )
        hasher = PasswordHasher(time_cost=passes, memory_cost=kib, parallelism=hasher.parallelism)
    max_hash_bytes = max(available, kib * 1024)
    max_total_bytes = min(MAX_PARALLEL_HASHES * kib * 1024, max_hash_bytes)
    return hasher, HashLimiter(max_total_bytes, max_hash_bytes)


def check_hash_memory(deployment: Deployment) -> str | None:
    """Return a warning for a container that has too little memory for two hashes of the default cost."""
    limit = deployment.memory_bytes
    needed = RESERVED_BYTES + MAX_PARALLEL_HASHES * DEFAULT_MEMORY_COST * 1024
    if limit is None or limit >= needed:
        return None
    return (
        f"The container has {limit // MIB} MiB of memory, so passwords are hashed one at a time, or with less memory. "
        f"Raise the limit to {needed // MIB} MiB."
    )
