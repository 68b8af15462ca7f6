"""Streams: responses that are made while they are sent, so that memory stays bounded at any length.

If the server's buffer is full, a stalled client blocks a thread of the server. So a setting limits the number of
parallel streams, and a client that reads nothing for a minute is disconnected.

Views stream by `stream`. Streams of libraries pass `admit`, under the same limit.
"""

import logging
import re
import socket
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote
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

READ_AHEAD_BYTES = 256 << 10  # shorter responses are sent whole, with their length
# The server's buffer, 16 MiB in waitress, less the chunk that may exceed it.
SHORT_BYTES = 12 << 20
SLOT_WAIT_SECONDS = 0.25  # for another stream to end, before a request is rejected
STALL_SECONDS = 60  # the maximum time for which a client may read nothing
STALL_CHECK_SECONDS = 5  # between two checks of the clients
PLAIN_NAME = re.compile(r"[ !#-\[\]-~]+")  # ASCII without quotes and backslashes

log = logging.getLogger(__name__)

# Either data in memory, or a function that reads the data by a connection.
Chunks = Iterable[bytes] | Callable[[Connection], Iterable[bytes]]


class StreamLimiter:
    """The streams of one application.

    :param limit: maximum number at a time
    """

    def __init__(self, limit: int):
        self._slots = BoundedSemaphore(limit)
        # Weak references, so that a body that a server drops is closed.
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
        """Disconnect stalled clients; end when no stream is left."""
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

    Its first chunks are made before the response begins, so that early errors get an error response. Later errors break
    the connection: a regular end would make the client believe that the body is complete.

    The response to a HEAD has no body, so it needs no slot: the first chunks only determine GET's headers.

    :param close: releases the source of the chunks, once: at the end of the response, when the client disconnects, or
        when the body is dropped
    :param is_short: whether it fits into the server's buffer, so that it needs no slot; if it grows longer
        nevertheless, it needs one then
    :param read_ahead_bytes: bytes that are made before the response begins, `READ_AHEAD_BYTES` by default; 0 for the
        first chunk alone
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
        )  # of its own, so that it does not need the request's
        self._is_short = is_short
        self._is_closed = False
        self._has_slot = False
        self._sent_bytes = 0
        self._given_at: float | None = None  # when the server got the chunk that it is sending
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
        """Return whether the client has read nothing for too long. The time to make the next chunk does not count."""
        given_at = self._given_at
        return given_at is not None and monotonic() - given_at > STALL_SECONDS

    def __iter__(self) -> "ListStream":
        """Return the stream itself, which can be read once."""
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
        """Release the connections and the slot. The server calls this, also after a disconnect."""
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
        """Close a stream that a server has dropped."""
        self.close()

    def disconnect_client(self) -> None:
        """Close the client's connection, if the server gives access to it."""
        # waitress has no timeout for this, but offers a method of the connection.
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

    The first chunks are made at once, so that an early error gets a regular error response. A response of less than
    `READ_AHEAD_BYTES` is sent whole. A longer one takes one of ``SHOPTRACK_MAX_STREAMS`` slots.

    :param chunks: the bytes, or a function that gets a connection and yields them. It reads from one snapshot of the
        database, with `CHUNK_ROWS` rows in memory at a time. The connection returns to the pool at the end of the
        response, also when the client disconnects.
    :param filename: the name of the client's file
    :param is_short: whether it certainly has less than `SHORT_BYTES` and is read by one statement, so that it takes no
        slot
    :raises ServiceUnavailable: all slots are taken
    """
    close = None
    if callable(chunks):
        database = Database.of(request.registry)
        # PostgreSQL is queried chunk by chunk, and waits in between. Data that fits into memory is read faster at once,
        # but a HEAD never needs the rest.
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
        response.headers["Content-Disposition"] = _format_disposition(filename)
    if body.is_complete:
        response.body = b"".join(body)
    else:
        response.app_iter = body
    return response


def _format_disposition(filename: str) -> str:
    """Return the header that names a file to be saved. Headers are ASCII, so other names are encoded (RFC 6266)."""
    if PLAIN_NAME.fullmatch(filename):
        return f'attachment; filename="{filename}"'
    return f"attachment; filename*=UTF-8''{quote(filename, safe='')}"


def admit(environ: dict[str, Any], registry, body: Iterable[bytes]) -> Iterable[bytes]:
    """Return the body of any response: unchanged if it is in memory, else as a stream under the limit.

    :raises ServiceUnavailable: all slots are taken
    """
    if isinstance(body, ListStream):
        if body.has_connection:
            release_connections(environ)
        return body
    # The server sends files itself, without a thread.
    if isinstance(body, list | tuple) or type(body) is environ.get("wsgi.file_wrapper"):
        release_connections(environ)
        return body
    # One chunk only, because the next one may take long.
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
        """Call the function only when its first chunk is read. There, an error closes the connection."""
        yield from chunks(self._connection)

    def close(self) -> None:
        """Close unfinished results, for which PostgreSQL keeps a cursor, and release the connection."""
        try:
            for result in self._results:
                result.close()
        finally:
            self._connection.close()


def _read_ahead(chunks: Iterator[bytes], limit: int) -> tuple[list[bytes], bool]:
    """Return the first chunks, up to this number of bytes, and whether these are all."""
    first: list[bytes] = []
    size = 0
    for chunk in chunks:
        first.append(chunk)
        size += len(chunk)
        if size >= limit:
            return first, False
    return first, True


def includeme(config):
    """Limit the number of streams as configured."""
    config.registry[StreamLimiter] = StreamLimiter(Settings.of(config.registry).max_streams)
