"""Pages tell users nothing of rows that they may not view: in lists, files, forms, choices and questions."""

import csv
import io

import pytest

from shoptrack_reports.units.models import UnitFactor

pytestmark = pytest.mark.model_permissions

RECORDS = "/admin/shopping-records/"


@pytest.fixture
def record(make):
    """Make a record whose store and product have names that stand nowhere else."""
    maker = make.manufacturer(name="Yamatomaker")
    category = make.category(name="Meatcategory")
    unit = make.unit(name="gunit")
    product = make.product(
        name="Beefproduct", category_id=category.id, unit_id=unit.id, manufacturer_id=maker.id
    )
    store = make.store(name="Lifestore")
    return make.record(product_id=product.id, store_id=store.id, price=1234)


NAMES = ("Beefproduct", "Lifestore", "Meatcategory", "gunit", "Yamatomaker")


def names_in(page) -> list[str]:
    return [name for name in NAMES if name in page]


def test_a_list_and_its_rows_show_numbers(staff_with, record):
    client = staff_with("shopping-records:view")
    for path in (RECORDS, f"{RECORDS}{record.id}/"):
        page = client.get(path)
        assert f"product {record.product_id}" in page
        assert f"store {record.store_id}" in page
        assert "1,234" in page
        assert names_in(page) == []


def test_what_may_be_viewed_is_shown_beside_it(staff_with, record):
    client = staff_with("shopping-records:view", "products:view", "stores:view")
    page = client.get(RECORDS)
    assert names_in(page) == ["Beefproduct", "Lifestore"]
    assert "Beefproduct (manufacturer " in page
    assert "500" in page


def test_a_list_is_searched_by_who_may_view_all_that_is_searched(staff_with, record):
    client = staff_with("shopping-records:view", "stores:view")
    assert client.get(RECORDS).html.select_one("input[name=search]") is None
    for path in (RECORDS, f"{RECORDS}export.csv"):
        for query in ("search=beef", "product_name__icontains=beef", "category_id=1"):
            refused = client.get(f"{path}?{query}", status=403)
            assert f"{query.partition('=')[0]} (" in refused
            assert "products:view" in refused
    page = staff_with("stores:view").get("/admin/stores/")
    assert page.html.select_one("input[name=search]")


def test_a_list_is_narrowed_by_a_number_where_there_is_no_choice(staff_with, record):
    client = staff_with("shopping-records:view")
    page = client.get(RECORDS)
    assert page.html.select("select") == []
    form = page.forms[1]
    form["store_id"] = str(record.store_id)
    assert "Rows: 1" in form.submit()
    form["store_id"] = "999"
    assert "Rows: 0" in form.submit()


def test_a_file_shows_numbers(staff_with, record):
    answer = staff_with("shopping-records:view").get(f"{RECORDS}export.csv")
    header, row = csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))
    ids = ["store ID", "quantity", "product ID"]
    assert header == ["id", "price", "currency", "purchase date", *ids]
    assert row[4] == str(record.store_id)
    assert row[6] == str(record.product_id)


def test_a_form_takes_the_number_of_a_row_that_cannot_be_chosen(staff_with, record):
    client = staff_with("shopping-records:view", "shopping-records:add", "stores:view")
    form = client.get(f"{RECORDS}add/").forms[1]
    assert "Lifestore" in form.text
    assert names_in(form.text) == ["Lifestore"]
    assert "Enter an ID." in form.text
    for name, value in {
        "price": "77",
        "purchase_date": "2025-01-01",
        "store_id": str(record.store_id),
        "quantity": "1",
        "product_id": "999",
    }.items():
        form[name] = value
    assert "This row does not exist. Choose another." in form.submit("save", status=400)
    form["product_id"] = str(record.product_id)
    page = form.submit("save").follow()
    assert f"product {record.product_id}" in page
    assert names_in(page.html.select_one("tbody").text) == ["Lifestore"]


def test_choices_are_found_by_what_may_be_viewed(staff_with, record):
    path = "/admin/products/choices/?search="
    few = staff_with("products:view")
    assert few.get(f"{path}meatcategory").json["choices"] == []
    (choice,) = few.get(f"{path}beef").json["choices"]
    assert choice["label"].startswith("Beefproduct (manufacturer ")
    more = staff_with("products:view", "categories:view", "manufacturers:view")
    (choice,) = more.get(f"{path}meatcategory").json["choices"]
    assert choice["label"] == "Beefproduct (Yamatomaker)"


def test_a_row_that_one_may_not_view_is_not_changed_by_a_form(staff_with, submit, record):
    client = staff_with("stores:change")
    path = f"/admin/stores/{record.store_id}/"
    page = submit(client, path, {"name": "A", "location": "B", "version": "x"}, status=403)
    assert names_in(page) == []


def test_who_adds_without_viewing_is_told_a_number(staff_with, said):
    form = staff_with("units:add").get("/admin/units/add/").forms[1]
    form["name"] = "kg"
    page = form.submit("save").follow()
    assert page.request.path == "/admin/"
    (sentence,) = said(page)
    assert sentence.startswith("The unit “unit ")


def test_questions_before_deleting_name_nothing_hidden(staff_with, submit, record):
    client = staff_with("stores:delete", "products:delete", "products:view")
    page = client.get(f"/admin/stores/{record.store_id}/delete/")
    assert f"store {record.store_id}" in page
    assert names_in(page) == []
    assert "You do not have permission to view all rows that use it." in page
    assert "Shopping records: 1" not in page
    page = client.get(f"/admin/stores/delete/?id={record.store_id}")
    assert f"store {record.store_id}" in page
    assert names_in(page) == []
    fields = {"id": str(record.store_id)}
    refused = submit(client, "/admin/stores/delete/", fields, status=400)
    assert "in use by rows that you may not view." in refused
    assert names_in(refused) == []


def test_replacing_tells_only_what_may_be_viewed(staff_with, submit, make, said, record):
    other = make.store()
    client = staff_with("stores:delete", "shopping-records:change")
    path = f"/admin/stores/{record.store_id}/delete/"
    form = client.get(path).forms[1]
    assert "Enter an ID." in form.text
    form["replacement_id"] = str(other.id)
    answer = form.submit("delete")
    assert "Changed with it" not in client.get("/admin/")
    assert answer.status_int == 303


def test_merging_counts_only_what_may_be_viewed(staff_with, make, submit, record):
    other = make.store()
    query = f"?id={record.store_id}&id={other.id}"
    held = ("stores:view", "stores:delete", "shopping-records:change")
    page = staff_with(*held).get(f"/admin/stores/merge/{query}")
    assert page.text.count("Not used") == 1
    assert page.text.count("You do not have permission to view all rows that use it.") == 1
    page = staff_with(*held, "shopping-records:view").get(f"/admin/stores/merge/{query}")
    assert ": 1 (<time" in page.text
    assert "You do not have permission" not in page


def test_rows_that_stand_in_the_way_are_named_to_who_may_view_them(staff_with, make, submit):
    units = [make.unit(name=name) for name in ("g", "gram")]
    for unit in units:
        make.row(UnitFactor, unit_id=unit.id, base="g", factor=1)
    fields = [("id", str(unit.id)) for unit in units] + [("keep", str(units[0].id))]
    held = ("units:view", "units:delete", "products:change", "unit-factors:change")
    refused = submit(staff_with(*held), "/admin/units/merge/", fields, status=400)
    assert "Cannot change the unit of some unit factors:" in refused
    refused = submit(
        staff_with(*held, "unit-factors:view"), "/admin/units/merge/", fields, status=400
    )
    assert "of some unit factors (gram = 1.000 g):" in refused
