"""Requests that hide another one in what a proxy takes for their body, or for the end of their headers."""

import re

import pytest

from .conftest import Answer

pytestmark = pytest.mark.database("sqlite")

POST = b"POST /api/auth/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
HIDDEN = b"GET /api/docs/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
STATUS_LINE = re.compile(rb"HTTP/1\.[01] \d{3} ")


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 0",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nX: x\r\ntransfer-encoding: CHUNKED",
        b"Transfer-Encoding: , chunked",
        b"Transfer-Encoding: chunked,",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: \x0bchunked",
        b"Transfer-Encoding: \x85chunked",
        b"Transfer-Encoding : chunked",
        b"Transfer-Encoding\t: chunked",
        b" Transfer-Encoding: chunked",
        b"\tTransfer-Encoding: chunked",
        b"Content-Length: 1\r\n 0",
        b"X: x\nTransfer-Encoding: chunked",
        b"X: x\rTransfer-Encoding: chunked",
        b"Content-Length: 0\r\nContent-Length: 5",
        b"Content-Length: 5, 5",
        b"Content-Length: +5",
        b"Content-Length: -5",
        b"Content-Length: 0x5",
        b"Content-Length: 5_0",
        b"Content-Length: \xef\xbc\x95",
        b"Content-Length: 5 0",
        b"Content-Length:",
    ],
)
def test_whose_end_is_in_doubt(talk, headers):
    answer = talk(POST + headers + b"\r\n\r\n0\r\n\r\n" + HIDDEN)
    assert Answer(answer).status in (400, 501)
    assert Answer(answer).headers.get_all("Connection") == ["close"]
    assert len(STATUS_LINE.findall(answer)) == 1


@pytest.mark.parametrize(
    "chunks",
    [
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"+2\r\n{}\r\n0\r\n\r\n",
        b"2_0\r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}\r\n0\r\n\r\n",
        b" 2\r\n{}\r\n0\r\n\r\n",
        b"2;a=\nb\r\n{}\r\n0\r\n\r\n",
        b"2\n{}\n0\n\n\r\n",
        b"2\r\n{}x\r\n0\r\n\r\n",
    ],
)
def test_whose_chunks_are_in_doubt(talk, chunks):
    answer = talk(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + HIDDEN)
    assert Answer(answer).status == 400
    assert Answer(answer).headers.get_all("Connection") == ["close"]
    assert len(STATUS_LINE.findall(answer)) == 1


@pytest.mark.parametrize("version", [b"1.0", b"1.2", b"2.0", b"9.9"])
def test_chunks_take_the_version_that_knows_them(talk, version):
    sent = POST.replace(b"HTTP/1.1", b"HTTP/" + version) + b"Connection: keep-alive\r\n"
    answer = talk(sent + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN)
    assert Answer(answer).status == 400
    assert Answer(answer).headers.get_all("Connection") == ["close"]
    assert len(STATUS_LINE.findall(answer)) == 1


def test_a_refusal_is_json_where_the_path_is_known(talk):
    answer = Answer(talk(POST + b"Content-Length: 99999999\r\n\r\n"))
    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body.startswith(b'{"detail":"The body is too long: at most 16384 bytes ')


def test_a_refusal_is_logged_and_forges_no_line(talk, caplog):
    caplog.set_level("INFO", "shoptrack.server")
    answer = Answer(talk(POST + b"X: \x1b[2J\rnext line\r\n\r\n"))
    (line,) = (record.getMessage() for record in caplog.records)
    assert "400" not in line
    assert line.startswith("'Bad Request: ")
    assert line.endswith(" from 127.0.0.1")
    assert line.isprintable()
    assert answer.headers["X-Request-ID"]


@pytest.mark.parametrize("blank", [b" ", b"\t", b" \t"])
def test_no_header_is_made_of_blanks(talk, blank):
    for blanks, status in ((100, 401), (101, 400), (65_000, 400)):
        header = b"X:" + (blank * blanks)[:blanks] + b"x\r\n"
        answer = Answer(
            talk(
                b"GET /api/units/ HTTP/1.1\r\nHost: localhost\r\n"
                + header
                + b"Connection: close\r\n\r\n"
            )
        )
        assert answer.status == status
        assert status != 400 or b"blanks" in answer.body


@pytest.mark.parametrize(
    ("beside", "refused"),
    [
        (b"2;" + b"a" * 16_000 + b"\r\n{}\r\n0\r\n\r\n", False),
        (b"2;" + b"a" * 16_383, True),
        (b"2" * 16_385, True),
        (b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 2_600 + b"\r\n", False),
        (b"0\r\n" + b"X: y\r\n" * 2_731, True),
    ],
)
def test_what_stands_beside_chunks_comes_to_an_end(talk, beside, refused):
    answer = talk(POST + b"Transfer-Encoding: chunked\r\n\r\n" + beside)
    assert Answer(answer).status == 400
    assert (b"This field is required." in answer) is not refused
    assert (b"16384 bytes beside a chunk" in answer) is refused


def test_requests_in_a_row_are_answered_in_turn(talk):
    sent = POST + b"Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n"
    answers = talk(sent + HIDDEN)
    assert STATUS_LINE.findall(answers) == [b"HTTP/1.1 400 ", b"HTTP/1.1 200 "]
