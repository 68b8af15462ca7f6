"""Writes CSV files row by row."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from shoptrack.resources.csv.encodings import BYTE_ORDER_MARK, CsvFormat, add_references
from shoptrack.resources.csv.escaping import escape_formula

CHUNK_ROWS = 500

Row = Sequence[Any]


class Echo:
    """A file that returns the text that is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def make_cell_writer(format: CsvFormat) -> Callable[[Any], Any]:
    """Return a function that makes a safe cell of a value: no formula, and no character that the encoding lacks."""
    if format.is_unicode:
        return escape_formula

    encoding = format.encoding

    def write(value: Any) -> Any:
        # The references first: they end with a semicolon, which could end a cell as well.
        return escape_formula(add_references(value, encoding)) if isinstance(value, str) else value

    return write


def write_chunks(
    header: Row, rows: Iterable[Row], format: CsvFormat, *, is_safe: bool = False
) -> Iterator[bytes]:
    """Yield a file in chunks of rows.

    :param header: the headings
    :param rows: closed at the end if they have a method ``close``
    :param is_safe: whether all cells of the rows are safe already (``make_cell_writer``)
    """
    writer = csv.writer(Echo(), delimiter=format.delimiter)
    encoding = "utf-8" if format.is_unicode else format.encoding
    mark = BYTE_ORDER_MARK if format.encoding == "utf-8-sig" else ""
    write_cell = make_cell_writer(format)

    def write_safe(row: Row) -> str:
        return writer.writerow([write_cell(value) for value in row])

    write_row = writer.writerow if is_safe else write_safe
    iterator = iter(rows)
    try:
        yield (mark + write_safe(header)).encode(encoding)
        while chunk := "".join(map(write_row, islice(iterator, CHUNK_ROWS))):
            yield chunk.encode(encoding)
    finally:
        close = getattr(rows, "close", None)
        if close is not None:
            close()
