"""What the page of a row shows below its form: panels of plugins, purchases, and the way to a merge."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from shoptrack.db import Database
from shoptrack.plugins import AdminRowPanel
from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import capture_statements

pytestmark = [pytest.mark.database("sqlite"), pytest.mark.model_permissions]

CATALOG = ("products:view", "units:view", "categories:view", "manufacturers:view", "origins:view")


def purchases(client, path: str) -> list[list[str]]:
    part = client.get(path).html.find(attrs={"aria-labelledby": "newest"})
    rows = part.tbody.find_all("tr") if part else ()
    return [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in rows]


@pytest.fixture
def record(make):
    milk = make.product(name="Milk", unit_id=make.unit(name="L").id)
    store = make.store(name="Life", location="Kyoto")
    return make.record(
        product_id=milk.id,
        store_id=store.id,
        purchase_date=date(2025, 3, 5),
        price=198,
        quantity=1,
    )


@pytest.mark.database("sqlite", "postgresql")
def test_products_and_stores_show_their_latest_purchases_and_lead_to_all(admin, record, make):
    make.record(purchase_date=date(2025, 3, 6))
    product, store = f"/admin/products/{record.product_id}/", f"/admin/stores/{record.store_id}/"
    assert purchases(admin, product) == [["2025-03-05", "Life", "1 L", "¥198"]]
    assert purchases(admin, store) == [["2025-03-05", "Milk", "1 L", "¥198"]]
    for path in (product, store):
        assert "Rows: 1" in admin.get(path).click("All purchases")
    page = admin.get(product)
    assert page.click("Life", href="/admin/stores/", index=-1).html.h1.text == "Life (Kyoto)"
    (day,) = page.html.find(attrs={"aria-labelledby": "newest"}).select("a time")
    assert admin.get(day.parent["href"]).html.find(id="field-price")["value"] == "198"


def test_who_may_not_see_the_records_sees_no_purchases(staff_with, record):
    path = f"/admin/products/{record.product_id}/"
    assert purchases(staff_with(*CATALOG), path) == []
    ((_day, store, quantity, _price),) = purchases(
        staff_with(*CATALOG, "shopping-records:view"), path
    )
    assert store == f"store {record.store_id}"
    assert quantity == "1 L"


def test_the_overview_leads_to_the_product_and_the_store(admin, staff_with, record):
    page = admin.get("/admin/")
    newest = page.html.find(attrs={"aria-labelledby": "newest"})
    assert [link["href"] for link in newest.select("tbody a")] == [
        f"/admin/shopping-records/{record.id}/",
        f"/admin/products/{record.product_id}/",
        f"/admin/stores/{record.store_id}/",
    ]
    newest = staff_with("shopping-records:view").get("/admin/").html.find(id="newest").parent
    assert [link["href"] for link in newest.select("tbody a")] == [
        f"/admin/shopping-records/{record.id}/"
    ]


def test_duplicates_are_found_by_the_first_word(admin, staff_with, make, record):
    make.product(name="milk 2")
    path = f"/admin/products/{record.product_id}/"
    page = admin.get(path).click("Find duplicates to merge")
    assert "Rows: 2" in page
    may_not = (*CATALOG, "products:delete", "products:change")
    assert "Find duplicates" not in staff_with(*may_not).get(path)
    assert "Find duplicates" not in admin.get(f"/admin/shopping-records/{record.id}/")
    assert "Find duplicates" not in admin.get("/admin/products/add/")


def test_a_page_takes_few_statements_however_much_was_bought(admin, staff_with, record, database):
    path = f"/admin/products/{record.product_id}/"
    row = {"price": 1, "quantity": 1, "store_id": record.store_id, "product_id": record.product_id}
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(300)]
    with database.engine.begin() as connection:
        connection.execute(insert(ShoppingRecord), [{**row, "purchase_date": day} for day in days])

    def count(client) -> int:
        with capture_statements(Database.of(client.app.registry)) as statements:
            client.get(path)
        return len(statements)

    views = (*CATALOG, "shopping-records:view", "stores:view", "reports:view")
    assert count(staff_with(*views)) == 4  # the user, the row, purchases and prices
    assert count(admin) <= 10


@pytest.fixture
def page_with(with_plugin, admin, make):
    """Return a function that shows a store's page with these panels: what loads them."""

    def page_with(*loads):
        def includeme(config):
            for number, load in enumerate(loads):
                panel = AdminRowPanel(
                    f"wish{number}", "stranger:panel.jinja2", load, "stores:view", order=number
                )
                config.add_admin_row_panel("stores", panel)

        admin.app = with_plugin(includeme)
        return admin.get(f"/admin/stores/{make.store(name='Life').id}/").html

    return page_with


def test_a_panel_that_fails_leaves_its_place_and_the_others(page_with, templates, caplog):
    (templates / "panel.jinja2").write_text("<p class='wish'>{{ panel.name }}</p>")

    def fail(request, store):
        raise RuntimeError("the plugin's own secret")

    page = page_with(fail, lambda request, store: store, lambda request, store: None)
    assert [found.text for found in page.select(".wish")] == ["Life"]
    assert [found.text for found in page.select("p.message.error")] == [
        "The panel “wish0” failed. See the server log for details."
    ]
    assert page.find(id="field-name")["value"] == "Life"
    (line,) = [line for line in caplog.records if line.levelname == "ERROR"]
    assert line.getMessage().startswith("The panel 'wish0' of GET /admin/stores/")
