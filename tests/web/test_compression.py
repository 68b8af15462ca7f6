"""Answers are compressed for clients that take it."""

import gzip
import json

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from webob import Request

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


@pytest.fixture
def client(make_client):
    return make_client(views)


def test_a_long_answer_is_compressed(client):
    request = Request.blank("/api/long/", headers={"Accept-Encoding": "gzip, deflate, br"})
    status, told, body = request.call_application(client.app)
    headers, sent = dict(told), b"".join(body)
    assert status == "200 OK"
    assert headers["Content-Encoding"] == "gzip"
    assert int(headers["Content-Length"]) == len(sent) < 200
    assert json.loads(gzip.decompress(sent)) == LONG

    assert headers["Vary"] == "Origin, Accept-Encoding"


@pytest.mark.parametrize(
    "accepts", [None, "", "identity", "br", "gzip;q=0", "*;q=0", "nonsense,,;"]
)
def test_who_takes_no_compression_gets_none(client, accepts):
    headers = {} if accepts is None else {"Accept-Encoding": accepts}
    answer = client.get("/api/long/", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.json == LONG
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_short_answer_is_sent_as_it_is(client):
    answer = client.get("/api/short/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.json == {"a": 1}


def test_a_head_request_is_told_the_length_of_the_plain_answer(client):
    plain = client.get("/api/long/")
    head = client.head("/api/long/", headers={"Accept-Encoding": "gzip"})
    assert head.headers["Content-Length"] == plain.headers["Content-Length"]
    assert head.body == b""
