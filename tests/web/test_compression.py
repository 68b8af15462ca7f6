"""Answers are compressed for clients that take it."""

import gzip
import json
from io import BytesIO

import pytest
from pyramid.response import FileIter, Response
from pyramid.security import NO_PERMISSION_REQUIRED
from webob import Request

from shoptrack.web.compression import MAX_JOINED_BYTES

LONG = {"text": "牛乳" * 1000}


def views(config):
    for name, document in (("long", LONG), ("short", {"a": 1})):
        config.add_route(name, f"/api/{name}/")
        config.add_view(
            lambda request, document=document: document,
            route_name=name,
            renderer="json",
            permission=NO_PERMISSION_REQUIRED,
        )

    config.add_route("file", "/api/file/")
    config.add_view(send_file, route_name="file", permission=NO_PERMISSION_REQUIRED)


def send_file(request):
    """Answer a text of some length, as a file."""
    file = BytesIO(b"x" * int(request.GET["length"]))
    length = len(file.getbuffer())
    response = Response(app_iter=FileIter(file), content_type="text/csv", content_length=length)
    response.conditional_response = True
    return response


@pytest.fixture
def client(make_client):
    return make_client(views)


def answered(
    client, accepts: str | None, path="/api/long/", method="GET"
) -> tuple[dict[str, str], bytes]:
    """Return an answer's headers and body as they are sent; WebTest would unpack them."""
    headers = {} if accepts is None else {"Accept-Encoding": accepts}
    request = Request.blank(path, headers=headers, method=method)
    status, told, body = request.call_application(client.app)
    assert status == "200 OK"
    return dict(told), b"".join(body)


def test_a_long_answer_is_compressed(client):
    headers, sent = answered(client, "gzip, deflate, br")
    assert headers["Content-Encoding"] == "gzip"
    assert int(headers["Content-Length"]) == len(sent) < 200
    assert json.loads(gzip.decompress(sent)) == LONG

    assert headers["Vary"] == "Origin, Accept-Encoding"


@pytest.mark.parametrize(
    "accepts",
    [
        None,
        "",
        "identity",
        "br",
        "gzip;q=0",
        "*;q=0",
        "gzip;q=0, *",
        "gzip;q=0.5, identity",
        "gzip;q=0.2, identity;q=0.8",
        "nonsense,,;",
        "gzip;q=much",
    ],
)
def test_who_takes_no_compression_gets_none(client, accepts):
    headers, sent = answered(client, accepts)
    assert "Content-Encoding" not in headers
    assert json.loads(sent) == LONG
    assert "Accept-Encoding" in headers["Vary"]


@pytest.mark.parametrize(
    "accepts",
    ["GZIP", "*", "gzip;q=0.1", "br, gzip;q=0.5", "identity;q=0.5, gzip", "identity, gzip"],
)
def test_who_takes_it_gets_it_unless_they_would_rather_not(client, accepts):
    headers, _ = answered(client, accepts)
    assert headers["Content-Encoding"] == "gzip"


def test_a_short_answer_is_sent_as_it_is(client):
    headers, sent = answered(client, "gzip", "/api/short/")
    assert "Content-Encoding" not in headers
    assert json.loads(sent) == {"a": 1}


def test_a_head_request_is_told_what_get_would_be(client):
    told, nothing = answered(client, "gzip", method="HEAD")
    headers, sent = answered(client, "gzip")
    assert told["Content-Encoding"] == "gzip"
    assert told["Content-Length"] == headers["Content-Length"] == str(len(sent))
    assert nothing == b""


@pytest.mark.parametrize(("length", "is_joined"), [(MAX_JOINED_BYTES, True), (3_000_000, False)])
def test_a_long_file_is_compressed_while_it_is_sent(client, length, is_joined):
    headers, sent = answered(client, "gzip", f"/api/file/?length={length}")
    assert gzip.decompress(sent) == b"x" * length
    assert headers["Content-Encoding"] == "gzip"
    assert ("Content-Length" in headers) is is_joined


def test_a_range_of_a_file_is_left_as_it_is(client):
    request = Request.blank("/api/file/?length=5000", headers={"Accept-Encoding": "gzip"})
    request.range = (10, 4000)
    status, headers, body = request.call_application(client.app)
    assert status == "206 Partial Content"
    assert b"".join(body) == b"x" * 3990
    assert "Content-Encoding" not in dict(headers)
