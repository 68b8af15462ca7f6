"""Fields of extensions in the documents of a resource."""

import pytest
from sqlalchemy import select

from shoptrack.db import Database
from shoptrack.history import HistoryEntry

from ..server.conftest import eventually
from .notes import RecordNote

URL = "/api/shopping-records/"
OWN = ["id", "price", "purchase_date", "store", "quantity", "product"]
ADDED = ["note", "tax_rate", "seen_at", "tax", "rating", "is_gift"]


def test_they_follow_the_own_fields_with_their_defaults(api, record):
    document = record()
    assert list(document) == OWN + ADDED
    assert {name: document[name] for name in ADDED} == {
        **{"note": None, "tax_rate": 8, "seen_at": None, "tax": "80"},
        **{"rating": None, "is_gift": False},
    }
    assert api.get(f"{URL}{document['id']}/").json == document
    assert api.get(URL).json == [document]
    assert api.get(f"{URL}?limit=1").json == [document]


@pytest.fixture
def stored(database):
    """Return a function that reads the texts that are stored for the search, by id."""

    def stored():
        with database.read_engine.connect() as connection:
            return dict(connection.execute(select(RecordNote.id, RecordNote.note_folded)).all())

    return stored


def test_a_row_with_defaults_only_is_not_stored(record, stored):
    record(tax_rate=8, note=None)
    assert stored() == {}


def test_they_are_written_with_the_row(api, record, make, stored):
    store = make.store(name="Seiyu")
    document = record(note="too dear", tax_rate=10, seen_at_id=store.id, rating=2)
    assert document["note"] == "too dear"
    assert document["tax_rate"] == 10
    assert document["tax"] == "98.18181818181818181818181818"
    assert document["seen_at"] == {"id": store.id, "name": "Seiyu", "location": store.location}
    assert document["rating"] == 2
    assert api.get(f"{URL}{document['id']}/").json == document
    assert stored() == {document["id"]: "too dear"}


def test_a_change_of_one_keeps_all_others(api, record):
    document = record(note="too dear", rating=2)
    path = f"{URL}{document['id']}/"
    changed = api.patch_json(path, {"is_gift": True}).json
    assert changed == {**document, "is_gift": True}
    changed = api.patch_json(path, {"price": 540, "tax_rate": 10}).json
    assert changed == {
        **document,
        **{"is_gift": True, "price": 540, "tax_rate": 10, "tax": "49.09090909090909090909090909"},
    }
    assert api.get(path).json == changed
    assert api.patch_json(path, {"note": None}).json["note"] is None


def test_a_client_that_does_not_know_them_keeps_them(api, record):
    document = record(note="too dear", tax_rate=10)
    body = {
        **{name: document[name] for name in ("price", "purchase_date", "quantity")},
        **{f"{name}_id": document[name]["id"] for name in ("store", "product")},
    }
    replaced = api.put_json(f"{URL}{document['id']}/", body | {"price": 2}).json
    assert replaced["note"] == "too dear"
    assert replaced["tax_rate"] == 10


def test_invalid_values_are_named_with_all_others(api, record):
    document = record()
    body = {"tax_rate": 101, "rating": 0, "note": 1.5, "price": "x", "seen_at_id": 999}
    response = api.patch_json(f"{URL}{document['id']}/", body, status=400)
    assert response.json == {
        "price": ["A valid integer is required."],
        "tax_rate": ["Ensure this value is less than or equal to 100."],
        "seen_at_id": ['Invalid pk "999" - object does not exist.'],
        "rating": ["Ensure this value is greater than or equal to 1."],
    }
    assert api.patch_json(f"{URL}{document['id']}/", {"tax_rate": None}, status=400).json == {
        "tax_rate": ["This field may not be null."]
    }
    response = api.patch_json(f"{URL}{document['id']}/", {"seen_at_id": 999}, status=400)
    assert response.json == {"seen_at_id": ['Invalid pk "999" - object does not exist.']}
    assert api.get(f"{URL}{document['id']}/").json == document


def test_they_are_deleted_with_the_row(api, record, stored):
    document = record(note="too dear")
    api.delete(f"{URL}{document['id']}/", status=204)
    assert stored() == {}


def test_documents_that_nest_the_row_do_not_have_them(record):
    assert "purchases" not in record()["product"]


def test_values_of_many_rows_are_read_at_once(api, record, make):
    often, never = make.product(name="Tea"), make.product(name="Salt")
    for _ in range(2):
        record(product_id=often.id)
    documents = {one["id"]: one for one in api.get("/api/products/").json}
    assert list(documents[often.id])[-2:] == ["purchases", "enough"]
    assert documents[often.id]["purchases"] == 2
    assert documents[never.id]["purchases"] == 0
    assert api.get(f"/api/products/{often.id}/").json == documents[often.id]
    page = api.get("/api/products/?limit=1&ordering=-id").json
    assert page == [documents[max(documents)]]
    assert api.get("/api/products/?fields=purchases").json[0].keys() == {"purchases"}


def test_etags_change_with_them(api, record, make):
    product = make.product()
    document = record(product_id=product.id)
    path, others = f"{URL}{document['id']}/", f"/api/products/{product.id}/"
    tags = {url: api.get(url).headers["ETag"] for url in (path, URL, others, "/api/products/")}

    def changed():
        return {url for url, tag in tags.items() if api.get(url).headers["ETag"] != tag}

    api.patch_json(path, {"note": "new"})
    assert changed() == {path, URL}
    record(product_id=product.id)
    assert changed() == {path, URL, "/api/products/", others}
    headers = {"If-Match": tags[path]}
    api.patch_json(path, {"note": "newer"}, headers=headers, status=412)


def test_the_history_has_them(api, record, app):

    document = record(note="too dear")
    api.patch_json(f"{URL}{document['id']}/", {"tax_rate": 10, "note": "cheap"})
    with Database.of(app.registry).engine.connect() as connection:
        table = HistoryEntry.__table__
        rows = connection.execute(select(table).order_by(table.c.id.desc()).limit(1)).mappings()
        entry = rows.one()
    assert entry["changes"]["note"] == ["too dear", "cheap"]
    assert entry["changes"]["tax_rate"] == [8, 10]


def test_changes_of_them_are_changes_of_the_row(api, record):
    document = record()
    since = api.get("/api/changes/").json["cursor"]
    api.patch_json(f"{URL}{document['id']}/", {"note": "for guests"})

    def read():
        params = {"since": since, "include": "document"}
        return api.get("/api/changes/", params).json["changes"]

    eventually(read, lambda: "the change")
    (change,) = read()
    assert (change["resource"], change["fields"]) == ("shopping-records", ["note"])
    assert change["document"]["note"] == "for guests"
