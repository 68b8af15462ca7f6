"""Requests at the same time: whatever their order, each gets an answer of the contract."""

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Category, Product, Store
from shoptrack.records.models import ShoppingRecord

TAKEN = {"name": ["category with this name already exists."]}


def test_of_several_creations_of_one_name_one_succeeds(api, at_once):
    names = [f"category {number}" for number in range(50)]

    def create_all(client):
        return [
            client.post_json("/api/categories/", {"name": name}, expect_errors=True)
            for name in names
        ]

    answers = sum(at_once(*[create_all] * 4), [])
    created = [answer for answer in answers if answer.status_int == 201]
    refused = [answer for answer in answers if answer.status_int == 400]
    assert (len(created), len(refused)) == (50, 150)
    assert all(answer.json == TAKEN for answer in refused)
    assert sorted(row["name"] for row in api.get("/api/categories/").json) == sorted(names)


def test_of_several_renamings_to_one_name_one_succeeds(make, at_once):
    for round in range(15):
        rows = [make.category() for _ in range(3)]

        def rename(row, name=f"round {round}"):
            return lambda client: client.patch_json(
                f"/api/categories/{row.id}/", {"name": name}, expect_errors=True
            )

        answers = at_once(*[rename(row) for row in rows])
        assert sorted(answer.status_int for answer in answers) == [200, 400, 400]
        assert all(answer.json == TAKEN for answer in answers if answer.status_int == 400)


@pytest.mark.parametrize(
    ("parent", "child", "field", "owner", "kin"),
    [
        ("categories", "products", "category_id", Category, Product),
        ("stores", "shopping-records", "store_id", Store, ShoppingRecord),
    ],
)
def test_a_row_is_deleted_or_gets_children_never_both(
    api, make, database, at_once, parent, child, field, owner, kin
):
    unit, product = make.unit().id, make.product().id
    bodies = {
        "products": {"name": "Beef", "unit_id": unit},
        "shopping-records": {
            "price": 1,
            "purchase_date": "2025-01-01",
            "quantity": 1,
            "product_id": product,
        },
    }
    for _ in range(25):
        id = (make.category() if parent == "categories" else make.store()).id
        body = bodies[child] | {field: id}

        def delete(client, id=id):
            return client.delete(f"/api/{parent}/{id}/", expect_errors=True)

        def create(client, body=body):
            return client.post_json(f"/api/{child}/", body, expect_errors=True)

        deleted, *created = at_once(delete, create, create)
        outcome = deleted.status_int, sorted(answer.status_int for answer in created)
        if deleted.status_int == 204:
            assert outcome == (204, [400, 400])
            said = [f'Invalid pk "{id}" - object does not exist.']
            assert all(answer.json == {field: said} for answer in created)
        else:
            assert outcome in ((409, [201, 201]), (409, [201, 400]))
            assert deleted.json["code"] == "in_use"
            assert deleted.json["references"][child] in (1, 2)
    with database.read_engine.connect() as connection:
        orphans = select(kin.id).where(getattr(kin, field).not_in(select(owner.id)))
        assert connection.execute(orphans).all() == []


def test_a_row_is_deleted_once(make, at_once):
    for _ in range(15):
        item = f"/api/stores/{make.store().id}/"
        answers = at_once(*[lambda client, item=item: client.delete(item, expect_errors=True)] * 3)
        assert sorted(answer.status_int for answer in answers) == [204, 404, 404]


def test_a_change_of_a_row_that_is_being_deleted_finds_it_or_not(make, at_once):
    for _ in range(15):
        item = f"/api/stores/{make.store().id}/"
        deleted, changed = at_once(
            lambda client, item=item: client.delete(item, expect_errors=True),
            lambda client, item=item: client.patch_json(item, {"name": "x"}, expect_errors=True),
        )
        assert deleted.status_int == 204
        assert changed.status_int in (200, 404)
