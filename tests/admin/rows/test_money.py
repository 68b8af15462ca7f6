"""Pages and files of a household whose currency has decimals."""

import csv
import io

import pytest
from sqlalchemy import select

from shoptrack.records.models import ShoppingRecord

pytestmark = pytest.mark.database("sqlite")

RECORDS = "/admin/shopping-records/"


@pytest.fixture(scope="module")
def settings():
    return {"shoptrack.currency": "EUR"}


@pytest.fixture
def record(make):
    return make.record(price=128_050, quantity=2)


def test_a_list_a_form_and_the_overview_show_amounts_in_it(admin, record):
    page = admin.get(RECORDS)
    assert [cell.text for cell in page.html.select("td[data-label=Price]")] == ["€1,280.50"]
    assert admin.get(f"{RECORDS}{record.id}/").forms[1]["price"].value == "1280.50"
    assert "€1,280.50" in admin.get("/admin/").html.select_one("[aria-labelledby=newest]").text
    japanese = admin.get(RECORDS, headers={"Accept-Language": "ja"})
    assert "€1,280.50" in japanese


def test_the_api_stays_with_the_smallest_unit(api, record):
    assert api.get(f"/api/shopping-records/{record.id}/").json["price"] == 128_050
    assert len(api.get("/api/shopping-records/?price__gte=128050").json) == 1


@pytest.mark.parametrize("typed", ["12.80", "€12.80", "１２．８", "12.80 €", "EUR 12.80"])
def test_a_form_takes_amounts_in_it(admin, record, database, typed):
    form = admin.get(f"{RECORDS}{record.id}/").forms[1]
    form["price"] = typed
    form.submit("save", status=303)
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(ShoppingRecord.price)) == 1280


def test_the_bounds_of_an_amount_are_named_in_it(admin, record):
    form = admin.get(f"{RECORDS}{record.id}/").forms[1]
    form["price"] = "30,000,000"
    page = form.submit("save", status=400)
    error = page.html.select_one("#error-price").text.strip()
    assert error == "Ensure this value is less than or equal to €21,474,836.47."


def test_a_filter_takes_amounts_in_it(admin, record, make):
    make.record(price=1)
    form = admin.get(RECORDS).forms[1]
    form["typed-price__gte"] = "1,280.5"
    page = form.submit().follow()
    assert page.request.query_string == "price__gte=128050"
    assert page.forms[1]["typed-price__gte"].value == "1280.50"
    assert len(page.html.select("tbody tr")) == 1


def test_the_history_shows_amounts_in_it(admin, api, record):
    api.patch_json(f"/api/shopping-records/{record.id}/", {"price": -5}, status=200)
    page = admin.get(f"{RECORDS}{record.id}/history/")
    assert "Price: €1,280.50 → −€0.05" in page.html.select_one("ul.changes").text
    saved = admin.get("/admin/history/export.csv").body.decode("utf-8-sig")
    prices = [row[-3:] for row in csv.reader(io.StringIO(saved)) if "price" in row]
    assert prices == [["1280.50", "-0.05", "EUR"]]


def test_a_file_has_amounts_in_it_and_its_code(admin, record):
    saved = admin.get(f"{RECORDS}export.csv").body.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(saved))
    cells = dict(zip(header, row, strict=True))
    assert (cells["price"], cells["currency"]) == ("1280.50", "EUR")


def test_reports_show_amounts_in_it(admin, api, record):
    page = admin.get("/admin/reports/?group_by=month")
    assert "2025-01: €1,280.50" in [title.text for title in page.html.select("svg title")]
    assert "€1,280.50" in page.html.select_one("dl").text
    saved = page.click("Save as CSV").body.decode("utf-8-sig").split()
    assert (saved[0], saved[-1]) == ("month,total,count,currency", "2025-01,1280.50,1,EUR")
    picture = api.get("/api/reports/spending/?group_by=month&format=svg").text
    assert "€1,280.50" in picture
    assert api.get("/api/reports/spending/?group_by=month").json["total"] == 128_050


def test_prices_of_a_gram_have_further_decimals(admin, make):
    product = make.product(name="Beef", unit_id=make.unit(name="g").id)
    make.record(price=640, quantity=500, product_id=product.id)
    page = admin.get("/admin/reports/?product=beef")
    section = page.html.select_one("[aria-labelledby=prices]")
    assert "€0.0128" in section.select_one("tbody td").text
    page = admin.get("/admin/reports/?product=beef&per=1kg")
    section = page.html.select_one("[aria-labelledby=prices]")
    assert section.select_one("tbody td").text == "€12.80"
