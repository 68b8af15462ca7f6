"""Nothing keeps a request to a resource once it is answered (see tests/web/test_exceptions.py for other views)."""

import gc
import weakref

import pytest
from pyramid.events import NewRequest

from shoptrack.testing import Client


@pytest.fixture
def requests(app):
    """Return weak references to the application's requests; the garbage collector finds none of them."""
    references = []

    def note(event):
        references.append(weakref.ref(event.request))

    app.registry.registerHandler(note, (NewRequest,))
    gc.disable()
    yield references
    gc.enable()
    app.registry.unregisterHandler(note, (NewRequest,))


@pytest.mark.parametrize("path", ["stores"], indirect=True)
@pytest.mark.parametrize("token", ["nonsense", "", "a b"])
def test_nothing_keeps_one_whose_token_is_refused(app, requests, url, token):
    Client(app).get(url, headers={"Authorization": f"Bearer {token}"}, status=401)
    assert [reference() for reference in requests] == [None]


@pytest.mark.parametrize("path", ["stores", "shopping-records"], indirect=True)
@pytest.mark.parametrize(
    ("method", "below", "content"),
    [
        ("GET", "", b""),
        ("GET", "?limit=1", b""),
        ("GET", "?unknown=1", b""),
        ("GET", "1/", b""),
        ("POST", "", b"{"),
        ("POST", "", b"{}"),
        ("PATCH", "1/", b"{}"),
        ("DELETE", "1/", b""),
    ],
)
def test_nothing_keeps_one_to_a_resource(api, requests, url, method, below, content):
    headers = {"Content-Type": "application/json"}
    api.request(url + below, method=method, body=content, headers=headers, expect_errors=True)
    assert [reference() for reference in requests] == [None]


@pytest.mark.parametrize("path", ["stores", "shopping-records"], indirect=True)
def test_nothing_keeps_one_that_changes_a_row(api, requests, url, body):
    id = api.post_json(url, body).json["id"]
    api.patch_json(f"{url}{id}/", body)
    api.delete(f"{url}{id}/")
    assert [reference() for reference in requests] == [None] * 3
