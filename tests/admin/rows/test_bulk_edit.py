"""Giving several rows the same values at once."""

from datetime import date

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Product
from shoptrack.events import BeforeRowsChanged
from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import capture_statements
from shoptrack_admin.rows import selection


@pytest.fixture
def read(database):
    """Return a function that reads the values of some columns of all rows."""

    def read(*columns) -> list[tuple]:
        with database.read_engine.connect() as connection:
            order = columns[0].class_.id
            return [tuple(row) for row in connection.execute(select(*columns).order_by(order))]

    return read


def choose(page, below: str, *numbers: int):
    form = page.forms["rows"]
    for number in numbers:
        form.fields["id"][number].checked = True
    form.action = below
    return form.submit()


def test_products_get_a_category_and_nothing_else(admin, make, read, said):
    maker, meat = make.manufacturer(), make.category(name="Meat")
    for name in ("A", "B", "C"):
        make.product(name=name, manufacturer_id=maker.id)
    page = choose(admin.get("/admin/products/?ordering=name"), "/admin/products/change/", 0, 1)
    assert [one.text.strip() for one in page.html.select("ul.rows a")] == [
        f"{name} ({maker.name})" for name in ("A", "B")
    ]
    form = page.forms[1]
    form["category_id"] = str(meat.id)
    page = form.submit("save").follow()
    assert said(page) == ["Changed rows: 2."]
    assert page.request.path_qs == "/admin/products/?ordering=name"
    rows = read(Product.category_id, Product.manufacturer_id)
    assert [category == meat.id for category, _maker in rows] == [True, True, False]
    assert {one for _category, one in rows} == {maker.id}


def test_records_get_a_store_and_a_day_over_pages(admin, make, read, said, monkeypatch):
    monkeypatch.setattr(selection, "BATCH_ROWS", 25)
    product, old, new = make.product(), make.store(name="Old"), make.store(name="New")
    for price in range(60):
        make.record(product_id=product.id, store_id=old.id, price=price + 1)
    form = admin.get(f"/admin/shopping-records/?store_id={old.id}").forms["rows"]
    form["all"] = True
    form.action = "/admin/shopping-records/change/"
    form = form.submit().forms[1]
    form["store_id"], form["purchase_date"] = str(new.id), "2025-06-01"
    page = form.submit("save").follow()
    assert said(page) == ["Changed rows: 60."]
    rows = read(ShoppingRecord.store_id, ShoppingRecord.purchase_date)
    assert {*rows} == {(new.id, date(2025, 6, 1))}


@pytest.mark.database("sqlite")
def test_a_value_can_be_removed(admin, make, read):
    make.product(manufacturer_id=make.manufacturer().id, origin_id=make.origin().id)
    form = choose(admin.get("/admin/products/"), "/admin/products/change/", 0).forms[1]
    form["clear-origin_id"] = True
    form.submit("save", status=303)
    ((maker, origin),) = read(Product.manufacturer_id, Product.origin_id)
    assert maker is not None
    assert origin is None
    assert "clear-category_id" not in form.fields


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("fields", "place", "message"),
    [
        ({}, ".summary", "Enter at least one value."),
        ({"store_id": "999"}, "#error-store_id", "This row does not exist."),
        ({"store_id": "x"}, "#error-store_id", "This row does not exist."),
        ({"purchase_date": "yesterday"}, "#error-purchase_date", "Enter a date"),
        ({"purchase_date": "1925-04-01"}, "#error-purchase_date", "1925"),
    ],
)
def test_what_is_wrong_is_said_once_and_changes_nothing(
    admin, make, submit, read, fields, place, message
):
    product = make.product()
    ids = [("id", make.record(product_id=product.id).id) for _ in range(3)]
    before = read(ShoppingRecord.store_id, ShoppingRecord.purchase_date)
    sent = [*ids, *fields.items()]
    page = submit(admin, "/admin/shopping-records/change/", sent, status=400)
    assert page.html.select_one(place).text.count(message) == 1
    assert len(page.html.select("ul.rows input[name=id]")) == 3
    assert read(ShoppingRecord.store_id, ShoppingRecord.purchase_date) == before


