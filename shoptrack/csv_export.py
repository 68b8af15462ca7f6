"""Tables as CSV, sent row by row, for spreadsheets that would take a text for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from pyramid.response import Response

MARK = "\ufeff".encode()
PART = 500  # rows that are sent at a time
# What a spreadsheet's formula begins with; Japanese ones take the wide characters as well.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


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
    if isinstance(value, str) and value.startswith(FORMULA) and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()
