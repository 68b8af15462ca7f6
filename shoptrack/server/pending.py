"""Limits the memory of all requests that are being received or wait for a thread, and the disk that uploads take."""

import logging
from tempfile import gettempdir
from threading import Lock

from shoptrack.errors import ServiceUnavailable
from shoptrack.web.body_limit import MAX_OPEN_BODY_BYTES, BodyLimits
from shoptrack.web.logs import LogLimit

MAX_FREE_BYTES = 4096  # of a complete request; smaller ones, as most are, do not count

log = logging.getLogger(__name__)


class PendingRequests:
    """Counts the bytes of received requests until they are answered.

    A quarter of the memory is reserved for small requests, so that a few large ones prevent nobody from signing in.

    :param limits: of the bodies of each path
    :param max_bytes: of all requests together
    :param max_disk_bytes: of all uploads together
    """

    def __init__(self, limits: BodyLimits, max_bytes: int, max_disk_bytes: int):
        self.limits = limits
        self._max_bytes = max_bytes
        self._max_disk_bytes = max_disk_bytes
        self._lock = Lock()  # threads release answered requests
        self._bytes = 0
        self._disk_bytes = 0
        self._log_limit = LogLimit()

    @property
    def bytes(self) -> int:
        """Return the current sum."""
        return self._bytes

    @property
    def disk_bytes(self) -> int:
        """Return the current sum of uploads in temporary files."""
        return self._disk_bytes

    def count(self, before: int, now: int, expected: int) -> None:
        """Update the sum for a request that has grown or is gone.

        :param before: bytes that it was counted with so far
        :param expected: its final size, as far as is known
        :raises ServiceUnavailable: the limit is reached; the sum stays as it was
        """
        small = max(now, expected) <= MAX_OPEN_BODY_BYTES
        max_bytes = self._max_bytes if small else self._max_bytes * 3 // 4
        with self._lock:
            if now > before and self._bytes + now - before > max_bytes:
                raise ServiceUnavailable(
                    "The server has too many requests in hand. Try again in a few seconds."
                )
            self._bytes += now - before

    def count_disk(self, before: int, now: int) -> None:
        """Update the sum for an upload that has grown or is gone.

        :raises ServiceUnavailable: the limit is reached; the sum stays as it was
        """
        with self._lock:
            if now > before and self._disk_bytes + now - before > self._max_disk_bytes:
                raise ServiceUnavailable(
                    "The server has too many uploads in hand. Try again in a few seconds."
                )
            self._disk_bytes += now - before

    def make_disk_error(self, error: OSError) -> ServiceUnavailable:
        """Return the error of an upload that cannot be written, and log the reason."""
        if self._log_limit.allow():
            log.error(
                "Cannot write an upload to %s (%s). Make room, or name another folder in TMPDIR.",
                gettempdir(),
                error.strerror,
            )
        return ServiceUnavailable("The server has no room for this file. Try again later.")
