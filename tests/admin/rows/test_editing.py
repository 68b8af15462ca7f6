"""Adding and changing rows."""

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Category, Product
from shoptrack.testing import capture_statements
from shoptrack.testing.databases import KINDS

pytestmark = pytest.mark.database(*KINDS)


@pytest.fixture
def names(database):
    def names() -> list[str]:
        with database.read_engine.connect() as connection:
            return list(connection.scalars(select(Category.name).order_by(Category.id)))

    return names


def test_a_row_is_added_through_its_form(admin, make, said, database):
    category, unit = make.category(name="Dairy"), make.unit(name="ml")
    form = admin.get("/admin/products/add/").forms[1]
    form["name"] = " Milk "
    form["category_id"] = str(category.id)
    form["unit_id"] = str(unit.id)
    answer = form.submit("save").follow()
    assert answer.request.path == "/admin/products/"
    assert said(answer) == ["The product “Milk” was added."]
    with database.read_engine.connect() as connection:
        product = connection.execute(select(Product.__table__)).one()
    assert (product.name, product.origin_id) == ("Milk", None)


@pytest.mark.parametrize(
    ("button", "path"),
    [("save", "/admin/categories/"), ("add-another", "/admin/categories/add/")],
)
def test_one_goes_on_as_one_likes(admin, button, path):
    form = admin.get("/admin/categories/add/").forms[1]
    form["name"] = "Meat"
    assert form.submit(button).follow().request.path == path


def test_saving_takes_as_many_statements_as_the_api(admin, api, make, database):
    """The user with the session, the locked row, the change and its entry in the history; three for the form's key."""
    product = make.product(name="Milk")

    def count(call, *arguments, **options) -> list[str]:
        with capture_statements(database) as statements:
            call(*arguments, **options)
        return statements

    form = admin.get(f"/admin/products/{product.id}/").forms[1]
    form["name"] = "Fresh milk"
    by_form = count(form.submit, "save")
    key = {"Idempotency-Key": '"a"'}
    by_api = count(api.patch_json, f"/api/products/{product.id}/", {"name": "Milk"}, headers=key)
    assert len(by_form) == len(by_api) == (7 if database.is_sqlite else 9), by_form
    form = admin.get("/admin/categories/add/").forms[1]
    form["name"] = "Fish"
    assert len(count(form.submit, "save")) == (7 if database.is_sqlite else 8)


def test_one_can_stay_with_the_row(admin, names):
    form = admin.get("/admin/categories/add/").forms[1]
    form["name"] = "Meat"
    page = form.submit("continue").follow()
    form = page.forms[1]
    form["name"] = "Fish"
    page = form.submit("continue").follow()
    assert page.forms[1]["name"].value == "Fish"
    assert names() == ["Fish"]


def test_an_empty_field_asks_for_what_it_is(admin):
    page = admin.get("/admin/products/add/").forms[1].submit("save", status=400)
    for name, sentence in (("name", "Enter the name."), ("unit_id", "Choose the unit.")):
        assert page.html.select_one(f"#error-{name}").get_text(strip=True) == sentence
    assert page.html.select_one("#error-origin_id") is None


def test_what_is_wrong_is_said_beside_its_field_in_peoples_words(admin, make, names):
    make.category(name="Meat")
    for value, sentence in (
        ("", "Enter the name."),
        ("Meat", "category with this name already exists."),
        ("x" * 51, "Ensure this field has no more than 50 characters."),
    ):
        form = admin.get("/admin/categories/add/").forms[1]
        form["name"] = value
        page = form.submit("save", status=400)
        assert page.html.select_one("#error-name").get_text(strip=True) == sentence
        field = page.html.select_one("#field-name")
        assert field["value"] == value
        assert "error-name" in field["aria-describedby"]
        assert page.html.title.text.startswith("Error:")
        assert page.html.select_one('.summary a[href="#field-name"]')
    assert names() == ["Meat"]


def test_a_change_is_saved(admin, make, said, database):
    product = make.product(name="Milk", origin_id=make.origin().id)
    form = admin.get(f"/admin/products/{product.id}/").forms[1]
    form["name"] = "Cream"
    form["origin_id"] = ""
    assert said(form.submit("save").follow()) == ["The product “Cream” was saved."]
    with database.read_engine.connect() as connection:
        row = connection.execute(select(Product.__table__)).one()
    assert (row.name, row.origin_id) == ("Cream", None)


def test_who_comes_second_is_told_what_the_first_has_changed(admin, api, make, names):
    category = make.category(name="Meat")
    form = admin.get(f"/admin/categories/{category.id}/").forms[1]
    api.patch_json(f"/api/categories/{category.id}/", {"name": "Fish"})
    form["name"] = "Beef"
    page = form.submit("save", status=400)
    assert "someone else has made changes" in page.html.select_one(".summary").text
    assert "Current value: Fish" in " ".join(page.html.select_one("form .warning").text.split())
    assert names() == ["Fish"]
    page.forms[1].submit("save", status=303)
    assert names() == ["Beef"]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("id", ["abc", "9" * 30, "-1", "0", "1.5", "%00", "../1"])
def test_a_row_that_is_not_there_leads_to_the_list(admin, said, id):
    answer = admin.get(f"/admin/categories/{id}/", expect_errors=True)
    if answer.status_int == 303:
        assert "Perhaps it was deleted." in said(answer.follow())[0]
    else:
        assert answer.status_int == 404


def test_many_rows_to_refer_to_are_searched_without_a_script(admin, make, database):
    make.unit()
    for number in range(51):
        make.category(name=f"C{number:02}")
    wanted = make.category(name="ヨーグルト")
    page = admin.get("/admin/products/add/")
    form = page.forms[1]
    form["name"] = "Plain"
    form["search-category_id"] = "よーぐる"
    page = form.submit("find")
    assert page.status_int == 200
    form = page.forms[1]
    assert form["name"].value == "Plain"
    assert [text for _, _, text in form["category_id"].options] == ["Choose…", "ヨーグルト"]
    form["category_id"] = str(wanted.id)
    form["unit_id"].select(text="Unit 1")
    form.submit("save", status=303)
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(Product.category_id)) == wanted.id


def test_ids_and_rights_cannot_be_smuggled_in(admin, make, submit, database):
    category = make.category(name="Meat")
    submit(admin, "/admin/categories/add/", {"name": "Fish", "id": category.id}, status=303)
    with database.read_engine.connect() as connection:
        rows = connection.execute(select(Category.id, Category.name)).all()
    assert len(rows) == 2
    assert (category.id, "Meat") in rows
