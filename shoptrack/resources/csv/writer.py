"""Writes CSV files line by line."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from shoptrack.resources.csv.encodings import BYTE_ORDER_MARK, CsvFormat, add_references
from shoptrack.resources.csv.escaping import escape_formula

CHUNK_ROWS = 500
LINE_END = "\r\n"

Row = Sequence[Any]


class Echo:
    """A file that returns the text that is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


class CsvWriter:
    """Makes the text of one file.

    :ivar make_safe: returns the safe cell of a value: no formula, and no character that the encoding lacks
    """

    def __init__(self, format: CsvFormat):
        self.format = format
        self.make_safe = _make_safe_function(format)
        self._write: Callable[[Row], str]
        self._write = csv.writer(
            Echo(), delimiter=format.delimiter, lineterminator=LINE_END
        ).writerow

    def join(self, cells: Row) -> str:
        """Return safe cells as text: quoted where needed, with separators between them."""
        # With another cell before them: a line of one empty cell would be quoted.
        return self._write(["", *cells])[1 : -len(LINE_END)]

    def make_line(self, values: Row) -> str:
        """Return the line of a row of any values."""
        return self._write([self.make_safe(value) for value in values])

    def make_line_of_texts(self, texts: Iterable[str]) -> str:
        """Return the line of texts by ``join``."""
        return (self.format.delimiter.join(texts) or '""') + LINE_END

    def encode(self, header: Row, lines: Iterable[str]) -> Iterator[bytes]:
        """Yield a file in chunks of lines. The first one has the headings alone."""
        encoding = "utf-8" if self.format.is_unicode else self.format.encoding
        mark = BYTE_ORDER_MARK if self.format.encoding == "utf-8-sig" else ""
        iterator = iter(lines)
        yield (mark + self.make_line(header)).encode(encoding)
        while chunk := "".join(islice(iterator, CHUNK_ROWS)):
            yield chunk.encode(encoding)


def write_table(header: Row, rows: Iterable[Row], format: CsvFormat) -> Iterator[bytes]:
    """Yield a file of rows of any values in chunks. At the end, the rows are closed if they have a method ``close``."""
    writer = CsvWriter(format)
    try:
        yield from writer.encode(header, map(writer.make_line, rows))
    finally:
        close = getattr(rows, "close", None)
        if close is not None:
            close()


def _make_safe_function(format: CsvFormat) -> Callable[[Any], Any]:
    if format.is_unicode:
        return escape_formula
    encoding = format.encoding

    def make_safe(value: Any) -> Any:
        # The references first: they end with a semicolon, which could end a cell as well.
        return escape_formula(add_references(value, encoding)) if isinstance(value, str) else value

    return make_safe
