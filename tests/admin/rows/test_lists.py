"""Lists of rows: searched, narrowed, ordered, a page at a time."""

from datetime import date

import pytest

from shoptrack.catalog.models import Store
from shoptrack.testing import capture_statements


def column(page, number: int = 1) -> list[str]:
    return [
        row.select("th, td")[number].get_text(strip=True) for row in page.html.select("tbody tr")
    ]


def test_every_resource_has_a_list_in_the_menu(admin):
    index = admin.get("/admin/")
    for path, label in (
        ("categories", "Categories"),
        ("products", "Products"),
        ("shopping-records", "Shopping records"),
    ):
        assert index.html.select_one(f'nav.menu a[href="/admin/{path}/"]').text == label
        admin.get(f"/admin/{path}/", status=200)


def test_a_list_shows_values_and_leads_to_rows(admin, make):
    store, product = (
        make.store(name="Life"),
        make.product(name="Beef", unit_id=make.unit(name="g").id),
    )
    record = make.record(price=-1200, store_id=store.id, product_id=product.id)
    page = admin.get("/admin/shopping-records/")
    cells = page.html.select("tbody tr")[0].select("th, td")
    assert [cell.get_text(strip=True) for cell in cells[1:]] == [
        "2025-01-01",
        "Beef",
        "Life (Kyoto)",
        "500 g",
        "\N{MINUS SIGN}¥1,200",
    ]
    assert cells[1].a["href"] == f"/admin/shopping-records/{record.id}/"
    assert cells[2].a["href"] == f"/admin/products/{record.product_id}/"


def test_what_is_searched_for_is_found_in_any_script(admin, make):
    make.category(name="ギュウニュウ")
    make.category(name="Meat")
    page = admin.get("/admin/categories/", {"search": "ぎゅう"})
    assert column(page) == ["ギュウニュウ"]
    assert page.html.select_one("#search")["value"] == "ぎゅう"


def test_a_list_is_narrowed_by_references_and_days(admin, make):
    product = make.product()
    make.record(product_id=product.id, purchase_date=date(2025, 3, 1))
    make.record(product_id=product.id, purchase_date=date(2025, 4, 1))
    make.record(purchase_date=date(2025, 4, 2))
    asked = {"product_id": product.id, "purchase_date__gte": "2025-03-15", "store_id": ""}
    page = admin.get("/admin/shopping-records/", asked)
    assert column(page) == ["2025-04-01"]
    assert page.html.select_one("#filter-product_id option[selected]")["value"] == str(product.id)
    assert page.html.select_one("#filter-purchase_date-gte")["value"] == "2025-03-15"


def test_records_come_with_the_newest_first_and_headings_order_them(admin, make):
    for day, price in ((1, 30), (2, 10), (3, 20)):
        make.record(purchase_date=date(2025, 1, day), price=price)
    page = admin.get("/admin/shopping-records/")
    assert column(page) == ["2025-01-03", "2025-01-02", "2025-01-01"]
    page = page.click("^Price$")
    assert column(page, 5) == ["¥10", "¥20", "¥30"]
    assert page.html.select_one('[aria-sort="ascending"]').text == "Price"
    page = page.click("^Price$")
    assert column(page, 5) == ["¥30", "¥20", "¥10"]


def test_pages_follow_each_other_and_tell_the_total(admin, make):
    for number in range(60):
        make.category(name=f"C{number:02}")
    first = admin.get("/admin/categories/?ordering=name")
    assert "Rows: 60" in first.text
    assert len(column(first)) == 50
    second = first.click("Next page")
    assert column(first) + column(second) == [f"C{number:02}" for number in range(60)]
    assert "Next page" not in second
    assert column(second.click("Previous page")) == column(first)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "ordering=password",
        "search=twice",
        "cursor=nonsense",
        "limit=10",
        "fields=id",
        "search=" + "x" * 201,
        "name__icontains=%00",
        "id__in=a",
    ],
)
def test_what_a_list_cannot_be_asked_is_said_and_left_out(admin, make, said, query):
    make.category(name="Meat")
    answer = admin.get(f"/admin/categories/?search=meat&{query}")
    while answer.status_int == 303:
        answer = answer.follow()
    assert answer.status_int == 200
    assert said(answer)
    assert column(answer) in (["Meat"], [])


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("cursor=nonsense", "That page of the list does not exist. This is the first one."),
        ("colour=red", "A part of the address was invalid and was left out: colour"),
        ("store_id=x", "Store: This row does not exist. Choose another."),
    ],
)
def test_what_a_list_cannot_be_asked_is_said_in_words_of_the_page(admin, said, query, sentence):
    assert said(admin.get(f"/admin/shopping-records/?{query}").follow()) == [sentence]


@pytest.mark.parametrize("path", ["categories/", "reports/", "users/", "history/"])
def test_a_thousand_unknown_parameters_are_left_out_at_once(admin, path):
    names = ["x" * 10_000, *(f"unknown{number}" for number in range(1000))]
    answer = admin.get(f"/admin/{path}?{'&'.join(f'{name}=1' for name in names)}")
    if answer.status_int == 303:
        answer = answer.follow()
    assert answer.status_int == 200
    assert len(answer.body) < 50_000


def test_a_list_takes_the_same_number_of_statements_whatever_its_length(admin, make, database):
    """The session, the number of rows, the rows, and what it can be narrowed by."""
    for more in (1, 9, 90):
        for _ in range(more):
            make.record()
        with capture_statements(database) as statements:
            admin.get("/admin/shopping-records/")
        assert len(statements) <= 5


def test_long_choices_of_a_filter_become_a_text(admin, make):
    make.rows(Store, 49)
    make.record(store_id=make.store(name="Far").id)
    fifty = admin.get("/admin/shopping-records/")
    assert len(fifty.html.select("#filter-store_id option[value]:not([value=''])")) == 50
    make.store()
    page = admin.get("/admin/shopping-records/", {"store_name__icontains": "far"})
    assert page.html.select_one('input[name="store_name__icontains"]')["value"] == "far"
    assert len(column(page)) == 1


def test_what_is_found_while_one_types_says_whether_it_is_all(admin, make):
    for more, is_all in ((50, True), (1, False)):
        make.rows(Store, more)
        found = admin.get("/admin/stores/choices/").json
        assert (len(found["choices"]), found["complete"]) == (50, is_all)


@pytest.mark.database("sqlite")
def test_no_form_sends_its_token_in_an_address(admin, make):
    make.category()
    for path in ("categories/", "users/", "history/"):
        page = admin.get(f"/admin/{path}")
        assert not page.html.select('form[method="get"] input[name="csrf_token"]')


@pytest.mark.database("sqlite")
def test_names_are_escaped_wherever_they_stand(admin, make):
    evil = "<script>alert(1)</script>"
    category = make.category(name=evil)
    make.product(category_id=category.id, name=evil)
    for path in (
        "categories/",
        "products/",
        f"categories/{category.id}/",
        f"categories/{category.id}/delete/",
        f"categories/delete/?id={category.id}",
        "products/add/",
    ):
        assert "<script>alert" not in admin.get(f"/admin/{path}").text
    answer = admin.get("/admin/categories/choices/?search=script")
    assert answer.content_type == "application/json"
    assert answer.json["choices"][0]["label"] == evil
