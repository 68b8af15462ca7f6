"""A connection: what it takes as a request, and what it answers where it takes none."""

import re

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError

from shoptrack.server.refusal import Refusal
from shoptrack.server.task import Task

FOLDED = re.compile(rb"\n[ \t]")


class StrictParser(HTTPRequestParser):
    """Refuses what two servers could read as different requests.

    Where a proxy and this server disagree about the end of a request, a stranger can hide another one in its body. RFC
    9112 lets a server take a length beside chunks if it closes the connection afterwards; refusing is simpler.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read a request's first line and headers.

        :raises ParsingError: they are malformed, or leave open where the request ends
        """
        if FOLDED.search(header_plus):
            raise ParsingError("Headers may not go on in a second line")
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
        if "TRANSFER_ENCODING" in self.headers:  # which is taken out where it is understood
            raise ParsingError("Transfer-Encoding takes HTTP/1.1")


class Channel(HTTPChannel):
    """A client's connection."""

    parser_class = StrictParser
    task_class = Task
    error_task_class = Refusal
