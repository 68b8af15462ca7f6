"""The numbers of the page's form, as people type them."""

from urllib.parse import quote

import pytest

pytestmark = pytest.mark.database("sqlite")

PATH = "/admin/reports/"


@pytest.mark.parametrize("typed", ["25", "２５", "+25", " 25 "])
def test_the_day_on_which_months_begin(admin, bought, typed):
    bought("2025-03-24", 1)
    page = admin.get(f"{PATH}?month_start={quote(typed)}").html
    assert page.find(id="month-start")["value"] == "25"


@pytest.mark.parametrize("typed", ["1,000g", "１，０００ g", "1000ｇ", "1kg", "kg"])
def test_the_amount_that_prices_are_for(admin, make, typed):
    product = make.product(name="Beef", unit_id=make.unit(name="g").id)
    make.record(price=640, quantity=500, product_id=product.id)
    page = admin.get(f"{PATH}?product=beef&per={quote(typed)}").html
    section = page.find(attrs={"aria-labelledby": "prices"})
    assert section.tbody.td.text == "¥1,280"


def test_what_cannot_be_read_is_left_out_and_named(admin, bought):
    bought("2025-03-24", 1)
    page = admin.get(f"{PATH}?month_start=1,2&per=1,00g&group_by=day").follow()
    assert page.request.query_string == "group_by=day"
    sentence = "has “,” in a wrong place. It separates thousands, as in 1,234.5."
    messages = [message.text for message in page.html.select(".messages .message")]
    assert messages == [f"month_start: “1,2” {sentence}", f"per: “1,00” {sentence}"]
