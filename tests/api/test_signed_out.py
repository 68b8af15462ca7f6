"""Callers who are not signed in get 401, whatever they ask of a resource."""

import pytest

from shoptrack.testing import capture_statements

pytestmark = pytest.mark.database("sqlite")

PROVIDED = {"detail": "Authentication credentials were not provided."}
ROW_METHODS = ("GET", "PUT", "PATCH", "DELETE")


def test_a_list_is_shut(client, url):
    for method in ("GET", "POST"):
        answer = client.request(url, method=method, status=401)
        assert answer.json == PROVIDED
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
        assert answer.content_type == "application/json"


def test_a_row_is_shut(client, api, item):
    before = api.get(item).body
    for method in ROW_METHODS:
        answer = client.request(item, method=method, status=401)
        assert answer.json == PROVIDED
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert api.get(item).body == before


@pytest.mark.parametrize("address", ["999/", "abc/", "-1/", "9999999999999999999/", "%00/"])
def test_a_missing_row_is_not_told_from_others(client, address):
    for method in ROW_METHODS:
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
def test_a_broken_body_is_not_told_from_others(client, body, content_type):
    headers = {"Content-Type": content_type}
    for method, id in (("POST", ""), ("PUT", "1/"), ("PATCH", "1/")):
        answer = client.request(
            f"/api/units/{id}", method=method, body=body, headers=headers, status=401
        )
        assert answer.json == PROVIDED


def test_a_head_is_shut_as_well(client, url):
    assert client.head(url, status=401).body == b""


def test_nothing_is_asked_of_the_database(client, database, url):
    with capture_statements(database) as statements:
        client.get(url, status=401)
        client.post_json(url, {}, status=401)
    assert statements == []
