"""Tables as CSV, sent row by row, for spreadsheets that would take a text for a formula.

An apostrophe goes before a formula at the start of a cell, and before one after anything that could end a cell where
the file is opened with another separator. Quotes are no protection from that. An apostrophe before a formula gets a
second one: who takes one away from each such place has the texts again as they are stored.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from pyramid.response import Response

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


def response(
    request,
    filename: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    marked: bool = True,
) -> Response:
    """Return the answer that sends a file, whose rows are read while it is sent.

    The first row is read before the answer begins, so that what fails early is answered properly.

    :param marked: whether the file begins with a byte order mark, without which Excel takes it for one in an older
        encoding
    """
    iterator = iter(rows)
    first = list(islice(iterator, 1))
    answer = request.response
    answer.content_type = "text/csv"
    answer.charset = "utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.app_iter = _parts(header, chain(first, iterator), rows, marked)
    return answer


def _parts(
    header: Sequence[str], rows: Iterator[Sequence[Any]], source: Iterable[Any], marked: bool
) -> Iterator[bytes]:
    writer = csv.writer(Echo())
    try:
        yield (MARK if marked else b"") + writer.writerow(header).encode()
        while part := list(islice(rows, PART)):
            lines = (writer.writerow([_safe(value) for value in row]) for row in part)
            yield "".join(lines).encode()
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            close()


def _safe(value: Any) -> Any:
    """Return a value as it can be opened without being carried out. Numbers stay numbers."""
    if isinstance(value, str) and not _is_number(value):
        return CELL_START.sub(r"\g<0>'", value)
    return value


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()
