"""Many rows at once, with fields of extensions and rules of plugins."""

import pytest

from .conftest import BODY

URL = "/api/shopping-records/bulk/"


@pytest.fixture
def body(make):
    """Return a function that makes the body of a record."""
    ids = {"store_id": make.store().id, "product_id": make.product().id}
    return lambda **values: {**BODY, **ids, **values}


def test_each_row_has_its_values_or_the_defaults(api, body, make):
    seen = make.store(name="Seiyu").id
    bodies = [body(note="dear", rating=2), body(), body(tax_rate=10, seen_at_id=seen)]
    rows = api.post_json(URL, bodies, status=201).json
    assert [(row["note"], row["tax_rate"], row["rating"]) for row in rows] == [
        ("dear", 8, 2),
        (None, 8, None),
        (None, 10, None),
    ]
    assert rows[2]["seen_at"]["name"] == "Seiyu"
    ids = [row["id"] for row in rows]
    items = [{"id": ids[1], "note": "cheap"}, {"id": ids[0], "note": None, "price": 1}]
    changed = api.patch_json(URL, items).json
    assert [(row["note"], row["price"], row["rating"]) for row in changed] == [
        ("cheap", BODY["price"], None),
        (None, 1, 2),
    ]
    assert api.get("/api/shopping-records/?ordering=id").json == [changed[1], changed[0], rows[2]]


def test_faults_of_extensions_are_named_by_item(api, body):
    bodies = [body(), body(tax_rate=101), body(seen_at_id=2**40)]
    assert api.post_json(URL, bodies, status=400).json == {
        "items": {
            "1": {"tax_rate": ["Ensure this value is less than or equal to 100."]},
            "2": {"seen_at_id": [f'Invalid pk "{2**40}" - object does not exist.']},
        }
    }


def test_a_rule_is_asked_once_and_refuses_by_item(api, body, calls):
    bodies = [body(), body(tax_rate=13), body(), body(tax_rate=13)]
    unlucky = {"tax_rate": ["13 is unlucky."]}
    assert api.post_json(URL, bodies, status=400).json == {"items": {"1": unlucky, "3": unlucky}}
    assert calls == [4]
    assert api.get("/api/shopping-records/").json == []


def test_a_rule_is_not_asked_about_rows_that_do_not_change(api, body, calls):
    rows = api.post_json(URL, [body() for _ in range(3)], status=201).json
    calls.clear()
    prices = (BODY["price"], 7, BODY["price"])
    items = [{"id": row["id"], "price": price} for row, price in zip(rows, prices, strict=True)]
    items[2]["tax_rate"] = 13
    answer = api.patch_json(URL, items, status=400).json
    assert answer == {"items": {"2": {"tax_rate": ["13 is unlucky."]}}}
    assert calls == [2]
    api.patch_json(URL, [{"id": row["id"], "price": BODY["price"]} for row in rows])
    assert calls == [2]


def test_a_hook_keeps_all_rows(api, body):
    rows = api.post_json(URL, [body(), body(note="kept")], status=201).json
    ids = [row["id"] for row in rows]
    assert api.delete_json(URL, {"ids": ids}, status=409).json["code"] == "note_is_kept"
    assert len(api.get("/api/shopping-records/").json) == 2
    api.patch_json(URL, [{"id": ids[1], "note": None}])
    api.delete_json(URL, {"ids": ids}, status=204)


def test_values_for_many_rows_are_read_for_all_of_them(api, make, body):
    names = [{"name": name, **ids(make)} for name in ("Tea", "Salt")]
    rows = api.post_json("/api/products/bulk/", names, status=201).json
    assert [row["purchases"] for row in rows] == [0, 0]
    api.post_json(URL, [body(product_id=rows[0]["id"]) for _ in range(3)], status=201)
    items = [{"id": row["id"], "enough": 5} for row in rows]
    changed = api.patch_json("/api/products/bulk/", items).json
    assert [(row["purchases"], row["enough"]) for row in changed] == [(3, 5), (0, 5)]


def ids(make):
    return {"category_id": make.category().id, "unit_id": make.unit().id}
