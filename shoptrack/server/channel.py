"""A connection: what it takes as a request, and what it answers where it takes none."""

import re
import time

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, Error

from shoptrack.server.refusal import Refusal
from shoptrack.server.task import Task

FOLDED = re.compile(rb"\n[ \t]")
MOST_BLANKS = 100  # in a row
MOST_BESIDE = 16_384  # bytes of a chunk's first line, and of all that follows the last chunk
BLANKS = re.compile(rb"[ \t]{%d}" % (MOST_BLANKS + 1))


class StrictParser(HTTPRequestParser):
    """Refuses what two servers could read as different requests.

    Where a proxy and this server disagree about the end of a request, a stranger can hide another one in its body. RFC
    9112 lets a server take a length beside chunks if it closes the connection afterwards; refusing is simpler.
    """

    def received(self, data: bytes) -> int:
        """Take a part of a request, and return how many bytes of it belong to this one.

        waitress looks again at all that came of a chunk's first line, or of the lines after the last chunk, with each
        part that comes, and bounds neither: 15 MB of them would stop the thread that all connections share.
        """
        taken: int = super().received(data)
        body = self.body_rcv
        if isinstance(body, ChunkedReceiver) and (
            len(body.control_line) > MOST_BESIDE or len(body.trailer) > MOST_BESIDE
        ):
            self.error = BadRequest(f"There may be {MOST_BESIDE} bytes beside a chunk")
            self.completed = True
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read a request's first line and headers.

        :raises ParsingError: they are malformed, or leave open where the request ends
        """
        if FOLDED.search(header_plus):
            raise ParsingError("Headers may not go on in a second line")
        # waitress's expression for a header takes time by the square of the blanks before its value: 64 KiB of them
        # would stop the thread that all connections share for a quarter of a minute.
        if BLANKS.search(header_plus):
            raise ParsingError(f"Headers may not have more than {MOST_BLANKS} blanks in a row")
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
        if "TRANSFER_ENCODING" in self.headers:  # which is taken out where it is understood
            raise ParsingError("Transfer-Encoding takes HTTP/1.1")


class RequestTimeout(Error):
    """A request that did not arrive in time."""

    code = 408
    reason = "Request Timeout"


class Channel(HTTPChannel):
    """A client's connection.

    waitress waits for a request as long as a byte of it comes now and then; a few hundred clients that send so keep
    all others out. Here a request has to be there in time, whole.
    """

    parser_class = StrictParser
    task_class = Task
    error_task_class = Refusal
    request: HTTPRequestParser | None  # of which something, but not all, has come
    arriving: HTTPRequestParser | None = None  # the one whose time is counted
    until = 0.0  # when it must be there

    def readable(self) -> bool:
        """Tell whether more may come; the server asks at least once a second."""
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

    def _give_up(self, request: HTTPRequestParser) -> None:
        with self.requests_lock:
            self.request = None
            seconds = f"{self.server.request_seconds:g}"
            request.error = RequestTimeout(f"It did not arrive whole in {seconds} seconds")
            self.requests.append(request)
            self.server.add_task(self)
