"""The reports' panels on the pages of products and of stores."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import capture_statements
from shoptrack_reports.pages import product_panel

pytestmark = pytest.mark.database("sqlite")

VIEWS = (
    "products:view",
    "units:view",
    "categories:view",
    "manufacturers:view",
    "origins:view",
    "reports:view",
)


@pytest.fixture
def milk(make):
    """Buy milk in two stores, also long ago, ahead and for nothing."""
    milk = make.product(name="Milk", unit_id=make.unit(name="L").id)
    life, maruya = (make.store(name=name, location="Kyoto").id for name in ("Life", "Maruya"))
    for day, store, price, quantity in (
        ("2023-01-05", maruya, 100, 1),
        ("2025-01-05", maruya, 180, 1),
        ("2025-03-05", life, 400, 2),
        ("2025-03-06", life, 330, "1.5"),
        ("2025-03-07", life, -50, 1),
        ("2999-01-01", life, 1, 1),
    ):
        make.record(
            product_id=milk.id,
            store_id=store,
            purchase_date=date.fromisoformat(day),
            price=price,
            quantity=Decimal(quantity),
        )
    make.record(purchase_date=date(2025, 3, 5), store_id=life)
    return milk


def panel(client, path: str, label: str):
    return client.get(path).html.find(attrs={"aria-labelledby": label})


def tables(part) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.find_all(["th", "td"])] for row in body.find_all("tr")]
        for body in part.find_all("tbody")
    ]


@pytest.mark.database("sqlite", "postgresql")
def test_a_products_page_shows_its_prices_and_where_it_is_cheapest(admin, milk):
    shown = panel(admin, f"/admin/products/{milk.id}/", "price-history")
    assert shown.h2.text == "Prices per L"
    titles = [title.text for title in shown.select(".plot svg rect title")]
    assert titles == ["2023-01: ¥100", "2025-01: ¥180", "2025-03: ¥210"]
    months, stores, prices = tables(shown)
    assert months == [["2025-03", "¥210"], ["2025-01", "¥180"], ["2023-01", "¥100"]]
    assert stores == [
        ["Maruya (Kyoto) cheapest", "¥180", "¥180", "¥180", "2025-01-05", "1"],
        ["Life (Kyoto)", "¥210", "¥200", "¥220", "2025-03-06", "2"],
    ]
    assert prices[0] == ["2025-03-06", "Life (Kyoto)", "¥220", "1.5 L", "¥330"]
    assert [row[0] for row in prices[1:]] == ["2025-03-05", "2025-01-05", "2023-01-05"]


def test_its_stores_and_records_lead_to_their_pages_and_there_are_more_in_the_reports(admin, milk):
    page = admin.get(f"/admin/products/{milk.id}/")
    page.click("Maruya", href="/admin/stores/", index=0)
    page.click("2025-03-06", href="/admin/shopping-records/", index=0)
    assert "Milk: prices per 1 L" in page.click("More in the reports").html.h3.text


def test_a_product_that_was_not_bought_has_no_prices(admin, make):
    product = make.product(name="Rice")
    assert panel(admin, f"/admin/products/{product.id}/", "price-history") is None


@pytest.mark.model_permissions
def test_only_who_may_see_the_records_sees_single_prices(staff_with, milk):
    path = f"/admin/products/{milk.id}/"
    shown = panel(staff_with(*VIEWS, "stores:view"), path, "price-history")
    assert len(tables(shown)) == 2
    assert "/admin/shopping-records/" not in str(shown)
    months, stores = tables(panel(staff_with(*VIEWS), path, "price-history"))
    assert stores[0][0].startswith("store ")
    without = (name for name in VIEWS if name != "units:view")
    assert panel(staff_with(*without), path, "price-history") is None
    without = (name for name in VIEWS if name != "reports:view")
    assert panel(staff_with(*without, "shopping-records:view"), path, "price-history") is None


def test_a_month_that_is_read_in_part_is_left_out(admin, milk, monkeypatch):
    monkeypatch.setattr(product_panel, "MAX_RECORDS", 4)
    shown = panel(admin, f"/admin/products/{milk.id}/", "price-history")
    assert [row[0] for row in tables(shown)[0]] == ["2025-03", "2025-01"]


@pytest.mark.database("sqlite", "postgresql")
def test_a_stores_page_shows_what_was_spent_and_what_is_bought_most(admin, make):
    store = make.store(name="Life", location="Kyoto").id
    milk = make.product(name="Milk", unit_id=make.unit(name="L").id)
    rice = make.product(name="Rice", unit_id=make.unit(name="kg").id)
    for day, product, price, quantity in (
        ("2024-03-31", rice, 9_000, 1),
        ("2024-04-01", rice, 500, 1),
        ("2025-03-01", milk, 200, 1),
        ("2025-03-02", milk, 330, "1.5"),
        ("2025-03-02", rice, -100, 1),
        ("2999-01-01", rice, 7, 1),
    ):
        make.record(
            product_id=product.id,
            store_id=store,
            purchase_date=date.fromisoformat(day),
            price=price,
            quantity=Decimal(quantity),
        )
    make.record(product_id=milk.id, purchase_date=date(2025, 3, 3))
    shown = panel(admin, f"/admin/stores/{store}/", "store-spending")
    months, products = tables(shown)
    assert len(months) == 12
    assert months[0] == ["2025-03", "¥430"]
    assert months[-1] == ["2024-04", "¥500"]
    assert products == [
        ["Milk", "2", "¥220 per L", "2025-03-02"],
        ["Rice", "1", "¥500 per kg", "2024-04-01"],
    ]
    page = admin.get(f"/admin/stores/{store}/")
    assert page.click("Milk", index=0).html.h1.text == "Milk"
    assert "2025-03" in page.click("More in the reports")


@pytest.mark.model_permissions
def test_a_store_shows_no_products_to_whom_they_are_hidden(staff_with, milk, make):
    store = make.store()
    make.record(store_id=store.id, price=500, purchase_date=date(2025, 3, 2))
    shown = panel(
        staff_with("stores:view", "reports:view"), f"/admin/stores/{store.id}/", "store-spending"
    )
    (months,) = tables(shown)
    assert months[0] == ["2025-03", "¥500"]
    assert panel(staff_with("stores:view"), f"/admin/stores/{store.id}/", "store-spending") is None


@pytest.mark.parametrize("kind", ["product", "store"])
def test_panels_take_as_many_statements_however_much_there_is(admin, make, database, kind):
    record = make.record()
    path = f"/admin/{kind}s/{getattr(record, f'{kind}_id')}/"

    def count() -> int:
        with capture_statements(database) as statements:
            admin.get(path)
        return len(statements)

    before = count()
    row = {
        "price": 1,
        "quantity": Decimal(1),
        "store_id": record.store_id,
        "product_id": record.product_id,
    }
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(1000)]
    with database.engine.begin() as connection:
        connection.execute(insert(ShoppingRecord), [{**row, "purchase_date": day} for day in days])
    assert count() == before


@pytest.mark.model_permissions
def test_the_reports_lead_to_products_and_stores(admin, staff_with, milk):
    page = admin.get("/admin/reports/?group_by=store&group_by=product")
    assert page.click("Life", href=r"/admin/stores/\d+/", index=0).html.h1.text == "Life (Kyoto)"
    legend = page.html.find("ul", attrs={"aria-label": "Colours"})
    assert legend.find("a", string="Milk")["href"] == f"/admin/products/{milk.id}/"
    amount = page.html.find(attrs={"aria-labelledby": "main"}).tbody.tr.find_all("td")[-1]
    assert "/admin/shopping-records/?" in amount.a["href"]
    page = admin.get("/admin/reports/?product=milk")
    assert page.html.h3.a["href"] == f"/admin/products/{milk.id}/"
    page.click("Maruya", href=r"/admin/stores/\d+/", index=-1)
    views = [name for name in VIEWS if name != "reports:view"]
    page = staff_with("reports:view", *views).get("/admin/reports/?group_by=store&product=milk")
    assert "/admin/stores/" not in page
