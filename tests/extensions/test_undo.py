"""Undoing changes of plugins' rows: what the history masks, rows that belong to others, and unique values."""

import pytest

from . import routers, tags

MODELS = (tags.Tag, tags.TagVote, tags.TagNote, routers.Router, routers.ProductPlace)
URL = "/api/routers/"


@pytest.fixture(scope="module")
def shared_app(app_with_tables, plugins, settings):
    """Build the application with tags and routers."""
    names = (*plugins, tags.__name__, routers.__name__)
    with app_with_tables(names, MODELS, **settings) as app:
        yield app


@pytest.fixture
def undo(api):
    """Return a function that undoes an entry by the API, and returns the response's document."""

    def undo(id, status=200, client=api):
        return client.post_json(f"/api/history/{id}/undo/", {}, status=status).json

    return undo


@pytest.fixture
def last(entries):
    """Return a function that returns the id of the newest entry."""
    return lambda **wanted: entries(**wanted)[-1].id


@pytest.fixture
def router(api):
    """Return a function that adds a router, and returns its URL."""

    def router(password="abc"):
        body = {"name": "Attic", "wifi_password": password}
        return f"{URL}{api.post_json(URL, body, status=201).json['id']}/"

    return router


def test_a_row_with_a_value_that_the_history_masks_stays_deleted(api, router, undo, last):
    url = router()
    api.delete(url)
    refused = undo(last(), status=409)
    assert refused["conflicts"] == {"wifi_password": ["The history does not have this value."]}
    api.get(url, status=404)


def test_a_masked_value_is_not_written_by_the_undo_of_a_change(api, router, undo, last):
    url = router()
    api.patch_json(url, {"wifi_password": "def"})
    assert undo(last(), status=409)["conflicts"].keys() == {"wifi_password"}
    assert api.get(url).json["wifi_password"] == "def"


def test_no_masked_value_contradicts(api, router, undo, last):
    url = router()
    undo(last(action="added"))
    api.get(url, status=404)
    url = router(None)
    api.delete(url)
    undo(last())
    assert api.get(url).json["wifi_password"] is None
