"""Methods that an address does not take."""

import pytest


def allowed(answer):
    return set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_methods_that_a_list_does_not_take(client, url, method):
    answer = client.request(url, method=method, status=405)
    assert answer.json == {"detail": f'Method "{method}" not allowed.'}
    assert allowed(answer) == {"GET", "HEAD", "POST"}
    assert answer.content_type == "application/json"


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "TRACE"])
def test_methods_that_a_row_does_not_take(client, url, method):
    for id in ("1", "999", "abc"):
        answer = client.request(f"{url}{id}/", method=method, status=405)
        assert answer.json == {"detail": f'Method "{method}" not allowed.'}
        assert allowed(answer) == {"DELETE", "GET", "HEAD", "PATCH", "PUT"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_methods_that_the_front_door_does_not_take(client, method):
    answer = client.request("/api/", method=method, status=405)
    assert allowed(answer) == {"GET", "HEAD"}


def test_signed_in_callers_read_the_same(api, client, url):
    answers = [who.delete(url, status=405) for who in (api, client)]
    assert answers[0].body == answers[1].body
    assert answers[0].headers["Allow"] == answers[1].headers["Allow"]
