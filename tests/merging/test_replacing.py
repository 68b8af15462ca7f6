"""``DELETE /api/<resource>/{id}/?replace_with=5``: referrers are moved, then the row is deleted."""

import pytest

sqlite = pytest.mark.database("sqlite")


def test_referrers_are_moved_then_the_row_is_deleted(api, make, product, records, entries):
    old, new = product("Milk"), product("Whole milk")
    record = make.record(product_id=old).id
    api.delete(f"/api/products/{old}/?replace_with={new}", status=204)
    assert records() == {record: (new, "500.000")}
    api.get(f"/api/products/{old}/", status=404)
    merged, changed, deleted = entries()
    assert (merged.action, merged.row_id) == ("merged", new)
    assert (changed.path, changed.row_id, changed.part_of) == (
        "shopping-records",
        record,
        merged.id,
    )
    assert (deleted.action, deleted.row_id, deleted.part_of) == ("deleted", old, merged.id)


@sqlite
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("replace_with=", "Incorrect type. Expected pk value, received str."),
        ("replace_with=x", "Incorrect type. Expected pk value, received str."),
        ("replace_with=999", 'Invalid pk "999" - object does not exist.'),
        ("replace_with={id}", "Choose another product."),
        ("replace_with=1&replace_with=2", "Send this parameter only once."),
    ],
)
def test_a_bad_replacement_is_refused(api, product, query, message):
    id = product()
    answer = api.delete(f"/api/products/{id}/?{query.format(id=id)}", status=400).json
    assert answer == {"replace_with": [message]}
    api.get(f"/api/products/{id}/")


@sqlite
def test_a_row_that_does_not_exist_is_not_found(api, product):
    answer = api.delete(f"/api/products/999/?replace_with={product()}", status=404).json
    assert answer == {"detail": "No Product matches the given query."}


@sqlite
def test_other_units_are_refused(api, make, product):
    old, new = product(unit_id=make.unit(name="jar").id), product()
    answer = api.delete(f"/api/products/{old}/?replace_with={new}", status=409).json
    assert answer["code"] == "different_units"
    api.get(f"/api/products/{old}/")


@sqlite
def test_an_outdated_etag_is_refused(api, product):
    old, new = product(), product()
    url = f"/api/products/{old}/"
    headers = {"If-Match": api.get(url).headers["ETag"]}
    api.patch_json(url, {"name": "Tea"})
    api.delete(f"{url}?replace_with={new}", headers=headers, status=412)
    api.get(url)


@sqlite
def test_both_permissions_are_needed(caller, product, make):
    old, new = product(), product()
    make.record(product_id=old)
    url = f"/api/products/{old}/?replace_with={new}"
    caller("shopping-records:change").delete(url, status=403)
    refused = caller("products:delete").delete(url, status=403).json
    assert refused == {"detail": "You do not have permission to change shopping records."}
    caller("products:delete", "shopping-records:change").delete(url, status=204)
