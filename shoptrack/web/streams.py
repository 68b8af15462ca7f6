"""Streams: responses that are made while they are sent, so that memory stays bounded however long they are.

A client that takes nothing keeps a thread of the server once the server's buffer is full. So a setting limits how
many long responses are sent at a time, and a client that takes nothing for a minute is disconnected.

Views stream by `stream`. What a library streams by itself is admitted by `admit`, under the same limit.
"""

import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic, sleep
from typing import Any
from weakref import WeakSet

from pyramid.response import Response
from sqlalchemy import Connection, event

from shoptrack.db import Database
from shoptrack.db.requests import release_connections
from shoptrack.errors import ServiceUnavailable
from shoptrack.i18n.translation import _
from shoptrack.resources.repository import CHUNK_ROWS
from shoptrack.settings import Settings
from shoptrack.web import request_id
from shoptrack.web.head import is_head
from shoptrack.web.refusal_log import RefusalLog

READ_AHEAD_BYTES = 256 << 10  # what is shorter is sent whole, with its length
# What the server's buffer takes, 16 MiB in waitress, less the chunk that is too much.
SHORT_BYTES = 12 << 20
SLOT_WAIT_SECONDS = 0.25  # for another stream to end, before a request is refused
STALL_SECONDS = 60  # in which a client must take something
STALL_CHECK_SECONDS = 5  # between two looks at the clients

log = logging.getLogger(__name__)

# Either what is in memory, or a function that reads it by the connection it is given.
Chunks = Iterable[bytes] | Callable[[Connection], Iterable[bytes]]


class StreamLimiter:
    """The long responses that are being sent by one application.

    :param limit: how many at a time
    """

    def __init__(self, limit: int):
        self._slots = BoundedSemaphore(limit)
        # Weak, so that a body that a server drops is closed.
        self._active: WeakSet[ListStream] = WeakSet()
        self.active_count = 0
        self._lock = Lock()
        self._is_watching = False

    def acquire(self, stream: "ListStream", wait_seconds: float = SLOT_WAIT_SECONDS) -> None:
        """Take a slot for a stream.

        :raises ServiceUnavailable: all slots are taken
        """
        if not self._slots.acquire(timeout=wait_seconds):
            raise ServiceUnavailable(
                _(
                    "Too many long responses are being sent. Try again later, or request fewer rows."
                ),
                retry_after=STALL_SECONDS,
            )
        with self._lock:
            self.active_count += 1
            self._active.add(stream)
            if not self._is_watching:
                self._is_watching = True
                Thread(target=self._disconnect_stalled, name="streams", daemon=True).start()

    def release(self, stream: "ListStream") -> None:
        """Free the slot of a stream."""
        with self._lock:
            self.active_count -= 1
            self._active.discard(stream)
        self._slots.release()

    def _disconnect_stalled(self) -> None:
        """Disconnect clients that take nothing; end when no stream is left."""
        while True:
            sleep(STALL_CHECK_SECONDS)
            with self._lock:
                if not self.active_count:
                    self._is_watching = False
                    return
                active = list(self._active)
            for stream in active:
                if stream.is_stalled:
                    stream.disconnect_client()


class ListStream:
    """The body of a response, which is made while it is sent.

    Its first chunks are there before the response begins, so that what fails early is answered properly.
    What fails later breaks the connection: an end that looks valid would be a lie.

    Of a HEAD nothing is sent, so it needs no slot: its first chunks only tell which headers GET would have.

    :param close: gives back what the chunks are made from, once: with the end of the response, when the client
        leaves, or when the body is dropped
    :param is_short: whether it fits into the server's buffer, so that it needs no slot; one that grows longer
        all the same needs one then
    :param read_ahead_bytes: how much is made before the response begins, `READ_AHEAD_BYTES` by default; 0 for the first
        chunk alone
    :raises ServiceUnavailable: it is long, and all slots are taken
    """

    def __init__(
        self,
        environ: dict[str, Any],
        registry,
        chunks: Iterable[bytes],
        close: Callable[[], None] | None = None,
        *,
        is_short: bool = False,
        read_ahead_bytes: int | None = None,
    ):
        self._environ = environ
        self._refusals: RefusalLog = registry[RefusalLog]
        self._limiter: StreamLimiter = registry[StreamLimiter]
        self._source = chunks
        self._close = close
        self.has_connection = (
            close is not None
        )  # of its own, so that it needs none of the request's
        self._is_short = is_short
        self._is_closed = False
        self._has_slot = False
        self._sent_bytes = 0
        self._given_at: float | None = None  # when the server got the chunk that it sends
        try:
            chunks = iter(chunks)
            limit = READ_AHEAD_BYTES if read_ahead_bytes is None else read_ahead_bytes
            first, self.is_complete = _read_ahead(chunks, limit)
            self._chunks = chain(first, chunks)
            if not self.is_complete and not is_short and not is_head(environ):
                self._acquire_slot()
        except BaseException:
            self.close()
            raise

    @property
    def is_stalled(self) -> bool:
        """Whether the client took nothing for too long. How long the next chunk takes to be made does not count."""
        given_at = self._given_at
        return given_at is not None and monotonic() - given_at > STALL_SECONDS

    def __iter__(self) -> "ListStream":
        """Return itself: it can be read once."""
        return self

    def __next__(self) -> bytes:
        """Return the next chunk."""
        self._given_at = None
        try:
            chunk = next(self._chunks)
            self._sent_bytes += len(chunk)
            if self._is_short and self._sent_bytes > SHORT_BYTES:
                self._is_short = False
                self._acquire_slot(wait_seconds=0)
        except StopIteration:
            self.close()
            raise
        except Exception as error:
            with request_id.bind_request_id(request_id.get_request_id(self._environ)):
                self._refusals.log_failure("Sending a response", error)
            self.close()
            raise
        self._given_at = monotonic()
        return chunk

    def close(self) -> None:
        """Give the connections and the slot back. The server calls this, also when the client is gone."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            close = getattr(self._source, "close", None)
            if close is not None:
                close()
        finally:
            if self._close is not None:
                self._close()
            release_connections(self._environ)
            if self._has_slot:
                self._limiter.release(self)

    def _acquire_slot(self, wait_seconds: float = SLOT_WAIT_SECONDS) -> None:
        self._limiter.acquire(self, wait_seconds)
        self._has_slot = True

    def __del__(self) -> None:
        """Close it, where a server dropped it."""
        self.close()

    def disconnect_client(self) -> None:
        """Close the client's connection, as far as the server tells which it is."""
        # waitress has no time-out for this, but hands out a method of the connection.
        told: Callable | None = self._environ.get("waitress.client_disconnected")
        channel = getattr(told, "__self__", None)
        if channel is not None:
            log.warning(
                "Disconnected stalled client of request %s",
                request_id.get_request_id(self._environ),
            )
            channel.socket.shutdown(socket.SHUT_RDWR)


