"""The overview's panel of what the household spends."""

from decimal import Decimal

import pytest

from shoptrack.db import Database
from shoptrack.testing import make_test_app


@pytest.fixture
def overview(admin):
    return lambda: admin.get("/admin/").html


def figures(page) -> list[str]:
    return [figure.text for figure in page.find(class_="figures").find_all("dd")]


def table(page, label) -> dict[str, str]:
    rows = page.find(attrs={"aria-labelledby": label}).tbody.find_all("tr")
    return {row.th.text: row.find(class_="number").text for row in rows}


def test_an_empty_household_is_told_what_will_be_here(overview):
    assert "Nothing has been bought yet." in overview().find(id="content").text


def test_spending_is_the_sum_of_prices_by_month(overview, bought):
    bought("2025-03-31", 100)
    bought("2025-04-01", 200, quantity=Decimal("3"))
    bought("2025-04-30", 50)
    bought("2024-05-01", 7)
    bought("2024-04-30", 1000)  # more than a year before
    months = table(overview(), "by-month")
    assert list(months)[0] == "2025-04"
    assert list(months)[-1] == "2024-05"
    assert [months[month] for month in ("2025-04", "2025-03", "2025-02", "2024-05")] == [
        "¥250",
        "¥100",
        "¥0",
        "¥7",
    ]


def test_the_figures_are_those_of_the_last_months(overview, bought):
    bought("2025-02-01", 300)
    bought("2025-03-01", 1000)
    bought("2025-04-01", 2000)
    assert figures(overview()) == ["¥2,000", "¥1,000", "¥1,100"]


def test_what_is_dated_in_the_future_moves_nothing(overview, bought):
    bought("2025-04-01", 2000)
    bought("2999-01-01", 5)
    assert list(table(overview(), "by-month"))[0] == "2025-04"


def test_no_month_comes_before_the_calendar_begins(overview, bought):
    bought("0001-02-03", 5)
    assert table(overview(), "by-month") == {"0001-02": "¥5", "0001-01": "¥0"}


def test_the_month_that_goes_on_is_called_so(overview, bought, today):
    bought(str(today), 5)
    assert "This month so far" in overview().find(class_="figures").text


@pytest.mark.parametrize(
    ("instant", "months", "is_current"),
    [
        ("2026-11-30T14:59:59Z", ["2026-11", "2026-10"], True),
        ("2026-11-30T15:00:00Z", ["2026-12", "2026-11"], True),
        ("2026-12-31T15:00:00Z", ["2026-12", "2026-11"], False),
    ],
)
def test_a_month_begins_at_midnight_in_the_household(
    overview, bought, stop_clock, instant, months, is_current
):
    bought("2026-11-30", 3)
    bought("2026-12-01", 5)
    stop_clock(instant)
    page = overview()
    assert list(table(page, "by-month"))[:2] == months
    assert ("This month so far" in page.find(class_="figures").text) == is_current


def test_categories_come_by_what_was_spent_on_them_and_the_rest_together(overview, bought):
    for number in range(10):
        bought("2025-04-01", 1000 - number, f"Category {number}")
    bought("2025-04-02", 5000, "Category 7")
    shown = table(overview(), "by-category")
    assert list(shown)[:2] == ["Category 7", "Category 0"]
    assert len(shown) == 9
    assert shown["All others"] == "¥1,983"


def test_eight_categories_have_no_rest(overview, bought):
    for number in range(8):
        bought("2025-04-01", 1000, f"Category {number}")
    assert list(table(overview(), "by-category")) == [f"Category {n}" for n in range(8)]


def test_refunds_count_and_have_no_bar(overview, bought):
    bought("2025-04-01", 100)
    bought("2025-04-01", -300, "Refund")
    page = overview()
    assert table(page, "by-category")["Refund"] == "\N{MINUS SIGN}¥300"
    assert figures(page)[0] == "\N{MINUS SIGN}¥200"
    lengths = [bar["width"] for bar in page.select(".bars rect")]
    assert lengths == ["100.0%", "0.0%"]


def test_names_are_escaped(overview, bought):
    bought("2025-04-01", 1, "<b>Meat</b>")
    assert "<b>Meat" not in str(overview())


@pytest.mark.model_permissions
def test_it_takes_the_permission_to_view_records(staff_with, bought):
    bought("2025-04-01", 300)
    assert staff_with("products:view").get("/admin/").html.find(id="by-month") is None
    assert staff_with("shopping-records:view").get("/admin/").html.find(id="by-month")


@pytest.mark.model_permissions
def test_it_names_no_category_that_one_may_not_view(staff_with, bought):
    bought("2025-04-01", 300)
    page = staff_with("shopping-records:view").get("/admin/").html
    assert table(page, "by-month")["2025-04"] == "¥300"
    assert page.find(attrs={"aria-labelledby": "by-category"}) is None
    views = ("shopping-records:view", "products:view", "categories:view")
    page = staff_with(*views).get("/admin/").html
    assert table(page, "by-category") == {"Meat": "¥300"}


def test_it_comes_first_and_is_gone_with_the_reports(admin, make, database):
    make.record()
    panels = [panel["aria-labelledby"] for panel in admin.get("/admin/").html.select(".panel")]
    assert panels == ["by-month", "by-category", "newest", "history", "counts"]
    admin.app = app = make_test_app(database.url, ("shoptrack_auth", "shoptrack_admin"))
    panels = [panel["aria-labelledby"] for panel in admin.get("/admin/").html.select(".panel")]
    Database.of(app.registry).dispose()
    assert panels == ["newest", "history", "counts"]
