"""Deleting rows, and giving what refers to them another one."""

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Category, Product


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
