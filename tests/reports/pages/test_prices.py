"""Prices of a product, on the administration's page of reports."""

from datetime import date
from urllib.parse import quote

import pytest

from shoptrack.catalog.models import Product

pytestmark = pytest.mark.database("sqlite")

PATH = "/admin/reports/"


@pytest.fixture
def milk(make):
    """Buy milk in two stores, and two other things."""
    unit = make.unit(name="ml")
    milk = make.product(name="ぎゅうにゅう", unit_id=unit.id)
    life, maruya = (make.store(name=name, location="Kyoto").id for name in ("Life", "Maruya"))
    for month, store, price in ((1, life, 200), (1, maruya, 180), (3, life, 220)):
        day = date(2025, month, 5)
        make.record(
            product_id=milk.id, store_id=store, purchase_date=day, price=price, quantity=1000
        )
    for name in ("Milk tea", "Milk bread"):
        make.record(product_id=make.product(name=name).id, purchase_date=date(2025, 3, 5))
    return milk


@pytest.fixture
def part(admin):
    """Return a function that returns the page's part about prices."""
    return lambda query: admin.get(f"{PATH}?{query}").html.find(attrs={"aria-labelledby": "prices"})


def tables(part) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.find_all(["th", "td"])] for row in body.find_all("tr")]
        for body in part.find_all("tbody")
    ]


@pytest.mark.database("sqlite", "postgresql")
def test_the_only_product_that_is_found_has_its_prices_by_month_and_by_store(part, milk):
    shown = part(f"product={quote('ギュウニュウ')}&per=100ml")
    assert shown.h3.text == "ぎゅうにゅう: prices per 100 ml"
    months, stores = tables(shown)
    assert months == [
        ["2025-01 cheapest", "¥19", "¥18", "¥18", "2025-01-05", "2"],
        ["2025-03", "¥22", "¥22", "¥22", "2025-03-05", "1"],
    ]
    assert [row[0] for row in stores] == ["Maruya (Kyoto) cheapest", "Life (Kyoto)"]
    assert [row[1] for row in stores] == ["¥18", "¥21"]
    titles = [title.text for title in shown.select(".plot svg rect title")]
    assert titles == ["2025-01: ¥19", "2025-03: ¥22"]
    labels = [text.text for text in shown.select(".plot svg text")]
    assert "2025-02" in labels  # when it was not bought


def test_of_several_one_is_chosen_by_a_link(admin, milk):
    page = admin.get(f"{PATH}?product=milk&group_by=year")
    names = [link.text for link in page.html.select("#content .rows a")]
    assert names == ["Milk bread", "Milk tea"]
    chosen = page.click("Milk tea").html
    assert chosen.h3.text.startswith("Milk tea: prices per 1 ")
    assert chosen.find(id="main").text == "Spending by year"


def test_twenty_products_are_found_at_most(part, milk, make):
    make.rows(Product, 18, name="Milk")
    assert len(part("product=milk&group_by=year").select(".rows a")) == 20
    make.product(name="Milk")
    assert len(part("product=milk&group_by=year").select(".rows a")) == 20


def test_four_hundred_months_have_a_place_each(part, make):
    product = make.product(name="Rice")
    first, last = date(1990, 1, 1), date(2023, 4, 1)
    for day in (first, last):
        make.record(product_id=product.id, purchase_date=day)
    columns = part("product=rice&purchase_date__gte=1990-01-01&group_by=year").select("rect")
    assert float(columns[-1]["width"].rstrip("%")) < 1


def test_the_days_of_the_report_are_those_of_the_prices(part, milk):
    shown = part(f"history={milk.id}&purchase_date__gte=2025-02-01")
    assert [row[0] for row in tables(shown)[0]] == ["2025-03 cheapest"]
    assert len(tables(shown)[1]) == 1
    shown = part(f"history={milk.id}&purchase_date__gte=2025-03-06")
    assert shown is None  # nothing at all was bought


def test_what_was_not_bought_in_these_days_has_no_price(part, milk, make):
    other = make.record(purchase_date=date(2025, 5, 1)).product_id
    shown = part(f"history={other}&purchase_date__lte=2025-04-01")
    assert "Not bought in this period." in shown.text


def test_nothing_may_be_found(part, milk):
    assert "No products found." in part("product=caviar").text


@pytest.mark.parametrize("query", ["history=999999", "history=x", "history=1&per=x"])
def test_what_cannot_be_shown_is_left_out_and_said(admin, milk, query):
    answer = admin.get(f"{PATH}?{query}".replace("=1&", f"={milk.id}&"), status=303)
    page = answer.follow().html
    assert page.select(".messages .message")
