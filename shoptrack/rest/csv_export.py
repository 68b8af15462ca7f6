"""Tables as CSV, sent row by row. Spreadsheets show the text and do not run it as a formula.

An apostrophe is added before a formula at the start of a cell. It is also added after any character that could end a
cell with another separator; quotes do not prevent this. Text that begins with an apostrophe and a formula gets a second
apostrophe. So removing one from each such position restores the stored text.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from pyramid.response import Response
from sqlalchemy import Connection

from shoptrack.web.streams import stream

BYTE_ORDER_MARK = "\ufeff".encode()
CHUNK_ROWS = 500
# The first characters of formulas; Japanese spreadsheets accept the wide characters as well.
FORMULA_PREFIXES = "=+@＝＋－＠-"
CELL_START = re.compile(
    rf"""^(?='*[\t\r\n])|(?:^|[,;|\t\r\n])(?=(?:[^\S\t\r\n]|["'])*[{FORMULA_PREFIXES}])"""
)


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
            lines = (writer.writerow([_escape_formula(value) for value in row]) for row in chunk)
            yield "".join(lines).encode()
    finally:
        close = getattr(rows, "close", None)
        if close is not None:
            close()


def _escape_formula(value: Any) -> Any:
    """Return a value that no spreadsheet runs as a formula. Numbers stay numbers."""
    if isinstance(value, str) and not _is_number(value):
        return CELL_START.sub(r"\g<0>'", value)
    return value


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()
