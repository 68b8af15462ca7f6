"""Merging: what extensions keep, and rules about the rows whose references change."""

import pytest
from sqlalchemy import select

from shoptrack.db import Database
from shoptrack.errors import ValidationError
from shoptrack.history import HistoryEntry
from shoptrack.resources import Repository

from . import extras

URL = "/api/shopping-records/"


@pytest.fixture
def make_products(make):
    """Return a function that makes products with one unit, and returns their ids."""
    unit = make.unit(name="g")
    return lambda *names: [make.product(name=name, unit_id=unit.id).id for name in names]


@pytest.fixture
def call(app):
    """Return a function that calls a method of a repository in a transaction of its own."""

    def call(method, path, *arguments):
        database = Database.of(app.registry)
        with database.session() as db, db.begin():
            return getattr(Repository.of(app.registry, path), method)(db, *arguments)

    return call


def test_the_kept_row_takes_the_values_that_it_lacks(api, make_products, call):
    kept, rich, other = make_products("Tea", "tea", "TEA")
    for id, enough in ((rich, 3), (other, 5)):
        api.patch_json(f"/api/products/{id}/", {"enough": enough})
    call("merge", "products", kept, [rich, other])
    assert api.get(f"/api/products/{kept}/").json["enough"] == 3
    api.get(f"/api/products/{other}/", status=404)


def test_the_kept_row_keeps_its_own_values(api, make_products, call):
    kept, other = make_products("Tea", "tea")
    for id, enough in ((kept, 1), (other, 5)):
        api.patch_json(f"/api/products/{id}/", {"enough": enough})
    call("merge", "products", kept, [other])
    assert api.get(f"/api/products/{kept}/").json["enough"] == 1


def test_the_history_has_what_was_taken(api, make_products, call, database):
    kept, other = make_products("Tea", "tea")
    api.patch_json(f"/api/products/{other}/", {"enough": 5})
    call("merge", "products", kept, [other])
    changed = (
        select(HistoryEntry.changes)
        .where(HistoryEntry.path == "products", HistoryEntry.row_id == kept)
        .order_by(HistoryEntry.id)
    )
    with database.read_engine.connect() as connection:
        assert connection.scalars(changed).all() == [
            {"merged": [None, [other]]},
            {"enough": [None, 5]},
        ]


def test_references_of_extensions_are_referrers(api, record, make, call):
    old, new = make.store(name="Old"), make.store(name="New")
    document = record(seen_at_id=old.id)
    refused = api.delete(f"/api/stores/{old.id}/", status=409).json
    assert refused["references"] == {"shopping-records": 1}
    assert call("merge", "stores", new.id, [old.id]) == {"shopping-records": 1}
    assert api.get(f"{URL}{document['id']}/").json["seen_at"]["id"] == new.id


def test_all_rows_of_a_merge_are_checked_together(record, make, call, calls, api):
    old, new = make.store(name="Old"), make.store(name="New")
    ids = [record(store_id=old.id)["id"] for _ in range(3)]
    calls.clear()
    call("merge", "stores", new.id, [old.id])
    assert calls == [3]
    assert {api.get(f"{URL}{id}/").json["store"]["id"] for id in ids} == {new.id}


def test_a_rule_refuses_a_merge(record, make, call, api):
    old, closed = make.store(name="Old"), make.store(name="Closed")
    document = record(store_id=old.id)
    with pytest.raises(ValidationError, match="This store is closed."):
        call("merge", "stores", closed.id, [old.id])
    assert api.get(f"{URL}{document['id']}/").json == document
    assert api.get(f"/api/stores/{old.id}/").json["name"] == "Old"


def test_a_dry_run_asks_rules_too(record, make, api, calls):
    old, closed = make.store(name="Old"), make.store(name="Closed")
    ids = [record(store_id=old.id)["id"] for _ in range(2)]
    calls.clear()
    url = f"/api/stores/{closed.id}/merge/"
    answer = api.post_json(url, {"ids": [old.id], "dry_run": True}).json
    assert answer["conflicts"] == [{"code": "invalid", "detail": "store_id: This store is closed."}]
    assert answer["moved"] == {"shopping-records": 2}
    assert calls == [2]
    refused = api.post_json(url, {"ids": [old.id]}, status=400).json
    assert refused == {"store_id": ["This store is closed."]}
    assert {api.get(f"{URL}{id}/").json["store"]["id"] for id in ids} == {old.id}


def test_a_dry_run_asks_rules_about_deletions_too(api, make_products):
    kept, protected, other = make_products("Tea", "tea", "TEA")
    api.patch_json(f"/api/products/{protected}/", {"enough": 1000})
    url, body = f"/api/products/{kept}/merge/", {"ids": [other, protected]}
    (conflict,) = api.post_json(url, body | {"dry_run": True}).json["conflicts"]
    assert conflict == {"code": "invalid", "detail": "enough: This product is protected."}
    refused = api.post_json(url, body, status=400).json
    assert refused == {"enough": ["This product is protected."]}


def test_a_dry_run_knows_tables_without_a_resource(api, make, make_products):
    kept, other = make_products("Tea", "tea")
    make.record(product_id=other)  # it is moved
    url, body = f"/api/products/{kept}/merge/", {"ids": [other]}
    assert api.post_json(url, body | {"dry_run": True}).json["conflicts"] == []
    make.row(extras.ProductPhoto, product_id=kept)
    assert api.post_json(url, body | {"dry_run": True}).json["conflicts"] == []
    make.row(extras.ProductPhoto, product_id=other)
    refused = api.post_json(url, body, status=409).json
    assert "tests_product_photos" in refused["detail"]
    assert api.post_json(url, body | {"dry_run": True}).json["conflicts"] == [refused]
