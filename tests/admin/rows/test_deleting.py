"""Deleting rows, giving what refers to them another one, and merging duplicates."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from shoptrack.catalog.models import Category, Product
from shoptrack.records.models import ShoppingRecord


@pytest.fixture
def number_of(database):
    def number_of(model) -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(model))

    return number_of


def test_a_row_that_nothing_refers_to_is_deleted_after_a_question(admin, make, said, number_of):
    category = make.category(name="Meat")
    page = admin.get(f"/admin/categories/{category.id}/").click("^Delete$")
    assert "This row is not in use." in page
    assert number_of(Category) == 1
    answer = page.forms[1].submit("delete").follow()
    assert said(answer) == ["The category “Meat” was deleted."]
    assert number_of(Category) == 0


def test_what_refers_to_it_is_shown_and_gets_another_one(admin, make, said, database, number_of):
    meat, beef = make.category(name="Meat"), make.category(name="Beef")
    for number in range(7):
        make.product(name=f"P{number}", category_id=beef.id)
    page = admin.get(f"/admin/categories/{beef.id}/delete/")
    assert "Products: 7" in page.html.select_one("form h2").text
    assert len(page.html.select("ul.rows a")) == 6
    form = page.forms[1]
    refused = form.submit("delete", status=400)
    assert "This category is still in use by products (7)." in refused
    form = refused.forms[1]
    assert beef.id not in {int(value or 0) for value, *_ in form["replacement_id"].options}
    form["replacement_id"] = str(meat.id)
    answer = form.submit("delete").follow()
    assert said(answer) == ["The category “Beef” was deleted.", "Also changed: products (7)."]
    with database.read_engine.connect() as connection:
        assert set(connection.scalars(select(Product.category_id))) == {meat.id}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("replacement", ["abc", "999", "9" * 30])
def test_a_replacement_that_is_not_there_changes_nothing(
    admin, make, submit, number_of, replacement
):
    product = make.product()
    path = f"/admin/categories/{product.category_id}/delete/"
    submit(admin, path, {"replacement_id": replacement}, status=400)
    assert number_of(Category) == 1


def test_chosen_rows_are_deleted_together(admin, make, said, number_of):
    for name in ("A", "B", "C"):
        make.category(name=name)
    form = admin.get("/admin/categories/").forms["rows"]
    for box in form.fields["id"][:2]:
        box.checked = True
    form.action = "/admin/categories/delete/"
    page = form.submit()
    assert [item.text.strip() for item in page.html.select("ul.rows li")] == ["A", "B"]
    assert said(page.forms[1].submit().follow()) == ["Deleted rows: 2."]
    assert number_of(Category) == 1


def test_of_rows_that_are_in_use_none_is_deleted(admin, make, submit, number_of):
    free, used = make.category(name="Free"), make.category(name="Used")
    make.product(category_id=used.id)
    fields = [("id", free.id), ("id", used.id)]
    page = submit(admin, "/admin/categories/delete/", fields, status=400)
    assert "Nothing was deleted, because “Used” is in use." in page
    assert number_of(Category) == 2


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("path", ["delete/", "merge/", "delete/?id=abc", "merge/?id=1"])
def test_nothing_chosen_leads_back(admin, said, path):
    assert said(admin.get(f"/admin/categories/{path}", status=303).follow())


def test_five_hundred_rows_are_chosen_at_a_time_and_no_more(admin, make, said):
    chosen = "&".join(f"id={row.id}" for row in make.rows(Category, 500))
    page = admin.get(f"/admin/categories/delete/?{chosen}")
    assert len(page.html.select("ul.rows li")) == 500
    page = admin.get(f"/admin/categories/delete/?{chosen}&id=999999", status=303).follow()
    assert said(page) == ["Choose at most 500 rows at a time."]


def test_twenty_rows_are_merged_at_a_time_and_no_more(admin, make, submit, said, number_of):
    ids = [("id", row.id) for row in make.rows(Category, 21)]
    page = admin.get(f"/admin/categories/merge/?{urlencode(ids)}", status=303).follow()
    assert said(page) == ["Choose 2 to 20 rows to merge."]
    keep = ("keep", ids[0][1])
    page = submit(admin, "/admin/categories/merge/", [*ids, keep], status=303).follow()
    assert said(page) == ["Choose 2 to 20 rows to merge."]
    assert number_of(Category) == 21
    form = admin.get(f"/admin/categories/merge/?{urlencode(ids[:20])}").forms[1]
    form["keep"] = str(ids[0][1])
    assert said(form.submit(status=303).follow()) == ["The rows were merged."]
    assert number_of(Category) == 2


def test_duplicates_are_merged_into_the_one_that_stays(admin, make, said, database, number_of):
    keep, *others = (make.store(name=name) for name in ("Life", "LIFE", "life"))
    for other in others:
        make.record(store_id=other.id)
    query = "&".join(f"id={store.id}" for store in (keep, *others))
    page = admin.get(f"/admin/stores/merge/?{query}")
    form = page.forms[1]
    assert "Choose the row to keep." in form.submit(status=400)
    form["keep"] = str(keep.id)
    answer = form.submit().follow()
    assert answer.request.path == f"/admin/stores/{keep.id}/"
    assert said(answer) == ["The rows were merged.", "Also changed: shopping records (2)."]
    assert len(admin.get("/admin/stores/").html.select("tbody tr")) == 1


def test_a_row_that_is_not_among_them_cannot_stay_by_mistake(admin, make, submit, number_of):
    ids = [("id", make.store().id), ("id", make.store().id), ("keep", "999")]
    submit(admin, "/admin/stores/merge/", ids, status=400)


def test_products_with_different_units_need_a_conversion_factor(admin, make, said, database):
    keep, other = (make.product(unit_id=make.unit(name=name).id) for name in ("g", "jar"))
    record = make.record(product_id=other.id, quantity=2)
    form = admin.get(f"/admin/products/merge/?id={keep.id}&id={other.id}").forms[1]
    form["keep"] = str(keep.id)
    page = form.submit(status=400)
    assert "These products have different units: jar and g." in page
    form = page.forms[1]
    assert form["keep"].value == str(keep.id)
    form["convert"] = "many"
    page = form.submit(status=400)
    error = page.html.select_one("#error-convert").text.strip()
    assert error == "“many” is not a number. Write it like 1,234.5."
    form = page.forms[1]
    assert form["convert"].value == "many"
    form["convert"] = "12,80"
    form = form.submit(status=400).forms[1]
    form["convert"] = "２．５"
    assert said(form.submit().follow())[0] == "The rows were merged."
    with database.session() as db:
        merged = db.get(ShoppingRecord, record.id)
        assert (merged.product_id, str(merged.quantity)) == (keep.id, "5.000")
