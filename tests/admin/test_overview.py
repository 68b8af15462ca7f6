"""The overview: what is there, and what goes on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import capture_statements
from shoptrack_admin.menu import Menu, MenuEntry
from shoptrack_auth.models import FailedAttempt, get_utc_now


@pytest.fixture
def overview(admin):
    return lambda: admin.get("/admin/").html


@pytest.fixture
def bought(make):
    """Return a function that records what was bought, in one of few products."""
    products = {}

    def bought(day: str, price: int, category: str = "Meat", **values):
        if category not in products:
            products[category] = make.product(category_id=make.category(name=category).id)
        product = products[category]
        make.record(
            purchase_date=date.fromisoformat(day), price=price, product_id=product.id, **values
        )

    return bought


def figures(page) -> list[str]:
    return [figure.text for figure in page.find(class_="figures").find_all("dd")]


def table(page, label) -> dict[str, str]:
    rows = page.find(attrs={"aria-labelledby": label}).tbody.find_all("tr")
    return {row.th.text: row.find(class_="number").text for row in rows}


def test_an_empty_household_is_told_what_will_be_here(overview):
    page = overview()
    assert "Nothing has been bought yet." in page.find(id="content").text
    assert page.find(id="newest") is None


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
    page = overview()
    assert list(table(page, "by-month"))[0] == "2025-04"
    assert page.find(attrs={"aria-labelledby": "newest"}).tbody.tr.time.text == "2999-01-01"


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


def test_the_newest_records_come_first_with_their_unit(overview, make):
    unit = make.unit(name="ml")
    milk = make.product(name="Milk", unit_id=unit.id)
    make.record(product_id=milk.id, quantity=Decimal("1500.500"), price=198)
    make.rows(ShoppingRecord, 8, price=1, quantity=1, purchase_date=date(2024, 1, 1))
    rows = overview().find(attrs={"aria-labelledby": "newest"}).tbody.find_all("tr")
    assert len(rows) == 8
    row = rows[0]
    assert [cell.text for cell in row.find_all(["td", "th"])][1:2] == ["Milk"]
    assert "1,500.5 ml" in row.text
    assert "¥198" in row.text


def test_names_are_escaped(overview, bought, make):
    bought("2025-04-01", 1, "<b>Meat</b>", store_id=make.store(name="<script>x</script>").id)
    text = str(overview())
    assert "<b>Meat" not in text
    assert "<script>x" not in text


def test_failed_sign_ins_are_counted_by_address(overview, database, visitor, staff):
    with database.session() as db, db.begin():
        ages = ((1, "192.0.2.1"), (2, "192.0.2.1"), (30, "192.0.2.2"), (1441, "192.0.2.3"))
        for age, address in ages:
            at = get_utc_now() - timedelta(minutes=age)
            db.add(FailedAttempt(kind="password", address=address, at=at))
        db.add(FailedAttempt(kind="token", address="192.0.2.4", at=get_utc_now()))
    assert table(overview(), "failures") == {"192.0.2.1": "2", "192.0.2.2": "1"}
    with database.session() as db, db.begin():
        for number in range(5, 9):
            db.add(FailedAttempt(kind="password", address=f"192.0.2.{number}", at=get_utc_now()))
    assert len(table(overview(), "failures")) == 5


def test_everybody_sees_what_their_permissions_allow(browser_of, staff, grant, bought, database):
    bought("2025-04-01", 1)
    with database.session() as db, db.begin():
        db.add(FailedAttempt(kind="password", address="192.0.2.1", at=get_utc_now()))
    client = browser_of(staff)
    page = client.get("/admin/")
    assert "You do not have any permissions yet." in page
    grant(staff, "shopping-records:view")
    page = client.get("/admin/")
    assert page.html.find(id="by-month")
    assert page.html.find(id="failures") is None
    grant(staff, "users:view")
    assert client.get("/admin/").html.find(id="failures")


def test_it_takes_few_statements_however_much_there_is(admin, database, make):
    record = make.record()
    row = {
        "price": 1,
        "quantity": Decimal(1),
        "store_id": record.store_id,
        "product_id": record.product_id,
    }
    days = [date(2024, 1, 1) + timedelta(days=number % 500) for number in range(2000)]
    with database.engine.begin() as connection:
        connection.execute(insert(ShoppingRecord), [{**row, "purchase_date": day} for day in days])
    with capture_statements(database) as statements:
        admin.get("/admin/")
    assert len(statements) <= 7


def test_counts_are_those_of_the_menus_entries(app, admin, make, monkeypatch):
    make.store()
    entry = MenuEntry("admin:account", "Shops", permission="stores:view", model=type(make.store()))
    monkeypatch.setattr(Menu.of(app.registry), "entries", [entry])
    (count,) = admin.get("/admin/").html.find(class_="counts").find_all("a")
    assert (count.span.text, count.strong.text) == ("Shops", "2")


def test_panels_name_nothing_that_one_may_not_view(staff_with, bought):
    bought("2025-04-01", 300)
    page = staff_with("shopping-records:view").get("/admin/").html
    assert table(page, "by-month")["2025-04"] == "¥300"
    assert page.find(attrs={"aria-labelledby": "by-category"}) is None
    (row,) = page.find(attrs={"aria-labelledby": "newest"}).tbody.find_all("tr")
    assert row.th.text.startswith("product ")
    assert row.find_all("td")[1].text.startswith("store ")
    views = ("shopping-records:view", "products:view", "categories:view", "stores:view")
    page = staff_with(*views).get("/admin/").html
    assert table(page, "by-category") == {"Meat": "¥300"}
    (row,) = page.find(attrs={"aria-labelledby": "newest"}).tbody.find_all("tr")
    assert not row.th.text.startswith("product ")
    assert row.find_all("td")[2].text.strip() == "500"
