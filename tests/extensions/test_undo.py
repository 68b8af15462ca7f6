"""Undoing changes of plugins' rows: what the history masks, rows that belong to others, and unique values."""

import pytest

from shoptrack.testing import Client

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


@pytest.fixture
def tagged(api, make):
    """Return a function that makes a record with a tag that has a note, and returns its URL and its id."""

    def tagged():
        record = make.record()
        body = {"record_id": record.id, "name": "party"}
        tag = api.post_json("/api/tags/", body, status=201).json["id"]
        api.post_json("/api/tag-notes/", {"tag_id": tag, "name": "of Mia"}, status=201)
        return f"/api/shopping-records/{record.id}/", record.id

    return tagged


@pytest.fixture
def read_places(api):
    """Return a function that reads the places of products, by id."""
    return lambda: {row["id"]: row["place"] for row in api.get("/api/products/").json}


@pytest.fixture
def read(api):
    """Return a function that reads all records, tags and notes."""
    return lambda: [
        api.get(f"/api/{path}/").json for path in ("shopping-records", "tags", "tag-notes")
    ]


def test_what_was_deleted_with_its_owner_comes_back_with_it(api, tagged, undo, last, read, entries):
    url, _id = tagged()
    before = read()
    api.delete(url)
    deleted = last(path="shopping-records", action="deleted")
    parts = entries(action="deleted", part_of=deleted)
    assert sorted(part.path for part in parts) == ["tag-notes", "tags"]
    assert undo(parts[0].id, status=409)["code"] == "part_of_group"
    answer = undo(deleted)
    assert answer["restored"] == {"shopping-records": 1, "tags": 1, "tag-notes": 1}
    assert read() == before
    assert undo(deleted, status=409)["code"] == "already_undone"
    again = undo(answer["history_id"])
    assert again["deleted"] == answer["restored"]
    assert read() == [[], [], []]
    undo(again["history_id"])
    assert read() == before


def test_of_rows_deleted_at_once_each_comes_back_with_its_own(
    api, tagged, undo, read, entries, make
):
    ids = [tagged()[1] for _ in range(2)] + [make.record().id]
    before = read()
    api.delete_json("/api/shopping-records/bulk/", {"ids": ids}, status=204)
    deleted = {one.row_id: one for one in entries(path="shopping-records", action="deleted")}
    assert all(one.part_of is None for one in deleted.values())
    assert undo(deleted[ids[1]].id)["restored"] == {
        "shopping-records": 1,
        "tags": 1,
        "tag-notes": 1,
    }
    assert undo(deleted[ids[2]].id)["restored"] == {"shopping-records": 1}
    undo(deleted[ids[0]].id)
    assert read() == before


def test_rows_that_were_given_to_an_added_row_since_keep_it(api, record, undo, last, read):
    id = record()["id"]
    added = last(path="shopping-records")
    api.post_json("/api/tags/", {"record_id": id, "name": "party"}, status=201)
    refused = undo(added, status=409)
    assert (refused["code"], refused["references"]) == ("in_use", {"tags": 1})
    assert len(read()[1]) == 1


def test_rows_that_were_given_to_a_restored_row_since_keep_it(api, tagged, undo, last, read):
    url, id = tagged()
    api.delete(url)
    restored = undo(last(path="shopping-records"))["history_id"]
    api.post_json("/api/tags/", {"record_id": id, "name": "sale"}, status=201)
    assert undo(restored, status=409)["code"] == "in_use"
    assert [len(rows) for rows in read()] == [1, 2, 1]


def test_it_takes_the_permissions_to_add_both(
    api, tagged, undo, last, build_app, plugins, credentials_with
):
    url, _id = tagged()
    api.delete(url)
    deleted = last(path="shopping-records")
    names = (*plugins, tags.__name__, routers.__name__)
    strict = build_app(names, shoptrack__api_permissions="model")
    caller = Client(strict, credentials_with("shopping-records:add", "tags:add"))
    refused = undo(deleted, client=caller, status=403)
    assert refused == {"detail": "To undo this, you need the permissions tag-notes:add."}


def test_a_unique_value_goes_back_to_the_row_that_had_it(api, make, undo, read_places):
    unit = make.unit().id
    kept, *others = (make.product(name=name, unit_id=unit).id for name in ("Tea", "tea", "TEA"))
    for id, place in zip(others, ("top", "middle"), strict=True):
        api.patch_json(f"/api/products/{id}/", {"place": place})
    before = read_places()
    merged = api.post_json(f"/api/products/{kept}/merge/", {"ids": others}).json
    assert read_places() == {kept: "top"}
    undone = undo(merged["history_id"])
    assert (undone["restored"], undone["changed"]) == ({"products": 2}, {"products": 1})
    assert read_places() == before
    redone = undo(undone["history_id"])
    assert read_places() == {kept: "top"}
    undo(redone["history_id"])
    assert read_places() == before
