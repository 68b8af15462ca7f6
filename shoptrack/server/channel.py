"""A connection: until when it may be silent, what it takes, and how it ends."""

import socket
import time
from functools import partial
from typing import Any

from waitress.channel import HTTPChannel

from shoptrack.server.parser import RequestTimeout, StrictParser
from shoptrack.server.tasks import ErrorResponseTask, RequestTask

DRAIN_SECONDS = 10  # for a client to stop sending what nobody takes, and to read why
DRAIN_BYTES = 65_536  # at a time


class Channel(HTTPChannel):
    """A client's connection.

    waitress waits for a request as long as a byte of it comes now and then; a few hundred clients that send so keep
    all others out. Here a request has to be there in time, whole, and its first byte in much less.
    """

    task_class = RequestTask
    error_task_class = ErrorResponseTask
    close_when_flushed: bool
    request: StrictParser | None  # of which something, but not all, has come
    arriving: StrictParser | None = None  # the one whose time is counted
    until = 0.0  # when it must be there
    is_heard = False  # whether a byte has come
    is_too_many = (
        False  # whether there was no room for it: it is refused whatever it asks, but for health
    )
    has_unread = False  # whether a part of a request may be on its way that nobody takes
    drained_until: float | None = None  # when a connection that was answered so is closed at last

    def __init__(self, server, *arguments: Any, **named: Any):
        self.parser_class = partial(StrictParser, pending=server.pending)
        super().__init__(server, *arguments, **named)

    def received(self, data: bytes) -> bool:
        """Take what has come."""
        self.is_heard = True
        taken: bool = super().received(data)
        return taken

    def readable(self) -> bool:
        """Tell whether more may come; the server asks at least once a second."""
        if self.drained_until is not None:
            if time.monotonic() > self.drained_until:
                self.will_close = True
            return not self.will_close
        readable: bool = super().readable()
        request = self.request
        if request is not None:
            now = time.monotonic()
            # What the client sends is not read while the answer before is on its way.
            if request is not self.arriving or not readable:
                self.arriving = request
                self.until = now + self.server.request_seconds
            elif now > self.until:
                self._give_up(request)
        return readable

    def handle_read(self) -> None:
        """Take what has come, or let it go where nobody wants it."""
        if self.drained_until is None:
            super().handle_read()
            return
        try:
            self.recv(DRAIN_BYTES)  # which closes the connection at its end
        except BlockingIOError:
            return
        except OSError:
            self.handle_close()

    def handle_write(self) -> None:
        """Send what is to be sent, and end the connection after its last answer.

        A connection that is closed while the client still sends is reset by the system, and the client may never read
        why. So it is closed for sending only, until the client closes it, too.
        """
        if not (self.has_unread and self.close_when_flushed) or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.will_close or not self.connected:
            self.handle_close()
        elif not self.total_outbufs_len:
            self.close_when_flushed = False
            self.drained_until = time.monotonic() + DRAIN_SECONDS
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.handle_close()

    def del_channel(self, map: dict[int, Any] | None = None) -> None:
        """Leave the server, with what has come of a request."""
        super().del_channel(map)
        if self.request is not None:
            self.request.close()

    @property
    def is_in_hand(self) -> bool:
        """Tell whether a request is there whole, so that the connection is not closed before its answer."""
        return bool(self.requests)

    @property
    def dispensability(self) -> tuple[int, float]:
        """Return by what the server chooses which connection makes room: the least of all."""
        if self.total_outbufs_len:
            return 2, self.last_activity  # the client takes its answer, or no longer does
        if self.request is not None:
            return 1, self.until
        return 0, self.last_activity

    def _give_up(self, request: StrictParser) -> None:
        with self.requests_lock:
            self.request = None
            seconds = f"{self.server.request_seconds:g}"
            request.error = RequestTimeout(f"It did not arrive whole in {seconds} seconds")
            request.close()
            self.requests.append(request)
            self.server.add_task(self)
