"""Tables as CSV, sent row by row. Spreadsheets show the text and do not run it as a formula."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from pyramid.response import Response
from sqlalchemy import Connection

from shoptrack.resources.csv import escape_formula
from shoptrack.web.streams import stream

BYTE_ORDER_MARK = "\ufeff".encode()
CHUNK_ROWS = 500


class Echo:
    """A file that returns the text that is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


Row = Sequence[Any]


def response(
    request,
    filename: str,
    header: Row,
    rows: Iterable[Row] | Callable[[Connection], Iterable[Row]],
    *,
    with_bom: bool = True,
) -> Response:
    """Return the response that sends a file, as `shoptrack.web.streams.stream` does.

    :param rows: the rows, or a function that gets a connection and yields them
    :param with_bom: whether the file begins with a byte order mark, without which Excel expects an older encoding
    :raises ServiceUnavailable: the file is long, and all slots for streams are taken
    """

    def chunks(connection: Connection) -> Iterator[bytes]:
        return _chunks(header, rows(connection) if callable(rows) else rows, with_bom)

    # Rows in memory need no connection.
    source = chunks if callable(rows) else _chunks(header, rows, with_bom)
    return stream(request, source, content_type="text/csv", filename=filename)


def _chunks(header: Row, rows: Iterable[Row], with_bom: bool) -> Iterator[bytes]:
    writer = csv.writer(Echo())
    iterator = iter(rows)
    try:
        yield (BYTE_ORDER_MARK if with_bom else b"") + writer.writerow(header).encode()
        while chunk := list(islice(iterator, CHUNK_ROWS)):
            lines = (writer.writerow([escape_formula(value) for value in row]) for row in chunk)
            yield "".join(lines).encode()
    finally:
        close = getattr(rows, "close", None)
        if close is not None:
            close()
