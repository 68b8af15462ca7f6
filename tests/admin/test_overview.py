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


def table(page, label) -> dict[str, str]:
    rows = page.find(attrs={"aria-labelledby": label}).tbody.find_all("tr")
    return {row.th.text: row.find(class_="number").text for row in rows}


def test_panels_that_have_nothing_to_show_are_left_out(overview):
    page = overview()
    assert page.find(id="newest") is None
    assert page.find(id="failures") is None


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
    bought("2025-04-01", 1, store_id=make.store(name="<script>x</script>").id)
    assert "<script>x" not in str(overview())


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


@pytest.mark.model_permissions
def test_everybody_sees_what_their_permissions_allow(browser_of, staff, grant, bought, database):
    bought("2025-04-01", 1)
    with database.session() as db, db.begin():
        db.add(FailedAttempt(kind="password", address="192.0.2.1", at=get_utc_now()))
    client = browser_of(staff)
    page = client.get("/admin/")
    assert "Your account has no access to the household’s data yet." in page
    grant(staff, "shopping-records:view")
    page = client.get("/admin/")
    assert page.html.find(id="newest")
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


@pytest.mark.model_permissions
def test_panels_name_nothing_that_one_may_not_view(staff_with, bought):
    bought("2025-04-01", 300)
    page = staff_with("shopping-records:view").get("/admin/").html
    (row,) = page.find(attrs={"aria-labelledby": "newest"}).tbody.find_all("tr")
    assert row.th.text.startswith("product ")
    assert row.find_all("td")[1].text.startswith("store ")
    views = ("shopping-records:view", "products:view", "categories:view", "stores:view")
    page = staff_with(*views).get("/admin/").html
    (row,) = page.find(attrs={"aria-labelledby": "newest"}).tbody.find_all("tr")
    assert not row.th.text.startswith("product ")
    assert row.find_all("td")[2].text.strip() == "500"