@pytest.mark.database("sqlite")
def test_an_unlikely_day_is_confirmed(admin, make, read, said):
    make.record()
    page = choose(admin.get("/admin/shopping-records/"), "/admin/shopping-records/change/", 0)
    form = page.forms[1]
    form["purchase_date"] = "1925-04-01"
    page = form.submit("save", status=400).forms[1].submit("save").follow()
    assert said(page) == ["Changed rows: 1.", "Rows: 1. This date is more than 5 years ago."]
    assert read(ShoppingRecord.purchase_date) == [(date(1925, 4, 1),)]


def test_rows_that_a_rule_refuses_are_named(with_plugin, admin, make, read):
    def refuse(event):
        for change in event.changes:
            if change.old["name"] == "Locked":
                change.add_error("category_id", "This product is locked.")

    make.product(name="Free")
    make.product(name="Locked")
    other = make.category(name="Other")
    before = read(Product.category_id)
    admin.app = with_plugin(lambda config: config.add_subscriber(refuse, BeforeRowsChanged))
    page = choose(admin.get("/admin/products/"), "/admin/products/change/", 0, 1)
    form = page.forms[1]
    form["category_id"] = str(other.id)
    page = form.submit("save", status=400)
    assert [one.text for one in page.html.select(".summary li")] == [
        "Locked: This product is locked."
    ]
    assert page.forms[1]["category_id"].value == str(other.id)
    assert read(Product.category_id) == before


@pytest.mark.database("sqlite")
def test_a_row_that_is_gone_is_named_and_nothing_changes(admin, make, submit, read):
    record = make.record()
    other = make.store()
    fields = [("id", record.id), ("id", record.id + 999), ("store_id", other.id)]
    page = submit(admin, "/admin/shopping-records/change/", fields, status=400)
    assert f"shopping record {record.id + 999}" in page.html.select_one(".summary").text
    assert read(ShoppingRecord.store_id) == [(record.store_id,)]


@pytest.mark.database("sqlite")
def test_a_form_that_is_sent_again_changes_nothing_more(admin, make, database):
    make.record()
    store = make.store()
    page = choose(admin.get("/admin/shopping-records/"), "/admin/shopping-records/change/", 0)
    form = page.forms[1]
    form["store_id"] = str(store.id)
    for _ in range(2):
        assert form.submit("save").location == "https://localhost/admin/shopping-records/"
    page = admin.get("/admin/history/?path=shopping-records")
    assert len(page.html.select("tbody tr")) <= 1


@pytest.mark.database("sqlite")
@pytest.mark.model_permissions
def test_only_who_may_change_and_view_rows_is_offered_it(staff_with, make):
    make.record()
    client = staff_with("shopping-records:view", "shopping-records:delete")
    assert "Change selected" not in client.get("/admin/shopping-records/")
    client.get("/admin/shopping-records/change/?id=1", status=403)
    client = staff_with("shopping-records:change")
    client.get("/admin/shopping-records/change/?id=1", status=403)


@pytest.mark.database("sqlite")
def test_lists_without_such_fields_have_no_button(admin, make):
    make.store()
    assert "Change selected" not in admin.get("/admin/stores/")
    admin.get("/admin/stores/change/?id=1", status=303)


@pytest.mark.database("sqlite")
def test_many_rows_take_as_many_statements_as_few(admin, make, database):
    product, stores = make.product(), [make.store(), make.store()]
    taken = []
    for number, store in ((2, stores[0]), (40, stores[1])):
        for _ in range(number):
            make.record(product_id=product.id)
        form = admin.get("/admin/shopping-records/").forms["rows"]
        form["all"] = True
        form.action = "/admin/shopping-records/change/"
        form = form.submit().forms[1]
        form["store_id"] = str(store.id)
        with capture_statements(database) as statements:
            form.submit("save", status=303)
        taken.append(len(statements))
    assert taken[0] == taken[1]
