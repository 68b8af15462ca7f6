"""Pages lead back to the list that they were opened from, and the next form keeps what is the same."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.database("sqlite")

LIST = "/admin/categories/?search=c&ordering=-name"


@pytest.fixture
def second_page(admin, make):
    """Open the second page of a filtered and ordered list."""
    for number in range(60):
        make.category(name=f"C{number:02}")
    return admin.get(LIST).click("Next page")


def get_path(page) -> str:
    return page.request.path_qs


def test_saving_leads_back_to_filters_order_and_page(second_page):
    form = second_page.click("^C05$").forms[1]
    form["name"] = "C05 and more"
    page = form.submit("save").follow()
    assert get_path(page) == get_path(second_page)
    assert "C05 and more" in page.html.tbody.text


def test_errors_and_save_and_continue_keep_the_way_back(second_page):
    page = second_page.click("^C05$")
    form = page.forms[1]
    form["name"] = ""
    form = form.submit("save", status=400).forms[1]
    form["name"] = "C05 and more"
    page = form.submit("continue").follow()
    assert page.html.find("a", string="Cancel")["href"] == get_path(second_page)
    crumb = page.html.select(".breadcrumbs a")[1]
    assert (crumb.text, crumb["href"]) == ("Categories", get_path(second_page))


def test_deleting_leads_back(second_page):
    page = second_page.click("^C05$").click("^Delete$")
    row = page.html.find("a", string="Cancel")["href"]
    assert parse_qs(urlsplit(row).query) == {"back": [get_path(second_page)]}
    page = page.forms[1].submit("delete").follow()
    assert get_path(page) == get_path(second_page)


def test_selected_rows_lead_back(second_page):
    form = second_page.forms["rows"]
    form.fields["id"][0].checked = True
    form.action = "/admin/categories/delete/"
    page = form.submit()
    assert page.html.find("a", string="Cancel")["href"] == get_path(second_page)
    assert get_path(page.forms[1].submit().follow()) == get_path(second_page)


def test_a_row_that_is_gone_leads_back(second_page, admin):
    path = second_page.html.find("a", string="C05")["href"]
    page = second_page.click("^C05$").click("^Delete$").forms[1].submit("delete")
    assert get_path(admin.get(path, status=303).follow()) == get_path(second_page)
    assert page.status_int == 303


def test_adding_leads_back(second_page):
    form = second_page.click("^Add$").forms[1]
    form["name"] = "C99"
    assert get_path(form.submit("save").follow()) == get_path(second_page)


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/admin/", "//evil.example/admin/", "/api/", "javascript:alert(1)", ""],
)
def test_another_place_is_not_led_to(admin, make, back):
    category = make.category()
    page = admin.get(f"/admin/categories/{category.id}/", {"back": back})
    assert page.html.find("a", string="Cancel")["href"] == "/admin/categories/"
    assert get_path(page.forms[1].submit("save").follow()) == "/admin/categories/"


def test_the_next_record_keeps_store_and_day(admin, make):
    record = make.record(purchase_date=date(2025, 3, 1))
    path = "/admin/shopping-records/?price__gte=1"
    form = admin.get(path).click("^Add$").forms[1]
    sent = {
        "store_id": record.store_id,
        "product_id": record.product_id,
        "purchase_date": "2025-04-01",
        "price": "100",
        "quantity": "1",
    }
    for name, value in sent.items():
        form[name] = str(value)
    page = form.submit("add-another").follow()
    form = page.forms[1]
    values = {name: form[name].value for name in sent}
    assert values == {
        "store_id": str(record.store_id),
        "product_id": "",
        "purchase_date": "2025-04-01",
        "price": "",
        "quantity": "",
    }
    assert page.html.find("a", string="Cancel")["href"] == path


def test_the_next_category_keeps_nothing(admin):
    form = admin.get("/admin/categories/add/").forms[1]
    form["name"] = "Meat"
    page = form.submit("add-another").follow()
    assert page.forms[1]["name"].value == ""
    assert get_path(page) == "/admin/categories/add/"
