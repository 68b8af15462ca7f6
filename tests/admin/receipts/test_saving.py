"""Entering a receipt: its lines are added by one save, or none of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete
from webtest import TestApp

from shoptrack.catalog.models import Product
from shoptrack.testing import capture_statements
from shoptrack.testing.databases import KINDS

from .conftest import PATH

pytestmark = pytest.mark.database("sqlite")

RECORDS = "/admin/shopping-records/"
LINES = (("rice", "500", "1,280"), ("eggs", "１０", "￥２９８"))


@pytest.fixture
def today(stop_clock):
    stop_clock("2026-12-31T15:30:00Z")  # in Tokyo the next year
    return "2027-01-01"


@pytest.mark.database(*KINDS)
def test_all_lines_are_added_with_the_store_and_the_day(admin, shop, fill, stored, said, today):
    page = fill(admin.get(PATH), *LINES).submit("save", status=303).follow()
    assert said(page) == ["The receipt was saved. Lines: 2. Total: ¥1,578."]
    assert stored() == [
        (today, shop.life, shop.rice, "500.000", 1280),
        (today, shop.life, shop.eggs, "10.000", 298),
    ]


def test_the_next_receipt_begins_empty_in_the_same_store(admin, shop, fill, today, make):
    make.record(store_id=shop.market)  # by nobody
    form = admin.get(PATH).forms["receipt"]
    assert (form["store_id"].value, form["purchase_date"].value) == ("", today)
    form = fill(admin.get(PATH), *LINES)
    form["purchase_date"] = "2026-12-30"
    page = form.submit("save").follow()
    form = page.forms["receipt"]
    assert (form["store_id"].value, form["purchase_date"].value) == (str(shop.life), today)
    assert form["lines-0-product_id"].value == ""
    page = page.click("Show the records of this receipt")
    assert page.request.path == RECORDS
    assert len(page.html.select("tbody tr")) == 2


def test_the_last_store_is_that_of_the_user(admin, shop, fill, browser_of, make_user, submit):
    other = browser_of(make_user("ken", is_staff=True, is_superuser=True))
    fill(admin.get(PATH), *LINES, store="life").submit("save")
    fill(other.get(PATH), *LINES, store="market").submit("save")
    assert admin.get(PATH).forms["receipt"]["store_id"].value == str(shop.life)
    # It follows a store that was merged into another.
    submit(
        admin,
        "/admin/stores/merge/",
        [("id", str(shop.life)), ("id", str(shop.market)), ("keep", str(shop.market))],
        status=303,
    )
    assert admin.get(PATH).forms["receipt"]["store_id"].value == str(shop.market)


def test_empty_lines_are_ignored(admin, fill, stored):
    form = fill(admin.get(PATH), LINES[0], ("", " ", ""), LINES[1])
    form.submit("save", status=303)
    assert len(stored()) == 2


def test_a_receipt_without_lines_is_refused(admin, fill, stored, errors):
    page = fill(admin.get(PATH)).submit("save", status=400)
    assert "Enter at least one line." in page.html.select_one(".summary").text
    assert stored() == []


@pytest.mark.database(*KINDS)
def test_faults_are_shown_at_their_lines_and_nothing_is_stored(
    admin, shop, fill, stored, errors, database
):
    form = fill(
        admin.get(PATH), LINES[0], ("", "1", "5"), ("milk", "", "x"), ("eggs", "1.2345", "")
    )
    form["purchase_date"] = ""
    page = form.submit("save", status=400)
    found = errors(page)
    assert found.pop("lines-2-price").startswith("“x” is not an amount in JPY.")
    assert found == {
        "purchase_date": "Enter the day.",
        "lines-1-product_id": "Choose a product.",
        "lines-2-quantity": "Enter the quantity.",
        "lines-3-quantity": "Ensure that there are no more than 3 decimal places.",
        "lines-3-price": "Enter the price.",
    }
    summary = page.html.select_one(".summary")
    links = [(link["href"], link.get_text(strip=True)) for link in summary.select("a")]
    assert links[:2] == [
        ("#field-purchase_date", "purchase date: Enter the day."),
        ("#field-lines-1-product_id", "Line 2, product: Choose a product."),
    ]
    assert all(page.html.select_one(href) for href, _text in links)
    assert stored() == []
    form = fill(page, ("eggs", "1", "5"), ("milk", "1", "5"), ("eggs", "1", "5"), first=1)
    form["purchase_date"] = "2026-12-31"
    form.submit("save", status=303)
    assert [price for *_others, price in stored()] == [1280, 5, 5, 5]


@pytest.mark.database(*KINDS)
def test_a_product_that_was_deleted_meanwhile_is_a_fault_of_its_line(
    admin, shop, fill, stored, errors, database
):
    form = fill(admin.get(PATH), LINES[0], ("milk", "1", "5"))
    with database.engine.begin() as connection:
        connection.execute(delete(Product).where(Product.id == shop.milk))
    page = form.submit("save", status=400)
    assert errors(page) == {"lines-1-product_id": "This row does not exist. Choose another."}
    assert stored() == []
    fill(page, ("eggs", "1", "5"), first=1).submit("save", status=303)
    assert len(stored()) == 2


def test_a_store_that_does_not_exist_is_said_once(admin, shop, fill, errors):
    form = fill(admin.get(PATH), *LINES)
    form["store_id"].force_value("9" * 12)
    assert errors(form.submit("save", status=400)) == {
        "store_id": "This row does not exist. Choose another."
    }


def test_two_saves_are_one_receipt(admin, fill, stored, said):
    form = fill(admin.get(PATH), *LINES)
    first, second = form.submit("save", status=303), form.submit("save", status=303)
    assert second.location == first.location
    assert len(said(second.follow())) == 1
    assert len(stored()) == 2


@pytest.mark.database(*KINDS)
def test_impatient_clicks_are_one_receipt(admin, fill, stored):
    fields, barrier = fill(admin.get(PATH), *LINES).submit_fields("save"), Barrier(3)

    def click(_number: int) -> int:
        browser = TestApp(admin.app, admin.extra_environ, cookiejar=admin.cookiejar)
        barrier.wait()
        return browser.post(PATH, fields, {"Origin": "https://localhost"}).status_int

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(click, range(3))) == [303] * 3
    assert len(stored()) == 2


class TestTotalOnPaper:
    def test_the_same_total_is_saved_at_once(self, admin, fill, stored):
        form = fill(admin.get(PATH), *LINES)
        form["paper_total"] = "¥1,578"
        form.submit("save", status=303)
        assert len(stored()) == 2

    def test_a_difference_is_asked_about_once(self, admin, fill, stored, errors):
        form = fill(admin.get(PATH), *LINES)
        form["paper_total"] = "1600"
        page = form.submit("save", status=400)
        assert errors(page) == {
            "paper_total": "The lines add up to ¥1,578, ¥22 less than on paper. Save again to store them."
        }
        assert page.html.select_one(".summary h2").text == "Please check these values"
        assert page.html.select_one("output").text == "¥1,578"
        assert stored() == []
        page.forms["receipt"].submit("save", status=303)
        assert len(stored()) == 2

    def test_another_difference_is_another_question(self, admin, fill, stored, errors):
        form = fill(admin.get(PATH), *LINES)
        form["paper_total"] = "1600"
        form = form.submit("save", status=400).forms["receipt"]
        form["lines-0-price"] = "1380"
        page = form.submit("save", status=400)
        assert "¥78 more than on paper" in errors(page)["paper_total"]
        page.forms["receipt"]["lines-0-price"] = "1302"
        page.forms["receipt"].submit("save", status=303)
        assert len(stored()) == 2

    def test_what_is_no_amount_is_said(self, admin, fill, errors):
        form = fill(admin.get(PATH), *LINES)
        form["paper_total"] = "15,78"
        assert "in a wrong place" in errors(form.submit("save", status=400))["paper_total"]

    def test_a_fault_of_a_line_comes_first(self, admin, fill, errors):
        form = fill(admin.get(PATH), ("rice", "1", "x"))
        form["paper_total"] = "5"
        assert errors(form.submit("save", status=400)).keys() == {"lines-0-price"}


def test_a_strange_year_is_stored_by_a_second_save(admin, fill, stored, errors, today):
    form = fill(admin.get(PATH), *LINES, ("milk", "1", "x"))
    form["purchase_date"] = "1927-01-01"
    page = form.submit("save", status=400)
    assert errors(page).keys() == {"purchase_date", "lines-2-price"}
    page.forms["receipt"]["lines-2-price"] = "5"
    page.forms["receipt"].submit("save", status=303)
    assert {day for day, *_others in stored()} == {"1927-01-01"}


def test_warnings_are_shown_after_the_save(admin, shop, fill, said, make, today):
    for _number in range(3):
        make.record(product_id=shop.rice, price=100, quantity=1)
    lines = [("rice", "1", "500")] + [("eggs", "1", "5")] * 6
    messages = said(fill(admin.get(PATH), *lines).submit("save").follow())
    assert messages[1].startswith("Rice: The unit price is 5.00 times the usual one.")
    assert messages[2:] == [
        *["Eggs: There is an equal record on the same day. Was it entered twice?"] * 4,
        "Further warnings: 2.",
    ]


def test_the_message_of_the_save_is_not_lost_among_long_warnings(
    admin, shop, make, fill, said, today
):
    long = make.product(name="長" * 100).id
    for _number in range(6):
        make.record(product_id=long, price=100, quantity=1)
    form = fill(admin.get(PATH), *[("eggs", "1", "5000000")] * 6)
    for number in range(6):
        form[f"lines-{number}-product_id"].force_value(str(long))
    japanese = {"Accept-Language": "ja"}
    page = form.submit("save", headers=japanese).follow(headers=japanese)
    assert "¥30,000,000" in said(page)[0]
    assert len(said(page)) == 7


@pytest.mark.database(*KINDS)
def test_it_takes_the_same_statements_for_many_lines(admin, fill, database):
    def count(lines: int) -> int:
        form = fill(admin.get(PATH), *[("rice", "1", "5")] * lines)
        with capture_statements(database) as statements:
            form.submit("save", status=303)
        return len(statements)

    assert count(2) == count(9)


def test_a_product_without_the_form_is_bad_input(admin, submit):
    """Names that no form has are ignored, and what is missing is said."""
    fields = {"lines-x-price": "1", "lines-99999-price": "1", "lines--1-price": "1"}
    assert "Enter at least one line." in submit(admin, PATH, fields, status=400)
    page = submit(admin, PATH, {"lines-7-price": "1"}, status=400)
    assert "Choose a store." in page
    assert "Line 1, quantity" in page
