"""Parses requests strictly, and rejects those that are ambiguous or too large before they take memory."""

import re

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, Error

from shoptrack.errors import DomainError
from shoptrack.server.pending import MAX_FREE_BYTES, PendingRequests
from shoptrack.server.upload_buffer import UploadBuffer
from shoptrack.web.body_limit import BodyLimit, make_error

FOLDED = re.compile(rb"\n[ \t]")
TRANSFER_ENCODING = re.compile(rb"\ntransfer-encoding:[ \t]*([^\r\n]*?)[ \t]*\r", re.IGNORECASE)
MAX_BLANKS = 100  # in a row
MAX_CHUNK_OVERHEAD_BYTES = 16_384  # of a chunk's size line, and of the trailer
HEAD = b"HEAD "  # the beginning of a HEAD request
MAX_HEADERS = 200  # each takes about 200 bytes of memory, however short it is
BLANKS = re.compile(rb"[ \t]{%d}" % (MAX_BLANKS + 1))


class RequestTimeout(Error):
    """The request did not arrive before its deadline."""

    code = 408
    reason = "Request Timeout"


class ServiceUnavailable(Error):
    """There was no memory for the headers of the request."""

    code = 503
    reason = "Service Unavailable"
    retry_after = 5  # seconds


class StrictParser(HTTPRequestParser):
    """Rejects requests that are too large, or that two servers could read differently.

    Where a proxy and this server disagree about the end of a request, an attacker can hide another one in its body. RFC
    9112 allows a length beside chunks if the connection closes afterwards; rejecting is simpler.

    A request that is too large counts as complete, without its body. If its headers are known the application responds
    with the error in `refusal`, so that the response has the usual headers.

    :param pending: counts the memory of all requests
    """

    refusal: DomainError | None = None
    _beginning = b""

    def __init__(self, adj: Adjustments, pending: PendingRequests):
        super().__init__(adj)
        self._pending = pending
        self._counted = 0
        self._counted_on_disk = 0
        self._limit: BodyLimit | None = None

    def received(self, data: bytes) -> int:
        """Parse a part of a request, and return how many of its bytes belong to this request.

        waitress scans the whole size line of a chunk, and the whole trailer, again with each part, and limits neither:
        15 MB of them would block the thread that all connections share.
        """
        if len(self._beginning) < len(HEAD):
            self._beginning = (self._beginning + data).lstrip()[: len(HEAD)]
        try:
            taken: int = super().received(data)
        except OSError as error:
            self.refuse(self._pending.make_disk_error(error))
        body = self.body_rcv
        if isinstance(body, ChunkedReceiver) and (
            len(body.control_line) > MAX_CHUNK_OVERHEAD_BYTES
            or len(body.trailer) > MAX_CHUNK_OVERHEAD_BYTES
        ):
            self.error = BadRequest(f"There may be {MAX_CHUNK_OVERHEAD_BYTES} bytes beside a chunk")
            self.completed = True
        if self.error is None and self.refusal is None:
            try:
                self._check_size()
            except DomainError as refusal:
                self.refuse(refusal)
        if self.error or self.refusal:
            self.expect_continue = False
            self.close()
            return len(data)  # the rest is not a request of its own
        return taken

    @property
    def is_head(self) -> bool:
        """Return whether the request is a HEAD, also if it is invalid or incomplete."""
        return self._beginning.startswith(HEAD)

    def refuse(self, refusal: DomainError) -> None:
        """Complete the request without its body, with an error as its response."""
        self.completed = True
        if self.headers_finished:
            self.refusal = refusal
        else:
            self.parse_header(b"GET / HTTP/1.0\r\n")  # as waitress does for errors of its own
            self.error = ServiceUnavailable("The server has too many requests in hand")

    def close(self) -> None:
        """Release the body: the response needs the headers at most."""
        super().close()
        self.body_rcv = None
        self.header_plus = b""
        self._count(0, 0)

    @property
    def disk_bytes(self) -> int:
        """Return how much of the body is in a temporary file."""
        buffer = self.body_rcv.getbuf() if self.body_rcv is not None else None
        return buffer.disk_bytes if isinstance(buffer, UploadBuffer) else 0

    def _check_size(self) -> None:
        arrived = 0 if self.body_rcv is None else len(self.body_rcv)
        if self._limit is not None and max(self.content_length, arrived) > self._limit.size:
            raise make_error(self._limit)
        on_disk = self.disk_bytes
        held = self.header_bytes_received + arrived - on_disk
        self._count(0 if self.completed and held <= MAX_FREE_BYTES else held, on_disk)

    def _count(self, held: int, on_disk: int) -> None:
        expected = 0 if self._limit is not None and self._limit.is_file else self.content_length
        self._pending.count(self._counted, held, expected)
        self._counted = held
        self._pending.count_disk(self._counted_on_disk, on_disk)
        self._counted_on_disk = on_disk

    @property
    def wsgi_path(self) -> str:
        """Return the later ``PATH_INFO``: the path below waitress's ``url_prefix``."""
        path: str = "/" + self.path.lstrip("/") if self.path.startswith("/") else self.path
        prefix = self.adj.url_prefix
        return path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the request line and the headers.

        :raises ParsingError: they are malformed, too many, or ambiguous about the end of the request
        """
        if FOLDED.search(header_plus):
            raise ParsingError("Headers may not go on in a second line")
        # waitress's regular expression for a header is quadratic in the blanks before its value: 64 KiB of them would
        # block the thread that all connections share for 15 seconds.
        if BLANKS.search(header_plus):
            raise ParsingError(f"Headers may not have more than {MAX_BLANKS} blanks in a row")
        if header_plus.count(b"\n") > MAX_HEADERS + 2:
            raise ParsingError(f"There may be {MAX_HEADERS} headers")
        try:
            super().parse_header(header_plus)
        except ValueError:  # Python reads no integer of more than 4,300 digits
            raise ParsingError("Content-Length is invalid") from None
        # waitress accepts chunked twice, which another server may decode twice, or not at all.
        if self.chunked and b",".join(TRANSFER_ENCODING.findall(header_plus)).lower() != b"chunked":
            raise ParsingError("Transfer-Encoding must be chunked, once")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
        if "TRANSFER_ENCODING" in self.headers:  # waitress removes the ones that it understands
            raise ParsingError("Transfer-Encoding takes HTTP/1.1")
        if self.body_rcv is not None:
            self._limit = self._pending.limits.find(self.wsgi_path, self.command.upper())
            if self._limit.is_file:
                self.body_rcv.buf = UploadBuffer()
