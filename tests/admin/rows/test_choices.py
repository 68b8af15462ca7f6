"""Choosing rows for references: what a combobox asks for, and the search without scripts."""

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Category, Product
from shoptrack.db import Database
from shoptrack.plugins import AdminPage
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.testing import capture_statements
from shoptrack_admin.rows.widgets import make_reference_widgets

PRODUCTS = "/admin/products/choices/"
RECENT = f"{PRODUCTS}?used_by=shopping-records.product"
ADD_PRODUCT = "/admin/products/add/"


@pytest.fixture
def products(make):
    """Make products of which two were bought, the last one twice, and return them by name."""
    dairy, unit = make.category(name="Dairy"), make.unit(name="ml")
    values = {"category_id": dairy.id, "unit_id": unit.id}
    rows = {name: make.product(name=name, **values) for name in ("Ayran", "Kefir", "Milk", "Whey")}
    for name in ("Milk", "Whey", "Milk"):
        make.record(product_id=rows[name].id)
    return rows


def labels(answer) -> list[str]:
    return [choice["label"] for choice in answer.json["choices"]]


def test_recently_used_rows_come_first(admin, products):
    answer = admin.get(RECENT)
    assert labels(answer) == ["Milk", "Whey", "Ayran", "Kefir"]
    assert [choice["recent"] for choice in answer.json["choices"]] == [True, True, False, False]
    assert labels(admin.get(f"{RECENT}&search=e")) == ["Whey", "Kefir"]
    for other in (PRODUCTS, f"{PRODUCTS}?used_by=shopping-records.store", f"{PRODUCTS}?used_by=x"):
        assert labels(admin.get(other)) == ["Ayran", "Kefir", "Milk", "Whey"]


def test_only_the_newest_rows_count_as_recent(admin, make, products):
    for _ in range(300):
        make.record(product_id=products["Kefir"].id)
    assert labels(admin.get(RECENT))[:2] == ["Kefir", "Ayran"]


def test_names_that_begin_with_the_text_come_before_others(admin, make):
    for name in ("Iced tea", "100% juice", "Tea", "Green tea", "Teapot", "Tea 100%"):
        make.category(name=name)
    path = "/admin/categories/choices/?search="
    assert labels(admin.get(f"{path}tea"))[:3] == ["Tea", "Tea 100%", "Teapot"]
    assert labels(admin.get(f"{path}tea"))[3:] == ["Green tea", "Iced tea"]
    assert labels(admin.get(f"{path}100%25")) == ["100% juice", "Tea 100%"]
    assert labels(admin.get(f"{path}tea%20ice")) == ["Iced tea"]


def test_a_choice_has_what_its_label_leaves_out(admin, make, products):
    maker, origin = make.manufacturer(name="Meiji"), make.origin(name="Hokkaido")
    make.product(name="Butter", manufacturer_id=maker.id, origin_id=origin.id)
    (milk,) = admin.get(f"{PRODUCTS}?search=milk").json["choices"]
    assert (milk["label"], milk["secondary"]) == ("Milk", "Dairy · ml")
    assert milk["values"] == {"name": "Milk", "category": "Dairy", "unit": "ml"}
    (butter,) = admin.get(f"{PRODUCTS}?search=butter").json["choices"]
    assert butter["label"] == "Butter (Meiji)"
    assert butter["secondary"].endswith(" · Hokkaido")
    assert "Meiji" not in butter["secondary"]


@pytest.mark.model_permissions
def test_it_names_nothing_hidden(staff_with, products):
    few = staff_with("products:view", "categories:view")
    answer = few.get(f"{RECENT}&search=milk")
    assert [choice["secondary"] for choice in answer.json["choices"]] == ["Dairy"]
    assert "ml" not in answer
    # The newest records say what was bought, which may be shown to those who may view records.
    assert labels(few.get(RECENT)) == ["Ayran", "Kefir", "Milk", "Whey"]
    more = staff_with("products:view", "shopping-records:view")
    assert labels(more.get(RECENT))[0] == "Milk"


