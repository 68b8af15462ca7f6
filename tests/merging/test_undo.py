"""``POST /api/history/{id}/undo/``: the opposite change, as long as nothing since contradicts."""

import pytest
from sqlalchemy import func, insert, select

from shoptrack.history import HistoryEntry, find_undoable

sqlite = pytest.mark.database("sqlite")


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


def test_an_addition_is_deleted(api, undo, last, entries):
    id = api.post_json("/api/stores/", {"name": "Life", "location": "Kyoto"}).json["id"]
    added = last()
    answer = undo(added)
    api.get(f"/api/stores/{id}/", status=404)
    assert answer == {
        "history_id": last(),
        "undoes": added,
        "restored": {},
        "changed": {},
        "deleted": {"stores": 1},
        "skipped": {},
    }
    assert [(one.action, one.undoes) for one in entries()] == [("added", None), ("deleted", added)]


def test_a_change_is_reverted(api, make, undo, last):
    record, store = make.record(quantity="1.5"), make.store()
    url = f"/api/shopping-records/{record.id}/"
    before = api.get(url).json
    body = {"quantity": "2", "store_id": store.id, "purchase_date": "2025-05-05", "price": 7}
    api.patch_json(url, body)
    assert undo(last())["changed"] == {"shopping-records": 1}
    assert api.get(url).json == before


def test_a_deleted_row_gets_its_id_and_its_values_again(api, make, undo, last):
    product = make.product(name="Ｍilk", manufacturer_id=make.manufacturer().id)
    url = f"/api/products/{product.id}/"
    before = api.get(url).json
    api.delete(url)
    make.product()
    assert undo(last())["restored"] == {"products": 1}
    assert api.get(url).json == before
    # It is found by its folded name, too, and the next row gets another id.
    assert [row["id"] for row in api.get("/api/products/?search=milk").json] == [product.id]
    assert make.product().id > product.id


def test_twice_is_refused_and_an_undo_can_be_undone(api, make, undo, last):
    store = make.store(name="Live")
    url = f"/api/stores/{store.id}/"
    api.patch_json(url, {"name": "Life"})
    changed = last()
    undone = undo(changed)["history_id"]
    assert api.get(url).json["name"] == "Live"
    refused = undo(changed, status=409)
    assert refused == {
        "code": "already_undone",
        "detail": f"This was undone already, by the history entry {undone}.",
    }
    redone = undo(undone)["history_id"]
    assert api.get(url).json["name"] == "Life"
    assert undo(undone, status=409)["code"] == "already_undone"
    # The change is in effect again.
    undo(changed)
    assert api.get(url).json["name"] == "Live"
    assert undo(redone, status=409)["code"] == "undo_conflict"


def test_what_has_changed_since_contradicts(api, make, undo, last):
    store = make.store(name="Live")
    url = f"/api/stores/{store.id}/"
    api.patch_json(url, {"name": "Life"})
    changed = last()
    api.patch_json(url, {"location": "Osaka"})
    api.patch_json(url, {"name": "Liff"})
    assert undo(changed, status=409) == {
        "code": "undo_conflict",
        "detail": "“Life (Kyoto)” has changed since. The name is another one now.",
        "conflicts": {"name": ["The name is another one now."]},
    }
    api.delete(url)
    assert undo(changed, status=409)["conflicts"] == {"id": ["The row was deleted."]}


def test_a_change_of_another_field_does_not_contradict(api, make, undo, last):
    store = make.store(name="Live", location="Kyoto")
    url = f"/api/stores/{store.id}/"
    api.patch_json(url, {"name": "Life"})
    changed = last()
    api.patch_json(url, {"location": "Osaka"})
    undo(changed)
    assert api.get(url).json == {"id": store.id, "name": "Live", "location": "Osaka"}


def test_an_addition_that_was_changed_or_is_in_use_is_not_deleted(api, make, undo, last):
    id = api.post_json("/api/stores/", {"name": "Life", "location": "Kyoto"}).json["id"]
    added = last()
    make.record(store_id=id)
    refused = undo(added, status=409)
    assert refused["code"] == "in_use"
    assert refused["references"] == {"shopping-records": 1}
    api.patch_json(f"/api/stores/{id}/", {"name": "Liff"})
    assert undo(added, status=409)["conflicts"] == {"name": ["The name is another one now."]}


def test_a_deleted_row_whose_name_is_taken_or_whose_reference_is_gone_stays_deleted(
    api, make, undo, last
):
    category = make.category(name="Meat")
    product = make.product(category_id=category.id)
    api.delete(f"/api/products/{product.id}/")
    of_product = last()
    api.delete(f"/api/categories/{category.id}/")
    of_category = last()
    api.post_json("/api/categories/", {"name": "Meat"})
    assert undo(of_category, status=409)["conflicts"] == {
        "name": ["category with this name already exists."]
    }
    assert undo(of_product, status=409)["conflicts"] == {
        "category_id": [f'Invalid pk "{category.id}" - object does not exist.']
    }


