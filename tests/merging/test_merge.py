"""``POST /api/<resource>/{id}/merge/``: duplicates become one row, all of them or none."""

import pytest

KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
sqlite = pytest.mark.database("sqlite")


def test_referrers_are_moved_and_the_duplicates_are_deleted(
    api, make, merge, product, records, entries
):
    keep, *others = product("Milk"), product("milk"), product("Miik")
    ids = [make.record(product_id=id).id for id in (keep, *others, others[0])]
    answer = merge(keep, *others)
    (entry,) = entries(action="merged")
    assert answer == {
        "dry_run": False,
        "kept": keep,
        "merged": others,
        "moved": {"shopping-records": 3},
        "has_hidden": False,
        "factors": {},
        "conflicts": [],
        "history_id": entry.id,
    }
    assert records() == dict.fromkeys(ids, (keep, "500.000"))
    assert [row["id"] for row in api.get("/api/products/").json] == [keep]


def test_a_dry_run_says_the_same_and_changes_nothing(api, make, merge, product, records, entries):
    keep, *others = product("Milk"), product("milk"), product("Miik")
    for id in (keep, *others):
        make.record(product_id=id)
    before = records()
    planned = merge(keep, *others, dry_run=True)
    assert records() == before
    assert len(api.get("/api/products/").json) == 3
    assert entries() == []
    done = merge(keep, *others)
    assert planned | {"dry_run": False, "history_id": done["history_id"]} == done
    assert planned["history_id"] is None


@pytest.mark.parametrize(
    "path", ["categories", "units", "manufacturers", "origins", "stores", "shopping-records"]
)
def test_rows_of_each_resource_can_be_merged(make, merge, path):
    kinds = {"categories": "category", "shopping-records": "record"}
    kind = getattr(make, kinds.get(path, path[:-1]))
    keep, other = kind(), kind()
    assert merge(keep.id, other.id, path=path)["merged"] == [other.id]


@sqlite
@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (None, "This field is required."),
        ("7", "Expected a list of items."),
        ([], "This list may not be empty."),
        ([None], "This field may not be null."),
        (["x"], "Incorrect type. Expected pk value, received str."),
        ([True], "Incorrect type. Expected pk value, received bool."),
        ([999], 'Invalid pk "999" - object does not exist.'),
        ([2**70], f'Invalid pk "{2**70}" - object does not exist.'),
        ([*range(1000, 1101)], "Send at most 100 items."),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_bad_ids_are_refused(api, product, ids, message, dry_run):
    url = f"/api/products/{product()}/merge/"
    answer = api.post_json(url, {"ids": ids, "dry_run": dry_run}, status=400).json
    assert answer == {"ids": [message]}


@sqlite
def test_a_row_is_not_merged_with_itself_nor_twice(merge, product):
    keep, other = product(), product()
    answer = merge(keep, other, keep, other, status=400)
    assert answer == {
        "ids": ["A product cannot be merged with itself.", f"The ID {other} occurs twice."]
    }


@sqlite
def test_all_bad_values_are_named_at_once(merge, product):
    answer = merge(product(), dry_run="maybe", convert="-1", status=400)
    assert answer == {
        "ids": ["This list may not be empty."],
        "dry_run": ["Must be a valid boolean."],
        "convert": ["Ensure this value is greater than 0."],
    }


@sqlite
@pytest.mark.parametrize("body", [[], "x", None, 7])
def test_a_body_that_is_no_object_is_refused(api, product, body):
    answer = api.post_json(f"/api/products/{product()}/merge/", body, status=400).json
    assert answer == {"ids": ["This field is required."]}


@sqlite
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_row_to_keep_that_does_not_exist_is_not_found(merge, product, dry_run):
    answer = merge(999, product(), dry_run=dry_run, status=404)
    assert answer == {"detail": "No Product matches the given query."}


def test_nothing_is_merged_if_one_row_does_not_exist(api, make, merge, product, records):
    keep, other = product(), product()
    record = make.record(product_id=other).id
    merge(keep, other, 999, status=400)
    assert records()[record][0] == other


@sqlite
def test_a_merge_needs_the_permissions_to_delete_and_to_change_referrers(
    caller, merge, product, make
):
    keep, other = product(), product()
    make.record(product_id=other)
    viewer = caller("products:view", "shopping-records:view")
    merge(keep, other, client=viewer, status=403)
    deleter = caller("products:delete")
    answer = merge(keep, other, client=deleter, status=403)
    assert answer == {"detail": "You do not have permission to change shopping records."}
    able = caller("products:delete", "shopping-records:change")
    # The rows are hidden from this user, so they are neither named nor counted.
    answer = merge(keep, other, client=able)
    assert (answer["moved"], answer["has_hidden"]) == ({}, True)


@sqlite
def test_hidden_rows_are_neither_counted_nor_named_in_a_dry_run(caller, merge, product, make):
    keep, other = product(), product(unit_id=make.unit(name="jar").id)
    make.record(product_id=other, quantity="0.001")
    able = caller("products:delete", "shopping-records:change")
    answer = merge(keep, other, client=able, dry_run=True, convert="0.5")
    assert (answer["moved"], answer["has_hidden"]) == ({}, True)
    (conflict,) = answer["conflicts"]
    assert conflict["rows"] == []
    (conflict,) = merge(keep, other, client=able, dry_run=True)["conflicts"]
    assert "jar" not in conflict["detail"]


def test_a_repeat_with_the_same_key_gets_the_first_response(api, product, make, entries):
    keep, other = product(), product()
    make.record(product_id=other)
    url, body = f"/api/products/{keep}/merge/", {"ids": [other]}
    first = api.post_json(url, body, headers=KEY)
    assert first.json["moved"] == {"shopping-records": 1}
    assert api.post_json(url, body, headers=KEY).body == first.body
    assert len(entries(action="merged")) == 1
    api.post_json(url, body | {"dry_run": True}, headers=KEY, status=422)


@pytest.mark.database("postgresql")  # on SQLite one of them waits
def test_a_referrer_that_is_added_meanwhile_is_moved_or_refused(
    app, api, make, product, credentials
):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from shoptrack.testing import Client

    store = make.store().id
    for _round in range(10):
        keep, other = product(), product()
        barrier = Barrier(3)

        def add(_number, other=other, barrier=barrier):
            client = Client(app, credentials)
            body = {"price": 1, "purchase_date": "2025-04-01", "quantity": "1"}
            barrier.wait(60)
            body |= {"store_id": store, "product_id": other}
            return client.post_json("/api/shopping-records/", body, status="*").status_int

        with ThreadPoolExecutor(2) as threads:
            added = threads.map(add, range(2))
            barrier.wait(60)
            answer = api.post_json(f"/api/products/{keep}/merge/", {"ids": [other]}).json
            statuses = list(added)
        assert set(statuses) <= {201, 400}
        assert sum(answer["moved"].values()) == statuses.count(201)
        listed = api.get(f"/api/shopping-records/?product_id={keep}").json
        assert len(listed) == statuses.count(201)


@pytest.mark.parametrize("keep", [-(2**63), 2**63 - 1])
@pytest.mark.parametrize("dry_run", [True, False])
def test_an_id_that_no_column_holds_names_no_row(api, make, keep, dry_run):
    body = {"ids": [make.record().id], "dry_run": dry_run}
    api.post_json(f"/api/shopping-records/{keep}/merge/", body, status=404)