def test_the_number_of_statements_is_constant(admin, make, products, database):
    """The session, the recent rows, and the others."""
    for number in (1, 60):
        for _ in range(number):
            make.record()
        for path in (RECENT, f"{RECENT}&search=m"):
            with capture_statements(database) as statements:
                admin.get(path)
            assert len(statements) == 3


@pytest.mark.database("sqlite")
def test_the_number_of_results_is_announced(admin, make, products):
    assert admin.get(PRODUCTS).json["status"] == "Results: 4."
    assert admin.get(f"{PRODUCTS}?search=x").json["status"] == "No results."
    make.rows(Product, 50)
    assert admin.get(PRODUCTS).json["status"] == "There are more rows. Search to find them."


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("%20".join("abcdefghijk"), "Search for at most 10 words."),
        ("a" * 201, "no more than 200 characters"),
        ("%00", "Null characters are not allowed."),
    ],
)
def test_a_text_that_cannot_be_searched_finds_nothing(admin, products, text, status):
    answer = admin.get(f"{RECENT}&search={text}")
    assert answer.json["choices"] == []
    assert status in answer.json["status"]


@pytest.fixture
def form(admin, make):
    """Return the form of a product whose category was found by カップ, with many categories."""
    make.unit(name="g")
    for number in range(51):
        make.category(name=f"C{number:02}")
    for name in ("カップめん", "りんご", "りんごジュース", "Tea"):
        make.category(name=name)
    form = admin.get(ADD_PRODUCT).forms[1]
    form["name"] = "New"
    form["unit_id"].select(text="g")
    form["search-category_id"] = "カップ"
    form = form.submit("find").forms[1]
    assert get_chosen(form) == "カップめん"
    return form


def get_chosen(form) -> str:
    """Return the text of the chosen category."""
    field = form["category_id"]
    return next(text for value, _, text in field.options if value == field.value)


def stored_category(database) -> str | None:
    with database.read_engine.connect() as connection:
        return connection.scalar(select(Category.name).join(Product))


@pytest.mark.parametrize(
    ("text", "chosen"), [("りんご", "Choose…"), ("tea", "Tea"), ("nothing", "Choose…")]
)
@pytest.mark.database("sqlite")
def test_a_new_search_clears_or_replaces_what_was_chosen(form, database, text, chosen):
    form["search-category_id"] = text
    page = form.submit("save")
    form = page.forms[1]
    assert get_chosen(form) == chosen
    page = form.submit("save", status="*")
    if chosen == "Tea":
        assert (page.status_int, stored_category(database)) == (303, "Tea")
    else:
        assert (page.status_int, stored_category(database)) == (400, None)


@pytest.mark.parametrize("text", ["めん", ""])
@pytest.mark.database("sqlite")
def test_a_search_that_finds_what_was_chosen_keeps_it(form, database, text):
    form["search-category_id"] = text
    form = form.submit("save").forms[1]
    form.submit("save", status=303)
    assert stored_category(database) == "カップめん"


@pytest.mark.database("sqlite")
def test_a_search_that_fails_chooses_nothing(form):
    form["search-category_id"] = "a " * 11
    page = form.submit("find")
    status = page.html.select_one(".finder-status").text
    assert status == "Search for at most 10 words."
    assert [text for _, _, text in page.forms[1]["category_id"].options] == ["Choose…"]


@pytest.mark.database("sqlite")
def test_a_chosen_row_is_there_for_scripts(admin, products):
    page = admin.get(f"/admin/shopping-records/add/?product_id={products['Milk'].id}")
    field = page.html.select_one("[data-choices]:has(#field-product_id)")
    assert field["data-choices"] == RECENT
    assert (field["data-new"], field["data-new-key"]) == (ADD_PRODUCT, "name")
    assert '"unit": "ml"' in field.select_one("option[selected]")["data-choice"]


