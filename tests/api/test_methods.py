"""Methods that an address does not take."""

import itertools

import pytest

pytestmark = pytest.mark.database("sqlite")


def allowed(answer):
    return set(answer.headers["Allow"].split(", "))


def test_methods_that_a_list_does_not_take(client, url):
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = client.request(url, method=method, status=405)
        assert answer.json == {"detail": f'Method "{method}" not allowed.'}
        assert allowed(answer) == {"GET", "HEAD", "POST"}
        assert answer.content_type == "application/json"


def test_methods_that_a_row_does_not_take(client, url):
    for method, id in itertools.product(("POST", "OPTIONS", "TRACE"), ("1", "999", "abc")):
        answer = client.request(f"{url}{id}/", method=method, status=405)
        assert answer.json == {"detail": f'Method "{method}" not allowed.'}
        assert allowed(answer) == {"DELETE", "GET", "HEAD", "PATCH", "PUT"}


def test_methods_that_the_front_door_does_not_take(client):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.request("/api/", method=method, status=405)
        assert allowed(answer) == {"GET", "HEAD"}


def test_signed_in_callers_read_the_same(api, client, url):
    answers = [who.delete(url, status=405) for who in (api, client)]
    assert answers[0].body == answers[1].body
    assert answers[0].headers["Allow"] == answers[1].headers["Allow"]