def stream(
    request,
    chunks: Chunks,
    *,
    content_type: str,
    filename: str | None = None,
    is_short: bool = False,
) -> Response:
    """Return the response that sends chunks while they are made.

    The first ones are made at once, so that an error before the first is answered as any other. A response of less
    than `READ_AHEAD_BYTES` is sent whole. A longer one takes one of ``SHOPTRACK_MAX_STREAMS`` slots.

    :param chunks: the bytes, or a function that gets a connection and yields them. All that it reads is from
        one snapshot of the database, `CHUNK_ROWS` rows in memory at a time; the connection goes back to the pool with
        the end of the response, also when the client leaves.
    :param filename: what the client stores it as
    :param is_short: whether it surely has less than `SHORT_BYTES`, is read by one statement, and so takes no slot
    :raises ServiceUnavailable: all slots are taken
    """
    close = None
    if callable(chunks):
        database = Database.of(request.registry)
        # PostgreSQL is asked for one chunk after the other, and does not work meanwhile. What fits into memory is
        # had sooner at once, but of a HEAD the rest is never wanted.
        at_once = is_short and not is_head(request.environ)
        source = _Source(
            database.read_engine.connect() if at_once else database.snapshot(CHUNK_ROWS)
        )
        close = source.close
        chunks = source.read(chunks)
    body = ListStream(request.environ, request.registry, chunks, close, is_short=is_short)
    response = request.response
    response.content_type = content_type
    if content_type.startswith("text/"):
        response.charset = "utf-8"
    if filename is not None:
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    if body.is_complete:
        response.body = b"".join(body)
    else:
        response.app_iter = body
    return response


def admit(environ: dict[str, Any], registry, body: Iterable[bytes]) -> Iterable[bytes]:
    """Return the body of any response: as it is where it is in memory, else under the limit of streams.

    :raises ServiceUnavailable: all slots are taken
    """
    if isinstance(body, ListStream):
        if body.has_connection:
            release_connections(environ)
        return body
    # The server sends files by itself, without a thread.
    if isinstance(body, list | tuple) or type(body) is environ.get("wsgi.file_wrapper"):
        release_connections(environ)
        return body
    # One chunk only: nobody knows whether the next one comes at once.
    made = ListStream(environ, registry, body, read_ahead_bytes=0)
    return [b"".join(made)] if made.is_complete else made


class _Source:
    """A stream's connection, and the results that are read from it."""

    def __init__(self, connection: Connection):
        self._connection = connection
        self._results: list[Any] = []
        event.listen(connection, "after_execute", self._note)

    def _note(self, connection, statement, many, values, options, result) -> None:
        self._results.append(result)

    def read(self, chunks: Callable[[Connection], Iterable[bytes]]) -> Iterator[bytes]:
        """Call the function only when its first chunk is wanted, where its errors close the connection."""
        yield from chunks(self._connection)

    def close(self) -> None:
        """Close what was read half-way, for which PostgreSQL keeps a cursor, and give the connection back."""
        try:
            for result in self._results:
                result.close()
        finally:
            self._connection.close()


def _read_ahead(chunks: Iterator[bytes], limit: int) -> tuple[list[bytes], bool]:
    """Return the first chunks, up to so many bytes, and whether they are all."""
    first: list[bytes] = []
    size = 0
    for chunk in chunks:
        first.append(chunk)
        size += len(chunk)
        if size >= limit:
            return first, False
    return first, True


def includeme(config):
    """Let the application send as many streams as the setting says."""
    config.registry[StreamLimiter] = StreamLimiter(Settings.of(config.registry).max_streams)
