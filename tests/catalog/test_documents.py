"""The catalog's documents: their keys in order, and what they nest."""

import json

import pytest

pytestmark = pytest.mark.database("sqlite")


def written(document):
    """Return a document as it is answered, byte for byte."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("categories", "category"),
        ("units", "unit"),
        ("manufacturers", "manufacturer"),
        ("origins", "origin"),
    ],
)
def test_what_has_a_name_only(api, make, path, kind):
    row = getattr(make, kind)(name="牛肉")
    document = written({"id": row.id, "name": "牛肉"})
    assert api.get(f"/api/{path}/{row.id}/").body == document
    assert api.get(f"/api/{path}/").body == b"[" + document + b"]"
    api.delete(f"/api/{path}/{row.id}/")
    created = api.post_json(f"/api/{path}/", {"name": "牛肉"})
    assert created.body == written({"id": created.json["id"], "name": "牛肉"})


def test_a_store(api, make):
    store = make.store(name="Life", location="Kyoto")
    document = written({"id": store.id, "name": "Life", "location": "Kyoto"})
    assert api.get(f"/api/stores/{store.id}/").body == document
    assert api.get("/api/stores/").body == b"[" + document + b"]"
    sent = {"location": "Kyoto", "name": "Life"}
    assert api.put_json(f"/api/stores/{store.id}/", sent).body == document


@pytest.fixture
def meat(make):
    return make.category(name="Meat")


@pytest.fixture
def gram(make):
    return make.unit(name="g")


@pytest.mark.database("sqlite", "postgresql")
def test_a_product_nests_all_that_it_refers_to(api, make, meat, gram):
    manufacturer, origin = make.manufacturer(name="Itoham"), make.origin(name="Hokkaido")
    sent = {
        "origin_id": origin.id,
        "manufacturer_id": manufacturer.id,
        "unit_id": gram.id,
        "category_id": meat.id,
        "name": "Beef",
    }
    created = api.post_json("/api/products/", sent, status=201)
    document = written(
        {
            "id": created.json["id"],
            "name": "Beef",
            "category": {"id": meat.id, "name": "Meat"},
            "unit": {"id": gram.id, "name": "g"},
            "manufacturer": {"id": manufacturer.id, "name": "Itoham"},
            "origin": {"id": origin.id, "name": "Hokkaido"},
        }
    )
    assert created.body == document
    assert api.get(f"/api/products/{created.json['id']}/").body == document
    assert api.get("/api/products/").body == b"[" + document + b"]"


def test_what_a_product_does_not_refer_to_is_null(api, make, meat, gram):
    product = make.product(name="Beef", category_id=meat.id, unit_id=gram.id)
    assert api.get(f"/api/products/{product.id}/").body == written(
        {
            "id": product.id,
            "name": "Beef",
            "category": {"id": meat.id, "name": "Meat"},
            "unit": {"id": gram.id, "name": "g"},
            "manufacturer": None,
            "origin": None,
        }
    )


@pytest.mark.database("sqlite", "postgresql")
def test_lists_come_by_id_whatever_was_changed_last(api, make):
    first, second, third = make.category(name="c"), make.category(name="a"), make.category(name="b")
    api.patch_json(f"/api/categories/{first.id}/", {"name": "z"})
    api.patch_json(f"/api/categories/{second.id}/", {"name": "y"})
    assert [row["id"] for row in api.get("/api/categories/").json] == [
        first.id,
        second.id,
        third.id,
    ]
