from datetime import date

import pytest
from shoptrack.testing import capture_statements

from shoptrack_budgets.models import Budget

URL = "/api/budgets/check/"
NOVEMBER = date(2026, 11, 1)
PERMISSION = "budgets:check"


def test_it_tells_what_is_left_and_what_is_over(client_with, make, spend):
    meat, dairy = make.category(name="Meat"), make.category(name="Dairy")
    over = make.row(Budget, category_id=meat.id, month=NOVEMBER, amount=1000)
    kept = make.row(Budget, category_id=dairy.id, month=NOVEMBER, amount=1000)
    for price in (700, 500):
        spend(meat, price, on="2026-11-15")
    spend(dairy, 400, on="2026-11-15")
    assert client_with(PERMISSION).get(f"{URL}?month=2026-11").json == {
        "month": "2026-11-01",
        "budgets": [
            {
                "id": kept.id,
                "category": {"id": dairy.id, "name": "Dairy"},
                "limit": 1000,
                "spent": 400,
                "left": 600,
                "over": 0,
            },
            {
                "id": over.id,
                "category": {"id": meat.id, "name": "Meat"},
                "limit": 1000,
                "spent": 1200,
                "left": 0,
                "over": 200,
            },
        ],
    }


def test_a_month_is_its_first_day_to_its_last(api, make, spend):
    budget = make.row(Budget, month=date(2028, 2, 1), amount=100)
    category = make.category()
    make.row(Budget, category_id=category.id, month=date(2028, 2, 1))
    for day in ("2028-01-31", "2028-02-01", "2028-02-29", "2028-03-01"):
        spend(category, 10, on=day)
    spent = {row["id"]: row["spent"] for row in api.get(f"{URL}?month=2028-02").json["budgets"]}
    assert sorted(spent.values()) == [0, 20]
    assert spent[budget.id] == 0


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-11-01"])
def test_every_month_of_the_calendar_can_be_asked_for(api, month):
    assert api.get(f"{URL}?month={month}").json == {"month": f"{month[:7]}-01", "budgets": []}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "This field is required."),
        ("?month=2026-11-30", "Name a month as in 2026-11, or its first day."),
        (
            "?month=November",
            "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
        ),
    ],
)
def test_anything_else_is_refused(api, query, said):
    assert api.get(URL + query, status=400).json == {"month": [said]}


def test_it_takes_one_statement_beside_that_for_the_user(client_with, make, database, spend):
    for _ in range(5):
        category = make.category()
        make.row(Budget, category_id=category.id, month=NOVEMBER)
        spend(category, 100, on="2026-11-01")
    nobody, somebody = client_with(), client_with(PERMISSION)
    with capture_statements(database) as for_the_user:
        nobody.get(f"{URL}?month=2026-11", status=403)
    with capture_statements(database) as statements:
        somebody.get(f"{URL}?month=2026-11")
    assert len(statements) == len(for_the_user) + 1


def test_it_takes_a_permission_of_its_own(client_with, client):
    resource = [f"budgets:{verb}" for verb in ("view", "add", "change", "delete")]
    client_with(*resource).get(f"{URL}?month=2026-11", status=403)
    client.get(f"{URL}?month=2026-11", status=401)
