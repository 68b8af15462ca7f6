"""The memory of requests that arrive or wait for a thread: what all of them together may take."""

from threading import Lock

from shoptrack.errors import ServiceUnavailable
from shoptrack.web.body_limit import MAX_OPEN_BODY_BYTES, BodyLimits

MAX_FREE_BYTES = 4096  # of a request that is there whole: as most are, and they are never refused


class PendingRequests:
    """Counts the bytes of requests that have arrived, in part or whole, until they are answered.

    A quarter of the memory is for small requests, so that whoever sends a few large ones keeps nobody from signing in.

    :param limits: how long each path's bodies may be
    :param max_bytes: of all requests together
    """

    def __init__(self, limits: BodyLimits, max_bytes: int):
        self.limits = limits
        self._max_bytes = max_bytes
        self._lock = Lock()  # answered requests are let go by the threads
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """Return how many there are."""
        return self._bytes

    def count(self, before: int, now: int, expected: int) -> None:
        """Note that a request has grown, or that it is gone.

        :param before: bytes that it was counted with
        :param expected: bytes that it will have, as far as is known
        :raises ServiceUnavailable: there is no memory for more; it is counted as before
        """
        small = max(now, expected) <= MAX_OPEN_BODY_BYTES
        max_bytes = self._max_bytes if small else self._max_bytes * 3 // 4
        with self._lock:
            if now > before and self._bytes + now - before > max_bytes:
                raise ServiceUnavailable(
                    "The server has too many requests in hand. Try again in a few seconds."
                )
            self._bytes += now - before