@pytest.mark.database("sqlite")
@pytest.mark.model_permissions
def test_only_who_may_add_rows_is_offered_a_new_one(staff_with, products):
    client = staff_with(
        "shopping-records:view",
        "shopping-records:add",
        "products:view",
        "stores:view",
        "stores:add",
    )
    page = client.get("/admin/shopping-records/add/")
    new = [field.get("data-new") for field in page.html.select("[data-choices]")]
    assert new == ["/admin/stores/add/", None]
    filters = client.get("/admin/shopping-records/").html.select("[data-choices]")
    assert [field.get("data-new") for field in filters] == [None, None]


@pytest.mark.database("sqlite")
def test_a_row_is_added_to_be_chosen(admin, submit, products):
    milk = products["Milk"]
    values = {"category_id": milk.category_id, "unit_id": milk.unit_id, "as-choice": "1"}
    page = submit(admin, ADD_PRODUCT, values, status=400)
    assert page.html.select_one("#error-name")
    form_key = page.forms[1]["form_key"].value
    sent = {"form_key": form_key, "name": "Quark", **values}
    for _ in range(2):  # as after a lost response
        answer = submit(admin, ADD_PRODUCT, sent, status=303).follow()
        assert answer.json["messages"] == ["The product “Quark” was added."]
        assert answer.json["choices"][0]["label"] == "Quark"
        assert answer.json["choices"][0]["values"]["unit"] == "ml"
    assert labels(admin.get(f"{PRODUCTS}?search=quark")) == ["Quark"]
    assert admin.get(f"{PRODUCTS}?search=quark").json["messages"] == []
    for id in ("0", "x", "99999999999999999999"):
        assert admin.get(f"{PRODUCTS}?id={id}").json["choices"] == []


LINES = """
{% extends "shoptrack_admin:templates/layout.jinja2" %}
{% import "shoptrack_admin:templates/rows/fields.jinja2" as fields with context %}
{% block title %}Lines{% endblock %}
{% block content %}{% for widget in widgets %}{{ fields.field(widget, errors) }}{% endfor %}{% endblock %}
"""


@pytest.mark.database("sqlite")
def test_lines_of_a_form_take_as_many_statements_as_one(
    with_plugin, admin, make, products, templates
):
    make.rows(Product, 60)
    far = make.product(name="Zzz")
    field = {field.name: field for field in ShoppingRecordResource.fields}["product"]

    def show(request):
        prefixes = [f"lines-{number}-" for number in range(int(request.GET["lines"]))]
        widgets = make_reference_widgets(request, field, request.GET, prefixes)
        return {"widgets": widgets, "errors": {"lines-0-product_id": ["Choose a product."]}}

    def includeme(config):
        template = "stranger:lines.jinja2"
        config.add_admin_page(AdminPage("lines", "lines", show, template, "products:view"))

    (templates / "lines.jinja2").write_text(LINES)
    admin.app = app = with_plugin(includeme)
    chosen = {"lines-0-product_id": far.id, "lines-1-product_id": products["Milk"].id}
    counts = []
    for lines in (1, 10):
        with capture_statements(Database.of(app.registry)) as statements:
            page = admin.get("/admin/lines/", {"lines": lines, **chosen})
        counts.append(len(statements))
    assert counts == [3, 3]  # the session, the choices, and the chosen row that is not among these
    selects = page.html.select("select")
    assert [select["name"] for select in selects] == [f"lines-{n}-product_id" for n in range(10)]
    assert [select["id"] for select in selects[:1]] == ["field-lines-0-product_id"]
    assert selects[0]["aria-describedby"] == "error-lines-0-product_id"
    assert selects[0].select_one("[selected]").text == "Zzz"
    assert selects[1].select_one("[selected]").text == "Milk"
    assert selects[2].select_one("[selected]") is None
    assert page.html.select_one("[type=search]")["name"] == "search-lines-0-product_id"
