"""How many statements extensions cost."""

import pytest

from shoptrack.testing import capture_statements

URL = "/api/shopping-records/"


@pytest.fixture
def count(database):
    """Return a function that counts the statements of a call."""

    def count(call, *arguments, **named):
        with capture_statements(database) as statements:
            call(*arguments, **named)
        return len(statements)

    return count


def test_reading_costs_none(api, record, count):
    document = record(note="a")
    record()
    assert count(api.get, f"{URL}{document['id']}/") == 2
    assert count(api.get, URL) == 3
    assert count(api.get, f"{URL}?limit=1&ordering=tax_rate&note__icontains=a&search=b") == 3


def test_a_batch_costs_one_for_all_rows(api, make, count):
    for names in (("Tea",), [f"P{n}" for n in range(30)]):
        for name in names:
            make.product(name=name)
        assert count(api.get, "/api/products/") == 4
        assert count(api.get, "/api/products/?limit=10") == 4


def test_a_change_costs_one_for_each_changed_extension(api, record, count, database, calls):
    path = f"{URL}{record()['id']}/"
    own = (3 if database.is_sqlite else 4) + 1  # the history's entry
    rule = 1  # the validator's own question
    assert count(api.patch_json, path, {"price": 2}) == own + rule
    # One more to write it, one to read the row again; without a change of the row's own.
    assert count(api.patch_json, path, {"note": "a"}) == own + rule + 1
    assert count(api.patch_json, path, {"note": "b", "rating": 3, "price": 5}) == own + rule + 3
