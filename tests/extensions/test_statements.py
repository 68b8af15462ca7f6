"""How many statements extensions cost."""

import pytest

URL = "/api/shopping-records/"


def test_reading_costs_none(api, record, count_statements):
    document = record(note="a")
    record()
    assert count_statements(api.get, f"{URL}{document['id']}/") == 2
    assert count_statements(api.get, URL) == 3
    assert (
        count_statements(api.get, f"{URL}?limit=1&ordering=tax_rate&note__icontains=a&search=b")
        == 3
    )


def test_a_batch_costs_one_for_all_rows(api, make, count_statements):
    for names in (("Tea",), [f"P{n}" for n in range(30)]):
        for name in names:
            make.product(name=name)
        assert count_statements(api.get, "/api/products/") == 4
        assert count_statements(api.get, "/api/products/?limit=10") == 4


def test_a_change_costs_one_for_each_changed_extension(
    api, record, count_statements, database, calls
):
    path = f"{URL}{record()['id']}/"
    own = (3 if database.is_sqlite else 4) + 1  # the history's entry
    rule = 1  # the validator's own question
    assert count_statements(api.patch_json, path, {"price": 2}) == own + rule
    # One more to write it, one to read the row again; without a change of the row's own.
    assert count_statements(api.patch_json, path, {"note": "a"}) == own + rule + 1
    assert (
        count_statements(api.patch_json, path, {"note": "b", "rating": 3, "price": 5})
        == own + rule + 3
    )


@pytest.mark.parametrize("values", [{}, {"convert": "2"}])
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_merge_costs_the_same_for_any_number_of_rows(
    api, make, record, count_statements, values, dry_run
):
    unit = make.unit().id
    own = make.unit().id if values else unit

    def merge(number):
        others = [make.product(unit_id=own).id for _ in range(number)]
        for id in others:
            record(product_id=id)
            api.patch_json(f"/api/products/{id}/", {"enough": id})
        url = f"/api/products/{make.product(unit_id=unit).id}/merge/"
        return count_statements(api.post_json, url, {"ids": others, "dry_run": dry_run, **values})

    assert merge(2) == merge(8)
