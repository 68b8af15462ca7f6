from datetime import date

import pytest
from shoptrack.testing import capture_statements
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from shoptrack_budgets.models import Budget

URL = "/api/budgets/"
NOVEMBER = date(2026, 11, 1)
NO_MONTH = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
TAKEN = {"month": ["budget with this category and month already exists."]}


@pytest.fixture
def meat(make):
    return make.category(name="Meat")


@pytest.fixture
def body(meat):
    return {"category_id": meat.id, "month": "2026-11", "amount": 30_000}


def test_what_is_added_is_read_again(client_with, body, meat):
    client = client_with("budgets:add", "budgets:view", "categories:view")
    added = client.post_json(URL, body, status=201).json
    assert added == {
        "id": added["id"],
        "category": {"id": meat.id, "name": "Meat"},
        "month": "2026-11-01",
        "amount": 30_000,
    }
    assert client.get(f"{URL}{added['id']}/").json == added
    assert client.get(URL).json == [added]


@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [
        ("month", "2026-11-02", "Name a month as in 2026-11, or its first day."),
        ("month", "2026-13", NO_MONTH),
        ("month", None, "This field may not be null."),
        ("amount", -1, "Ensure this value is greater than or equal to 0."),
        ("amount", 2**31, "Ensure this value is less than or equal to 2147483647."),
        ("category_id", 2**63 - 1, f'Invalid pk "{2**63 - 1}" - object does not exist.'),
    ],
)
def test_other_values_are_refused(api, body, field, sent, said):
    assert api.post_json(URL, body | {field: sent}, status=400).json == {field: [said]}


def test_all_that_is_missing_is_named(api):
    required = ["This field is required."]
    expected = dict.fromkeys(("category_id", "month", "amount"), required)
    assert api.post_json(URL, {}, status=400).json == expected


def test_a_category_has_one_budget_in_a_month(api, body, make):
    budget = api.post_json(URL, body, status=201).json
    assert api.post_json(URL, body, status=400).json == TAKEN
    api.post_json(URL, body | {"category_id": make.category().id}, status=201)
    december = api.post_json(URL, body | {"month": "2026-12"}, status=201).json
    assert api.patch_json(f"{URL}{december['id']}/", {"month": "2026-11"}, status=400).json == TAKEN
    api.put_json(f"{URL}{budget['id']}/", body, status=200)  # it does not stand in its own way


def test_the_database_says_so_too(make, meat, database):
    make.row(Budget, category_id=meat.id, month=NOVEMBER)
    again = insert(Budget).values(category_id=meat.id, month=NOVEMBER, amount=1)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(again)


def test_a_category_with_a_budget_is_not_deleted(api, make, meat):
    make.row(Budget, category_id=meat.id)
    answer = api.delete(f"/api/categories/{meat.id}/", status=409).json
    assert answer["code"] == "in_use"
    assert answer["references"] == {"budgets": 1}


def test_lists_are_narrowed_and_ordered_by_month(api, make):
    for month in (12, 10, 11):
        make.row(Budget, month=date(2026, month, 1))
    later = api.get(f"{URL}?month__gte=2026-11&ordering=-month").json
    assert [budget["month"] for budget in later] == ["2026-12-01", "2026-11-01"]
    assert [budget["month"] for budget in api.get(URL).json][0] == "2026-10-01"


def test_a_list_takes_the_same_statements_however_long_it_is(api, make, database):
    make.row(Budget)
    with capture_statements(database) as for_one:
        api.get(URL)
    for _ in range(9):
        make.row(Budget)
    with capture_statements(database) as for_ten:
        api.get(URL)
    assert len(for_ten) == len(for_one)


@pytest.mark.parametrize(
    ("method", "permission"),
    [("GET", "view"), ("PATCH", "change"), ("DELETE", "delete")],
)
def test_each_verb_takes_its_permission(client_with, make, method, permission):
    item = f"{URL}{make.row(Budget, month=NOVEMBER).id}/"
    others = {"view", "add", "change", "delete", "check"} - {permission}
    without = client_with(*(f"budgets:{other}" for other in others))
    without.request(item, method=method, status=403)
    client_with(f"budgets:{permission}").request(item, method=method, status="2*")


def test_who_is_not_signed_in_is_refused(client):
    client.get(URL, status=401)
