"""A client connection: its deadlines, its input, and how it closes."""

import socket
import time
from functools import partial
from typing import Any

from waitress.channel import HTTPChannel

from shoptrack.server.parser import RequestTimeout, StrictParser
from shoptrack.server.tasks import ErrorResponseTask, RequestTask

MIN_UPLOAD_RATE = (
    32_768  # bytes per second; what has arrived of an upload extends its deadline by that
)
DRAIN_SECONDS = 10  # in which a client may stop sending and read the response
DRAIN_BYTES = 65_536  # at a time


class Channel(HTTPChannel):
    """A client connection with deadlines.

    waitress waits for a request as long as a byte arrives now and then, so a few hundred slow clients block all others.
    Here the whole request has a deadline, and its first byte a much earlier one.
    """

    task_class = RequestTask
    error_task_class = ErrorResponseTask
    close_when_flushed: bool
    request: StrictParser | None  # received in part
    timed_request: StrictParser | None = None  # the request that the deadline is for
    deadline = 0.0
    has_received = False  # whether a byte was received
    is_over_limit = False  # whether it exceeds the limit: only health checks are served
    has_unread = False  # whether more of a rejected request may arrive
    drain_deadline: float | None = None  # when a connection with unread input is closed

    def __init__(self, server, *arguments: Any, **named: Any):
        self.parser_class = partial(StrictParser, pending=server.pending)
        super().__init__(server, *arguments, **named)

    def received(self, data: bytes) -> bool:
        """Receive data."""
        self.has_received = True
        taken: bool = super().received(data)
        return taken

    def readable(self) -> bool:
        """Return whether more data is expected. The server asks at least once a second."""
        if self.drain_deadline is not None:
            if time.monotonic() > self.drain_deadline:
                self.will_close = True
            return not self.will_close
        readable: bool = super().readable()
        request = self.request
        if request is not None:
            now = time.monotonic()
            # Nothing is read while the previous response is being sent.
            if request is not self.timed_request or not readable:
                self.timed_request = request
                self.deadline = now + self.server.request_seconds
            elif now > self.deadline + request.disk_bytes / MIN_UPLOAD_RATE:
                self._time_out(request)
        return readable

    def handle_read(self) -> None:
        """Receive data, and discard it after the last response."""
        if self.drain_deadline is None:
            super().handle_read()
            return
        try:
            self.recv(DRAIN_BYTES)  # which closes the connection at its end
        except BlockingIOError:
            return
        except OSError:
            self.handle_close()

    def handle_write(self) -> None:
        """Send pending data, and close the connection after its last response.

        The system resets a connection that is closed while the client still sends, and the client may never read the
        response. So it is closed for sending only, until the client closes it, too.
        """
        if not (self.has_unread and self.close_when_flushed) or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.will_close or not self.connected:
            self.handle_close()
        elif not self.total_outbufs_len:
            self.close_when_flushed = False
            self.drain_deadline = time.monotonic() + DRAIN_SECONDS
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.handle_close()

    def del_channel(self, map: dict[int, Any] | None = None) -> None:
        """Remove the connection from the server, and release its partial request."""
        super().del_channel(map)
        if self.request is not None:
            self.request.close()

    @property
    def is_busy(self) -> bool:
        """Return whether a complete request waits for its response."""
        return bool(self.requests)

    @property
    def dispensability(self) -> tuple[int, float]:
        """Return the sort key by which the server closes connections, the smallest first."""
        if self.total_outbufs_len:
            return 2, self.last_activity  # the client reads its response, or stalls
        if self.request is not None:
            return 1, self.deadline
        return 0, self.last_activity

    def _time_out(self, request: StrictParser) -> None:
        with self.requests_lock:
            self.request = None
            seconds = f"{self.server.request_seconds:g}"
            request.error = RequestTimeout(f"It did not arrive whole in {seconds} seconds")
            request.close()
            self.requests.append(request)
            self.server.add_task(self)
