"""Adding many rows at once: all of them or none."""

import pytest

URL = "/api/shopping-records/bulk/"


def test_rows_come_back_in_the_order_of_their_bodies(api, body):
    rows = api.post_json(URL, [body(price=price) for price in (3, 1, 2)], status=201).json
    assert [row["price"] for row in rows] == [3, 1, 2]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert api.get("/api/shopping-records/?ordering=id").json == rows


def test_items_share_the_other_members(api, body, make):
    shared = {name: value for name, value in body().items() if name != "price"}
    other = make.product(name="Tea").id
    items = [{"price": 1}, {"price": 2, "product_id": other}]
    rows = api.post_json(URL, shared | {"items": items}, status=201).json
    assert [(row["price"], row["product"]["id"]) for row in rows] == [
        (1, shared["product_id"]),
        (2, other),
    ]


def test_each_fault_of_each_item_is_named_at_once(api, body):
    items = [
        body(),
        body(price="x", store_id=999),
        body(product_id=998),
        [],
        {"price": 1},
        body(quantity="1.0001"),
    ]
    assert api.post_json(URL, items, status=400).json == {
        "items": {
            "1": {
                "store_id": ['Invalid pk "999" - object does not exist.'],
                "price": ["A valid integer is required."],
            },
            "2": {"product_id": ['Invalid pk "998" - object does not exist.']},
            "3": {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]},
            "4": {
                name: ["This field is required."]
                for name in ("purchase_date", "store_id", "quantity", "product_id")
            },
            "5": {"quantity": ["Ensure that there are no more than 3 decimal places."]},
        }
    }
    assert api.get("/api/shopping-records/").json == []


def test_what_only_the_database_knows_is_named_too(api, body):
    response = api.post_json(URL, [body(), body(store_id=999), body(store_id=2**40)], status=400)
    assert response.json == {
        "items": {
            number: {"store_id": [f'Invalid pk "{id}" - object does not exist.']}
            for number, id in (("1", 999), ("2", 2**40))
        }
    }


def test_unique_values_are_free_and_different(api, make):
    make.category(name="Meat")
    bodies = [{"name": name} for name in ("Dairy", "Meat", "Fish", "Dairy", "dairy")]
    assert api.post_json("/api/categories/bulk/", bodies, status=400).json == {
        "items": {number: {"name": ["category with this name already exists."]} for number in "13"}
    }
    assert len(api.get("/api/categories/").json) == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, {"items": ["Expected a list of items."]}),
        ("text", {"items": ["Expected a list of items."]}),
        ([], {"items": ["This list may not be empty."]}),
        ({"items": {}}, {"items": ["Expected a list of items."]}),
        ([{}] * 1001, {"items": ["Send at most 1000 items."]}),
    ],
)
def test_a_body_of_another_shape(api, sent, message):
    assert api.post_json(URL, sent, status=400).json == message


def test_another_media_type(api):
    api.post(URL, {"price": "1"}, status=415)


def test_a_thousand_take_as_many_statements_as_ten(api, body, count_statements):
    def count(number):
        return count_statements(api.post_json, URL, [body(price=n) for n in range(number)])

    assert count(1000) == count(10) <= 6


def test_the_history_has_each(api, body, admin):
    rows = api.post_json(URL, [body(price=price) for price in (7, 8)], status=201).json
    for row in rows:
        assert str(row["price"]) in admin.get(f"/admin/shopping-records/{row['id']}/history/").text


def test_permission_to_add_is_required(client, body, auth_headers, user):
    client.post_json(URL, [body()], status=401)
