"""Tables as CSV: safe for spreadsheets, and sent row by row."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.response import Response

from shoptrack.resources.csv.writer import CHUNK_ROWS
from shoptrack.rest import csv_export
from shoptrack.web import streams
from shoptrack.web.refusal_log import RefusalLog
from shoptrack.web.streams import StreamLimiter

READ = r"""(?:^|(?<=[,;|\t\r\n]))'(?=(?:[^\S\t\r\n]|["'])*[=-])|^'(?='*[\t\r\n])"""


def make_request() -> Request:
    """Return as much of a request as an export asks for."""
    request = Request.blank("/")
    request.registry = Registry()
    request.registry[RefusalLog] = RefusalLog()
    request.registry[StreamLimiter] = StreamLimiter(1)
    return request


def export(rows, **options) -> Response:
    return csv_export.response(make_request(), "rows.csv", ["value"], rows, **options)


def cells(answer: Response) -> list[str]:
    text = b"".join(answer.app_iter).decode("utf-8-sig")
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "-", "+", "'=1"]
)
def test_a_text_that_a_spreadsheet_would_carry_out_begins_with_an_apostrophe(text):
    assert cells(export([[text]])) == [f"'{text}"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a\t=1+1", "a\t'=1+1"),
        ("a,@A1", "a,'@A1"),
        ("a|＝1+1", "a|'＝1+1"),
        ("a\n-1+1", "a\n'-1+1"),
        ("\t=1", "'\t'=1"),
        ("a; =1+1", "a;' =1+1"),
        ('a;"=1+1;b', "a;'\"=1+1;b"),
        ("a;b - c", "a;b - c"),
    ],
)
def test_so_does_one_where_another_separator_would_begin_a_cell(text, written):
    assert cells(export([[text]])) == [written]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@given(st.lists(st.text("=a ;\t,|\"'\n-"), min_size=1, max_size=3))
def test_no_separator_makes_a_formula(separator, values):
    sent = b"".join(export([values], with_bom=False).app_iter).decode()
    lines = csv.reader(io.StringIO(sent, newline=""), delimiter=separator)
    for cell in [cell for line in lines for cell in line]:
        assert not cell.strip(' "').startswith(("=", "-")) or cell in values


@given(st.text("=a ;\t,|\"'\n-"))
def test_a_text_can_be_had_back_exactly(text):
    if text.removeprefix("-"):
        (written,) = cells(export([[text]]))
        assert re.sub(READ, "", written) == text


@pytest.mark.parametrize("value", ["-5", "-1.500", -5, 3.5, "Milk", "a=b", 'a"b,c', "牛乳", ""])
def test_numbers_and_plain_texts_stay_what_they_are(value):
    assert cells(export([[value]])) == [str(value)]


def test_it_says_what_it_is_and_begins_with_a_mark_that_excel_needs():
    answer = export([["牛乳"]])
    assert answer.content_type == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rows.csv"'
    assert next(iter(answer.app_iter)).startswith(b"\xef\xbb\xbf")


def test_the_mark_can_be_left_out():
    assert next(iter(export([["牛乳"]], with_bom=False).app_iter)).startswith(b"value")


def test_rows_are_read_as_they_are_sent(monkeypatch):
    monkeypatch.setattr(streams, "READ_AHEAD_BYTES", 1)
    read = []

    def rows():
        for number in range(10_000):
            read.append(number)
            yield [number]

    parts = iter(export(rows()).app_iter)
    next(parts), next(parts)
    assert len(read) == CHUNK_ROWS


def test_what_is_read_from_is_closed_when_the_client_goes(monkeypatch):
    monkeypatch.setattr(streams, "READ_AHEAD_BYTES", 1)
    closed = []

    def rows():
        try:
            yield from ([number] for number in range(10_000))
        finally:
            closed.append(True)

    answer = export(rows())
    parts = iter(answer.app_iter)
    next(parts), next(parts)
    answer.app_iter.close()
    assert closed


def test_what_fails_at_once_fails_before_the_answer_begins():
    def rows():
        raise ConnectionError
        yield

    with pytest.raises(ConnectionError):
        export(rows())
