"""Rows that belong to a row of another package: deleted with it, and unique in any form."""

import pytest

from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineages
from shoptrack.testing import make_test_app, upgrade_database

from . import tags

URL = "/api/shopping-records/"


@pytest.fixture(scope="module")
def shared_app(new_database, plugins, settings):
    """Build the application with tags."""
    app = make_test_app(new_database(), (*plugins, tags.__name__), **settings)
    database = Database.of(app.registry)
    migrations.migrate(database, Lineages.of(app.registry).values())
    with database.engine.begin() as connection:
        for model in (tags.Tag, tags.TagVote, tags.TagNote):
            model.__table__.create(connection)
    upgrade_database(app)
    yield app
    database.dispose()


@pytest.fixture
def tag(api):
    """Return a function that gives a record a tag, and returns its id."""

    def tag(record, name):
        body = {"record_id": record.id, "name": name}
        return api.post_json("/api/tags/", body, status=201).json["id"]

    return tag


def test_they_are_deleted_after_the_deletion_was_checked(api, make, tag):
    record = make.record()
    note = {"tag_id": tag(record, "party"), "name": "of Mia"}
    api.post_json("/api/tag-notes/", note, status=201)
    tags.seen.clear()
    api.delete(f"{URL}{record.id}/", status=204)
    assert tags.seen == [["party"]]
    assert api.get("/api/tags/").json == api.get("/api/tag-notes/").json == []


def test_what_keeps_them_keeps_the_row_that_they_belong_to(api, make, tag):
    record, other = make.record(), make.record()
    tag(record, "sale")
    kept = tag(record, "party")
    api.post_json("/api/tag-votes/", {"tag_id": kept, "points": 3}, status=201)
    refused = api.delete(f"{URL}{record.id}/", status=409).json
    assert refused["references"] == {"tag-votes": 1}
    assert refused["detail"].startswith("This tag is still in use by tag-votes (1).")
    ids = [other.id, record.id]
    refused = api.delete_json(f"{URL}bulk/", {"ids": ids}, status=409).json
    assert refused["items"] == {"1": {"tag-votes": 1}}
    assert len(api.get("/api/tags/").json) == len(api.get(URL).json) == 2


def test_more_than_one_batch_is_deleted(api, make, monkeypatch):
    monkeypatch.setattr("shoptrack.resources.owned_rows.BATCH_ROWS", 2)
    record = make.record()
    make.rows(tags.Tag, 5, record_id=record.id)
    api.delete(f"{URL}{record.id}/", status=204)
    assert api.get("/api/tags/").json == []


def test_a_value_is_unique_in_all_its_forms(api, make, tag):
    record, other = make.record(), make.record()
    taken = {"name": ["tag with this shopping record and name already exists."]}
    moved = {"record_id": taken["name"]}
    party, sale = tag(record, "Party"), tag(record, "Sale")
    body = {"record_id": record.id, "name": "ＰＡＲＴＹ"}
    assert api.post_json("/api/tags/", body, status=400).json == taken
    assert api.patch_json(f"/api/tags/{sale}/", {"name": "PARTY"}, status=400).json == taken
    assert api.patch_json(f"/api/tags/{party}/", {"name": "party"}).json["name"] == "party"
    third = tag(other, "pARTY")
    refused = api.patch_json(f"/api/tags/{third}/", {"record_id": record.id}, status=400)
    assert refused.json == moved
    items = [body | {"name": name} for name in ("gift", "GIFT", "SALE")]
    refused = api.post_json("/api/tags/bulk/", items, status=400).json
    assert refused == {"items": {"1": taken, "2": taken}}


@pytest.mark.database("sqlite")
def test_a_page_takes_them_or_leads_to_their_own_form(admin, make, tag):
    record = make.record()
    party = tag(record, "party")
    page = admin.get(f"/admin/shopping-records/{record.id}/")
    assert page.forms[2].action == "/admin/tags/add/"
    # Both rows have a field called name, and a page has one input of a name.
    page = admin.get(f"/admin/tags/{party}/").click("Add: Tag note|Add: tag note")
    assert page.request.path_qs == f"/admin/tag-notes/add/?tag_id={party}"
    assert page.forms[1]["tag_id"].value == str(party)


def test_an_import_finds_a_text_in_all_its_forms(api, make, tag):
    """Though the list is ordered by it, and a database orders texts in its own way."""
    record = make.record()
    tag(record, "ＬＩＦＥ")
    body = f"record_id,name\n{record.id},life\n".encode()
    report = api.post("/api/tags/import/", body, content_type="text/csv").json
    assert report["counts"] == {"new": 0, "changed": 0, "same": 1, "faulty": 0, "skipped": 0}
