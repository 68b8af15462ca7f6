"""Unlikely values in forms: a strange year has to be confirmed, and warnings are shown after saving."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from shoptrack.records.models import ShoppingRecord

pytestmark = pytest.mark.database("sqlite")
ADD = "/admin/shopping-records/add/"
QUESTION = "Is the year {} right? Save again to store it."


@pytest.fixture(autouse=True)
def _stopped(stop_clock):
    stop_clock("2026-12-31T14:00:00Z")  # in Tokyo still 2026


@pytest.fixture
def days(database):
    """Return a function that returns the days of all records."""

    def days() -> list[str]:
        with database.read_engine.connect() as connection:
            return [str(day) for day in connection.scalars(select(ShoppingRecord.purchase_date))]

    return days


@pytest.fixture
def form(admin, make):
    """Return the form of a new record, filled in except for its day."""
    store, product = make.store(), make.product()
    form = admin.get(ADD).forms[1]
    form["price"], form["quantity"] = "100", "1"
    form["store_id"], form["product_id"] = str(store.id), str(product.id)
    return form


@pytest.mark.parametrize("day", ["1999-12-31", "0026-12-31", "2028-01-01", "9999-12-31"])
def test_a_strange_year_is_stored_by_a_second_save(form, days, day):
    form["purchase_date"] = day
    page = form.submit("save", status=400)
    assert days() == []
    assert page.html.select_one("#error-purchase_date").get_text(strip=True) == QUESTION.format(
        day[:4]
    )
    assert page.html.select_one(".summary h2").text == "Please check these values"
    page.forms[1].submit("save", status=303)
    assert days() == [day]


@pytest.mark.parametrize("day", ["2000-01-01", "2026-12-31", "2027-12-31"])
def test_other_years_are_stored_at_once(form, days, day):
    form["purchase_date"] = day
    form.submit("save", status=303)
    assert days() == [day]


def test_another_strange_year_is_asked_about_again(form, days):
    form["purchase_date"] = "1926-12-31"
    page = form.submit("save", status=400)
    page.forms[1]["purchase_date"] = "1826-12-31"
    page = page.forms[1].submit("save", status=400)
    page.forms[1]["purchase_date"] = "2026-12-31"
    page.forms[1].submit("save", status=303)
    assert days() == ["2026-12-31"]


def test_what_else_is_wrong_is_shown_with_the_question_which_is_asked_once(form, days):
    form["purchase_date"], form["price"] = "1926-12-31", "x"
    page = form.submit("save", status=400)
    assert {one["id"] for one in page.html.select(".error")} == {
        "error-purchase_date",
        "error-price",
    }
    page = page.forms[1].submit("save", status=400)
    assert [one["id"] for one in page.html.select(".error")] == ["error-price"]
    page.forms[1]["price"] = "100"
    page.forms[1].submit("save", status=303)
    assert days() == ["1926-12-31"]


def test_a_search_among_choices_confirms_nothing(form, days):
    form["purchase_date"] = "1926-12-31"
    page = form.submit("save", status=400)
    search = page.forms[1]
    search["purchase_date"] = "1826-12-31"
    # As without scripts: the form is sent to search, and not to save.
    fields = [(name, value) for name, value in search.submit_fields() if name != "search-store_id"]
    page = page.test_app.post(ADD, [*fields, ("search-store_id", "x")])
    page.forms[1].submit("save", status=400)
    assert days() == []


def test_a_strange_year_that_is_stored_already_is_not_asked_about(admin, make, days):
    record = make.record(purchase_date=date(1926, 12, 31))
    form = admin.get(f"/admin/shopping-records/{record.id}/").forms[1]
    form["price"] = "5"
    form.submit("save", status=303)
    form = admin.get(f"/admin/shopping-records/{record.id}/").forms[1]
    form["purchase_date"] = "1826-12-31"
    page = form.submit("save", status=400)
    page.forms[1].submit("save", status=303)
    assert days() == ["1826-12-31"]


def test_warnings_are_shown_after_a_row_is_added_and_changed(form, make, said):
    for day in (1, 2, 3):
        make.record(
            product_id=int(form["product_id"].value),
            price=100,
            quantity=Decimal(1),
            purchase_date=date(2026, 1, day),
        )
    form["purchase_date"], form["price"] = "2027-01-01", "500"
    page = form.submit("continue", status=303).follow()
    shown = [
        "This date is in the future.",
        "The unit price is 5.00 times the usual one. Check the price and the quantity.",
    ]
    assert said(page)[1:] == shown
    assert len(page.html.select(".message.warning")) == 2
    form = page.forms[1]
    form["purchase_date"] = "2026-01-04"
    assert said(form.submit("save").follow())[1:] == shown[1:]


def test_in_japanese(form, said):
    form["purchase_date"] = "2028-01-01"
    japanese = {"Accept-Language": "ja"}
    page = form.submit("save", status=400, headers=japanese)
    assert "2028" in page.html.select_one("#error-purchase_date").text
    assert QUESTION.format(2028) not in page.text
    page = page.forms[1].submit("save", headers=japanese).follow(headers=japanese)
    assert said(page)[1] == "日付が未来です。"