def test_a_merge_is_undone_as_a_whole(api, make, merge, product, undo, records, entries):
    kilo = make.unit(name="kg").id
    keep, same, other = product("Rice"), product("rice"), product("RICE", unit_id=kilo)
    quantities = {keep: "5", same: "0.125", other: "2.5"}
    for id, quantity in quantities.items():
        make.record(product_id=id, quantity=quantity)
    before, products = records(), api.get("/api/products/").json
    merged = merge(keep, same, other)["history_id"]
    after = records()
    answer = undo(merged)
    assert answer["restored"] == {"products": 2}
    assert answer["changed"] == {"shopping-records": 2}
    assert records() == before
    assert api.get("/api/products/").json == products
    (undone,) = entries(action="undone")
    assert (undone.id, undone.undoes, undone.label) == (answer["history_id"], merged, "Rice")
    assert undo(merged, status=409)["code"] == "already_undone"
    again = undo(undone.id)
    assert again["deleted"] == {"products": 2}
    assert records() == after
    undo(again["history_id"])
    assert records() == before


def test_records_that_have_changed_since_a_merge_are_left(api, make, merge, product, undo, records):
    keep, other, third = product(), product(unit_id=make.unit(name="kg").id), product()
    ids = [make.record(product_id=other, quantity="1").id for _ in range(5)]
    merged = merge(keep, other)["history_id"]
    added = make.record(product_id=keep, quantity="9").id
    api.patch_json(f"/api/shopping-records/{ids[0]}/", {"price": 1})
    api.patch_json(f"/api/shopping-records/{ids[1]}/", {"quantity": "900"})
    api.patch_json(f"/api/shopping-records/{ids[2]}/", {"product_id": third})
    api.delete(f"/api/shopping-records/{ids[3]}/")
    answer = undo(merged)
    assert answer["changed"] == {"shopping-records": 2}
    assert answer["skipped"] == {"shopping-records": 3}
    assert records() == {
        ids[0]: (other, "1.000"),
        ids[1]: (keep, "900.000"),
        ids[2]: (third, "1000.000"),
        ids[4]: (other, "1.000"),
        added: (keep, "9.000"),
    }


def test_a_merge_stays_if_a_merged_row_cannot_come_back(api, make, merge, undo, records):
    one, two = make.category(name="Meat"), make.category(name="meat")
    product = make.product(category_id=two.id)
    merged = merge(one.id, two.id, path="categories")["history_id"]
    api.post_json("/api/categories/", {"name": "meat"})
    refused = undo(merged, status=409)
    assert refused["conflicts"] == {"name": ["category with this name already exists."]}
    assert api.get(f"/api/products/{product.id}/").json["category"]["id"] == one.id


def test_a_merge_of_many_rows_is_undone_in_batches(
    make, merge, undo, product, records, monkeypatch
):
    monkeypatch.setattr("shoptrack.history.undoing.BATCH_ENTRIES", 3)
    monkeypatch.setattr("shoptrack.resources.reassignment.BATCH_ROWS", 2)
    keep, *others = (product() for _ in range(3))
    for number in range(9):
        make.record(product_id=others[number % 2])
    before = records()
    undo(merge(keep, *others)["history_id"])
    assert records() == before


@sqlite
def test_a_part_of_a_merge_is_not_undone_alone(make, merge, undo, product, entries):
    merged = merge(product(), product())["history_id"]
    (part,) = entries(part_of=merged)
    assert undo(part.id, status=409) == {
        "code": "part_of_group",
        "detail": f"This change is part of another action. Undo the history entry {merged}.",
    }


def test_of_two_undos_at_once_one_is_refused(at_once, api, make, last):
    product = make.product()
    for _round in range(5):
        api.delete(f"/api/products/{product.id}/")
        url = f"/api/history/{last()}/undo/"
        answers = at_once(*[lambda client, url=url: client.post_json(url, {}, status="*")] * 2)
        assert sorted(answer.status_int for answer in answers) == [200, 409]
        api.get(f"/api/products/{product.id}/")


@sqlite
@pytest.mark.parametrize("id", ["x", "0", "999999", "-1", str(2**63), "9" * 2000])
def test_an_unknown_entry_is_not_found(undo, id):
    undo(id, status=404)


@sqlite
@pytest.mark.parametrize(
    "values",
    [
        {"action": "signed in", "path": "users"},
        {"action": "shared", "path": "products"},
        {"action": "added", "path": "of-a-plugin-that-is-gone"},
        {"action": "changed", "path": "stores", "changes": {"gone": ["a", "b"]}},
    ],
)
def test_other_actions_cannot_be_undone(make, undo, database, last, entries, values):
    row = make.store().id
    with database.engine.begin() as connection:
        connection.execute(insert(HistoryEntry), {"row_id": row, "way": "api", **values})
    assert undo(last(), status=409)["code"] == "cannot_be_undone"


