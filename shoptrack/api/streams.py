"""Long lists: sent in parts as the rows come, so that memory stays bounded.

A reader that takes nothing holds a thread of the server once the server's buffer is full. So there are
never more such lists at a time than a setting says, and a reader that takes nothing for a minute is cut off.
"""

import logging
import socket
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic, sleep
from typing import Any

import orjson
from sqlalchemy import Select

from shoptrack.api.documents import Make
from shoptrack.db import Database
from shoptrack.errors import Unavailable
from shoptrack.web.request_id import carried

PART = 1000  # rows
LONG = 20_000  # rows: what is less fits into the buffer of the server, and holds no thread
PATIENCE = 0.25  # seconds that a list waits for another to end, before it is refused
STALLED = 60  # seconds in which a reader must take something
WATCH = 5  # seconds between two looks at the readers

log = logging.getLogger(__name__)


class Streams:
    """The long lists that are being sent by one application.

    :param most: how many at a time
    """

    def __init__(self, most: int):
        self._most = most
        self._places = BoundedSemaphore(most)
        self._open: set[Stream] = set()
        self._lock = Lock()
        self._watching = False

    @property
    def number(self) -> int:
        """Return how many are being sent now."""
        return len(self._open)

    def enter(self, stream: "Stream") -> None:
        """Let a list begin.

        :raises Unavailable: as many as may be are being sent
        """
        if not self._places.acquire(timeout=PATIENCE):
            raise Unavailable(
                f"{self._most} long lists are being sent already. Try again later, or ask for pages "
                "with limit.",
                retry_after=STALLED,
            )
        with self._lock:
            self._open.add(stream)
            if not self._watching:
                self._watching = True
                Thread(target=self._watch, name="streams", daemon=True).start()

    def leave(self, stream: "Stream") -> None:
        """Make the place free."""
        with self._lock:
            if stream not in self._open:
                return
            self._open.remove(stream)
        self._places.release()

    def _watch(self) -> None:
        """Cut off who takes nothing; end when nobody reads any more."""
        while True:
            sleep(WATCH)
            with self._lock:
                if not self._open:
                    self._watching = False
                    return
                stalled = [s for s in self._open if monotonic() - s.taken_at > STALLED]
            for stream in stalled:
                stream.cut_off()


class Stream:
    """The body of a list: JSON in parts, from one snapshot of the database.

    The first part is there before the answer begins, so that what fails early is answered properly.
    What fails later breaks the connection: an end that looks valid would be a lie.

    :param newest: the highest id: the list is no longer than that
    """

    def __init__(
        self, request: Any, statement: Select, values: dict[str, Any], make: Make, newest: int
    ):
        self._request = request
        self._make = make
        self._streams: Streams | None = None
        database = Database.of(request.registry)
        # PostgreSQL is asked for one part after the other, and does not work meanwhile. What fits
        # into memory is had sooner at once.
        self._connection = database.snapshot(PART) if newest > LONG else database.reads.connect()
        self.taken_at = monotonic()
        try:
            self._result = self._connection.execute(statement, values)
            self._parts = self._result.partitions(PART)
            self._first = next(self._parts, ())
        except BaseException:
            self._connection.close()
            raise

    @property
    def is_whole(self) -> bool:
        """Tell whether the first part is all."""
        return len(self._first) < PART

    def hold(self, streams: Streams) -> None:
        """Take one of the places for long lists.

        :raises Unavailable: there is none; the stream is closed
        """
        try:
            streams.enter(self)
        except BaseException:
            self.close()
            raise
        self._streams = streams

    def __iter__(self) -> Iterator[bytes]:
        """Yield the parts."""
        try:
            before = b"["
            for rows in self._rows():
                # Without its brackets a part can be joined to the next.
                yield before + orjson.dumps([self._make(row) for row in rows])[1:-1]
                self.taken_at = monotonic()
                before = b","
            yield b"[]" if before == b"[" else b"]"
        except Exception:
            with carried(self._request.request_id):
                log.exception("A list broke off while it was sent")
            raise
        finally:
            self.close()

    def _rows(self) -> Iterator[Any]:
        if self._first:
            yield self._first
        yield from self._parts

    def close(self) -> None:
        """Give the connection and the place back. The server calls this, also when the client is gone."""
        self._result.close()
        self._connection.close()
        if self._streams is not None:
            self._streams.leave(self)

    def cut_off(self) -> None:
        """Close the client's connection, as far as the server tells which it is."""
        # waitress has no time-out for this, but hands out a method of the connection.
        told: Callable | None = self._request.environ.get("waitress.client_disconnected")
        channel = getattr(told, "__self__", None)
        if channel is not None:
            log.warning("Request %s takes nothing and is cut off", self._request.request_id)
            channel.socket.shutdown(socket.SHUT_RDWR)
