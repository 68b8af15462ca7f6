"""The text of CSV files: every cell comes back exactly, whatever is in it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoptrack.resources.csv import (
    DELIMITERS,
    ENCODINGS,
    CsvFormat,
    CsvWriter,
    resolve_references,
    unescape_formula,
    write_table,
)

TEXTS = st.text("=+-@＝ ,;\t\r\n\"'|&#8;a牛😀〜")


def read(file: bytes, format: CsvFormat) -> list[list[str]]:
    """Read a file as an import does."""
    text = io.StringIO(file.decode(format.encoding), newline="")
    restore = (lambda cell: cell) if format.is_unicode else resolve_references
    return [
        [restore(unescape_formula(cell)) for cell in row]
        for row in csv.reader(text, delimiter=format.delimiter)
    ]


@pytest.mark.parametrize("delimiter", DELIMITERS.values())
@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=3))
def test_every_text_comes_back(encoding, delimiter, rows):
    format = CsvFormat(encoding, delimiter)
    file = b"".join(write_table(["one", "=two"], rows, format))
    assert read(file, format) == [["one", "=two"], *rows]


@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(1, 3))
def test_lines_of_joined_texts_are_those_of_their_cells(cells, first):
    writer = CsvWriter(CsvFormat(delimiter=";"))
    safe = [writer.make_safe(cell) for cell in cells]
    parts = [part for part in (safe[:first], safe[first:]) if part]
    assert writer.make_line_of_texts(map(writer.join, parts)) == writer.make_line(cells)


def test_an_empty_cell_alone_is_a_line():
    writer = CsvWriter(CsvFormat())
    assert writer.make_line_of_texts([writer.join([None])]) == '""\r\n'
