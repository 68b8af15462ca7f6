"""Callers who are not signed in get 401, whatever they ask of a resource."""

import pytest

from shoptrack.testing import counted

PROVIDED = {"detail": "Authentication credentials were not provided."}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_list_is_shut(client, url, method):
    answer = client.request(url, method=method, status=401)
    assert answer.json == PROVIDED
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.content_type == "application/json"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_row_is_shut(client, api, item, method):
    before = api.get(item).body
    answer = client.request(item, method=method, status=401)
    assert answer.json == PROVIDED
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert api.get(item).body == before


@pytest.mark.parametrize("address", ["999/", "abc/", "-1/", "9999999999999999999/", "%00/"])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_missing_row_is_not_told_from_others(client, method, address):
    assert client.request(f"/api/units/{address}", method=method, status=401).json == PROVIDED


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"null", "application/json"),
        (b"<x/>", "application/xml"),
        (b"nonsense", "multipart/form-data"),
        (b"%ff", "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.parametrize(("method", "id"), [("POST", ""), ("PUT", "1/"), ("PATCH", "1/")])
def test_a_broken_body_is_not_told_from_others(client, method, id, body, content_type):
    headers = {"Content-Type": content_type}
    answer = client.request(
        f"/api/units/{id}", method=method, body=body, headers=headers, status=401
    )
    assert answer.json == PROVIDED


def test_a_head_is_shut_as_well(client, url):
    assert client.head(url, status=401).body == b""


def test_nothing_is_asked_of_the_database(client, database, url):
    with counted(database) as statements:
        client.get(url, status=401)
        client.post_json(url, {}, status=401)
    assert statements == []
