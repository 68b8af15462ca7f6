"""Changing and deleting many rows at once."""

import pytest

URL = "/api/shopping-records/bulk/"


@pytest.fixture
def rows(api, body):
    """Add three records."""
    return api.post_json(URL, [body(price=price) for price in (1, 2, 3)], status=201).json


def test_each_item_changes_what_it_names(api, rows, make):
    store = make.store(name="Other").id
    items = [
        {"id": rows[2]["id"], "price": 30},
        {"id": rows[0]["id"], "store_id": store, "quantity": "2"},
    ]
    changed = api.patch_json(URL, items).json
    assert [row["id"] for row in changed] == [rows[2]["id"], rows[0]["id"]]
    assert changed[0] == {**rows[2], "price": 30}
    assert changed[1]["store"]["name"] == "Other"
    assert changed[1]["quantity"] == "2.000"
    ordered = api.get("/api/shopping-records/?ordering=id").json
    assert ordered == [changed[1], rows[1], changed[0]]


def test_faults_change_nothing(api, rows):
    ids = [row["id"] for row in rows]
    items = [
        {"id": ids[0], "price": 30},
        {"id": ids[0], "price": 31},
        {"id": 2**40, "price": 1},
        {"price": 1},
        {"id": ids[1], "price": None},
        {"id": ids[2], "store_id": 999},
    ]
    assert api.patch_json(URL, items, status=400).json == {
        "items": {
            "1": {"id": ["Another item has this id."]},
            "2": {"id": [f'Invalid pk "{2**40}" - object does not exist.']},
            "3": {"id": ["Incorrect type. Expected pk value, received NoneType."]},
            "4": {"price": ["This field may not be null."]},
            "5": {"store_id": ['Invalid pk "999" - object does not exist.']},
        }
    }
    assert api.get("/api/shopping-records/?ordering=id").json == rows


def test_a_name_that_another_row_has(api, make):
    one, other = make.category(name="Meat"), make.category(name="Fish")
    items = [{"id": one.id, "name": "Dairy"}, {"id": other.id, "name": "Dairy"}]
    assert api.patch_json("/api/categories/bulk/", items, status=400).json == {
        "items": {"1": {"name": ["category with this name already exists."]}}
    }
    assert api.patch_json("/api/categories/bulk/", [{"id": one.id, "name": "Meat"}]).json == [
        {"id": one.id, "name": "Meat"}
    ]


def test_many_take_as_many_statements_as_few(api, body, count_statements):
    ids = [row["id"] for row in api.post_json(URL, [body() for _ in range(200)]).json]

    def count(number, price):
        return count_statements(
            api.patch_json, URL, [{"id": id, "price": price} for id in ids[:number]]
        )

    assert count(200, 5) == count(10, 6) <= 7


def test_rows_are_deleted_together(api, rows):
    ids = [row["id"] for row in rows[:2]]
    api.delete_json(URL, {"ids": ids}, status=204)
    assert api.get("/api/shopping-records/").json == rows[2:]


def test_rows_that_do_not_exist_delete_nothing(api, rows):
    ids = [rows[0]["id"], 2**40, "x"]
    assert api.delete_json(URL, {"ids": ids}, status=400).json == {
        "items": {
            "1": {"id": [f'Invalid pk "{2**40}" - object does not exist.']},
            "2": {"id": ["Incorrect type. Expected pk value, received str."]},
        }
    }
    assert api.get("/api/shopping-records/?ordering=id").json == rows


def test_rows_in_use_are_named_and_nothing_is_deleted(api, make):
    free, used = make.store().id, make.store().id
    for _ in range(2):
        make.record(store_id=used)
    response = api.delete_json("/api/stores/bulk/", {"ids": [free, used]}, status=409)
    assert response.json == {
        "detail": "Some stores are still in use. Nothing was deleted. "
        "Delete the rows that refer to them first.",
        "code": "in_use",
        "items": {"1": {"shopping-records": 2}},
    }
    assert len(api.get("/api/stores/").json) == 2


def test_the_history_has_each_change(api, rows, admin):
    api.patch_json(URL, [{"id": row["id"], "price": 4711} for row in rows])
    for row in rows:
        assert "4,711" in admin.get(f"/admin/shopping-records/{row['id']}/history/").text
