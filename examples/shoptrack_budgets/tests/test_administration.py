from datetime import date
from importlib.util import find_spec

import pytest

from shoptrack_budgets.models import Budget

pytestmark = pytest.mark.skipif(
    find_spec("shoptrack_admin") is None, reason="There is no administration."
)

URL = "/admin/budget-check/"


@pytest.fixture
def meat(make, spend):
    meat = make.category(name="Meat")
    make.row(Budget, category_id=meat.id, month=date(2026, 11, 1), amount=1000)
    spend(meat, 1200, on="2026-11-15")
    return meat


def cells(page):
    return [[cell.text for cell in row.find_all(["th", "td"])] for row in page.html.tbody("tr")]


def test_the_page_shows_the_budgets_of_a_month(staff_with, meat):
    page = staff_with("budgets:check").get(f"{URL}?month=2026-11")
    assert cells(page) == [["Meat", "¥1,000", "¥1,200", "¥0", "¥200"]]


@pytest.mark.parametrize(
    ("instant", "month"),
    [("2026-11-30T14:59:59Z", "2026-11"), ("2026-11-30T15:00:00Z", "2026-12")],
)
def test_it_begins_with_the_households_month(admin, stop_clock, instant, month):
    stop_clock(instant)
    page = admin.get(URL)
    assert page.forms[1]["month"].value == month
    assert f"There are no budgets for {month}." in page


def test_a_month_that_is_none_is_told_beside_the_field(admin):
    page = admin.get(f"{URL}?month=<b>", status=400)
    assert "Enter a date such as" in page.html.find(id="month-error").text
    assert "<b>" not in page


def test_it_is_in_the_menu_of_who_may_see_it(staff_with):
    assert URL in staff_with("budgets:check").get("/admin/")
    without = staff_with("budgets:view")
    assert URL not in without.get("/admin/")
    without.get(URL, status=403)


def test_the_resource_has_pages_with_the_newest_month_first(admin, make):
    for month in (10, 12, 11):
        make.row(Budget, month=date(2026, month, 1), amount=30_000)
    shown = [[text.strip() for text in row[2:4]] for row in cells(admin.get("/admin/budgets/"))]
    assert shown == [[f"2026-{month}-01", "¥30,000"] for month in (12, 11, 10)]


def test_a_budget_is_added_by_a_form(admin, submit, meat):
    fields = {"category_id": meat.id, "month": "2026-12-01", "amount": "500"}
    submit(admin, "/admin/budgets/add/", fields, status=303)
    page = submit(admin, "/admin/budgets/add/", fields, status=400)
    assert "budget with this category and month already exists." in page
    assert "Meat 2026-12" in admin.get("/admin/history/")


def test_pages_speak_japanese(admin, meat):
    page = admin.get(f"{URL}?month=2026-11", headers={"Accept-Language": "ja"})
    assert page.html.h1.text == "月ごとの予算"
    again = admin.get("/admin/budgets/", headers={"Accept-Language": "ja"})
    assert "予算" in again.html.h1.text
