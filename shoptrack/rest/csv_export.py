"""Tables as CSV, sent row by row, for spreadsheets that would take a text for a formula.

An apostrophe goes before a formula at the start of a cell, and before one after anything that could end a cell where
the file is opened with another separator. Quotes are no protection from that. An apostrophe before a formula gets a
second one: who takes one away from each such place has the texts again as they are stored.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from pyramid.response import Response
from sqlalchemy import Connection

from shoptrack.web.streams import stream

MARK = "\ufeff".encode()
PART = 500  # rows that are sent at a time
# What a spreadsheet's formula begins with; Japanese ones take the wide characters as well.
FORMULA = "=+@＝＋－＠-"
CELL_START = re.compile(
    rf"""^(?='*[\t\r\n])|(?:^|[,;|\t\r\n])(?=(?:[^\S\t\r\n]|["'])*[{FORMULA}])"""
)


class Echo:
    """A file that hands back what is written to it."""

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
    marked: bool = True,
) -> Response:
    """Return the response that sends a file, as `shoptrack.web.streams.stream` does.

    :param rows: the rows, or a function that gets a connection and yields them
    :param marked: whether the file begins with a byte order mark, without which Excel takes it for one in an older
        encoding
    :raises ServiceUnavailable: the file is long, and all slots for streams are taken
    """

    def chunks(connection: Connection) -> Iterator[bytes]:
        return _chunks(header, rows(connection) if callable(rows) else rows, marked)

    # What is in memory already needs no connection.
    source = chunks if callable(rows) else _chunks(header, rows, marked)
    return stream(request, source, content_type="text/csv", filename=filename)


def _chunks(header: Row, rows: Iterable[Row], marked: bool) -> Iterator[bytes]:
    writer = csv.writer(Echo())
    iterator = iter(rows)
    try:
        yield (MARK if marked else b"") + writer.writerow(header).encode()
        while part := list(islice(iterator, PART)):
            lines = (writer.writerow([_safe(value) for value in row]) for row in part)
            yield "".join(lines).encode()
    finally:
        close = getattr(rows, "close", None)
        if close is not None:
            close()


def _safe(value: Any) -> Any:
    """Return a value as it can be opened without being carried out. Numbers stay numbers."""
    if isinstance(value, str) and not _is_number(value):
        return CELL_START.sub(r"\g<0>'", value)
    return value


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()