@sqlite
def test_an_undo_takes_the_permission_of_the_opposite_change(make, api, caller, undo, last):
    store = make.store(name="Life")
    api.delete(f"/api/stores/{store.id}/")
    deleted = last()
    refused = undo(deleted, client=caller("stores:view", "stores:delete"), status=403)
    assert refused == {"detail": "To undo this, you need the permissions stores:add."}
    # What one may not view is not told either.
    make.store()
    answer = undo(deleted, client=caller("stores:add"))
    assert answer["restored"] == {}
    api.get(f"/api/stores/{store.id}/")


@sqlite
def test_undoing_a_merge_takes_the_permissions_of_all_its_parts(make, caller, merge, undo, product):
    keep, other = product(), product()
    make.record(product_id=other)
    merged = merge(keep, other)["history_id"]
    refused = undo(merged, client=caller("products:add"), status=403)
    assert refused == {"detail": "To undo this, you need the permissions shopping-records:change."}
    undo(merged, client=caller("products:add", "shopping-records:change"))


@sqlite
def test_a_conflict_does_not_name_what_one_may_not_view(make, api, caller, undo, last):
    store = make.store(name="Life")
    api.patch_json(f"/api/stores/{store.id}/", {"name": "Liff"})
    changed = last()
    api.patch_json(f"/api/stores/{store.id}/", {"name": "Lift"})
    refused = undo(changed, client=caller("stores:change"), status=409)
    assert (
        refused["detail"] == f"“store {store.id}” has changed since. The name is another one now."
    )


@sqlite
def test_a_repeat_with_the_same_key_gets_the_first_response(make, api, last):
    store = make.store()
    api.delete(f"/api/stores/{store.id}/")
    url, headers = f"/api/history/{last()}/undo/", {"Idempotency-Key": '"abc"'}
    first = api.post_json(url, {}, headers=headers)
    assert api.post_json(url, {}, headers=headers).body == first.body


def test_entries_are_listed_for_those_who_may_view_their_rows(api, caller, make, last, entries):
    store = make.store(name="Life")
    api.post_json("/api/categories/", {"name": "Meat"})
    api.delete(f"/api/stores/{store.id}/")
    deleted = last()
    listed = api.get("/api/history/").json
    assert [(one["action"], one["resource"]) for one in listed] == [
        ("deleted", "stores"),
        ("added", "categories"),
    ]
    (entry,) = api.get(f"/api/history/?resource=stores&row_id={store.id}").json
    at = entry.pop("at")
    assert at.endswith(("Z", "+00:00"))
    assert entry == {
        "id": deleted,
        "action": "deleted",
        "resource": "stores",
        "row_id": store.id,
        "part_of": None,
        "undoes": None,
    }
    assert [one["resource"] for one in api.get(f"/api/history/?before={deleted}").json] == [
        "categories"
    ]
    assert len(api.get("/api/history/?limit=1").json) == 1
    hidden = caller("categories:view")
    assert [one["resource"] for one in hidden.get("/api/history/").json] == ["categories"]
    hidden.get("/api/history/?resource=stores", status=400)


@sqlite
@pytest.mark.parametrize("query", ["resource=users", "row_id=x", "before=-1", "limit=0", "a=1"])
def test_bad_parameters_of_the_list_are_refused(api, query):
    answer = api.get(f"/api/history/?{query}", status=400).json
    assert list(answer) == [query.partition("=")[0]]


def test_a_page_of_undone_entries_takes_two_statements(
    app, database, make, merge, product, undo, entries, count_statements
):
    """Chains of undos of undos, and merges: their number and length cost no statement."""
    merged = [merge(product(), product())["history_id"] for _ in range(4)]
    undos = {id: [undo(id)["history_id"]] for id in merged[1:]}
    for id in merged[2:]:
        undos[id].append(undo(undos[id][-1])["history_id"])
    undos[merged[3]].append(undo(undos[merged[3]][-1])["history_id"])
    whole = [merged[0], merged[2], undos[merged[1]][0], undos[merged[2]][1], undos[merged[3]][2]]
    rows = [one for one in entries() if one.part_of is None]
    with database.read_engine.connect() as connection:
        found = []
        call = lambda: found.append(  # noqa: E731
            find_undoable(connection, app.registry, rows, lambda name: True)
        )
        assert count_statements(call) == 2
    # In the longest chain, the first undo is in effect again, as the second one was undone.
    assert found[0] == {*whole, undos[merged[3]][0]}


@pytest.mark.parametrize("length", [1500, 1501])
def test_a_chain_of_undos_may_be_long(api, make, undo, last, database, length):
    store = make.store(name="Live")
    api.patch_json(f"/api/stores/{store.id}/", {"name": "Life"})
    first = last()
    entry = {"row_id": store.id, "way": "api", "path": "stores", "action": "changed"}
    chain = [
        {"id": first + number, "undoes": first + number - 1, **entry}
        for number in range(1, length + 1)
    ]
    with database.engine.begin() as connection:
        connection.execute(insert(HistoryEntry), chain)
        if connection.dialect.name == "postgresql":
            table = HistoryEntry.__tablename__
            sequence = func.pg_get_serial_sequence(table, "id")
            connection.execute(select(func.setval(sequence, first + length)))
    if length % 2:
        assert undo(first, status=409)["code"] == "already_undone"
    else:
        undo(first)
