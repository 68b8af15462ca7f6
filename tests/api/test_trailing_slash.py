"""Addresses without their last slash lead to those with it."""

import itertools

import pytest

pytestmark = pytest.mark.database("sqlite")

METHODS = {"GET": 301, "HEAD": 301, "POST": 308, "PUT": 308, "PATCH": 308, "DELETE": 308}


def test_the_redirect_keeps_the_method_and_needs_no_sign_in(client, path):
    for id, (method, status) in itertools.product(("", "/1", "/abc"), METHODS.items()):
        answer = client.request(f"/api/{path}{id}", method=method, status=status)
        assert answer.location == f"http://localhost/api/{path}{id}/"


def test_the_query_is_kept(client):
    answer = client.get("/api/units?limit=5&search=%E7%89%9B", status=301)
    assert answer.location == "http://localhost/api/units/?limit=5&search=%E7%89%9B"


def test_a_client_that_follows_creates(api, url, body):
    redirect = api.post_json(url.rstrip("/"), body, status=308)
    assert api.get(url).json == []
    api.post_json(redirect.location, body, status=201)


def test_a_preflight_is_answered_and_not_redirected(client, path):
    headers = {"Origin": "http://app.example", "Access-Control-Request-Method": "POST"}
    answer = client.options(f"/api/{path}", headers=headers, status=200)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://app.example"
