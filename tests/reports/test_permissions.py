"""Who may read reports, and what they tell callers who may not view everything."""

import csv
import io
from datetime import date

import pytest

from shoptrack.testing import Client

SPENDING = "/api/reports/spending/"
PRICES = ("products:view", "units:view")  # what reports of prices are about

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def caller(build_app, credentials_with):
    """Return a function that returns a client of somebody with just these permissions."""
    app = build_app(shoptrack__api_permissions="model")
    return lambda *permissions: Client(app, credentials_with(*permissions))


@pytest.fixture
def record(make):
    product = make.product(
        name="Beef", category_id=make.category(name="Meat").id, unit_id=make.unit(name="g").id
    )
    store = make.store(name="Life", location="Kyoto")
    return make.record(product_id=product.id, store_id=store.id, purchase_date=date(2025, 4, 1))


@pytest.fixture(
    params=["/api/products/{}/prices/", "/api/reports/cheapest-stores/?product_id__in={}"]
)
def path(request, record):
    return request.param.format(record.product_id)


@pytest.mark.parametrize("path", [SPENDING, "/api/products/1/prices/"])
def test_who_is_not_signed_in_is_told_nothing(client, path):
    client.get(path, status=401)
    client.get(f"{path}?nonsense", status=401)


def test_reports_of_prices_ask_for_what_prices_are_of(caller, path):
    caller(*PRICES, "shopping-records:view", "stores:view").get(path, status=403)
    answer = caller("reports:view", "units:view").get(path, status=403)
    assert answer.json["detail"].endswith("(products:view).")
    answer = caller("reports:view", "products:view").get(path, status=403)
    assert answer.json["detail"].endswith("(units:view).")
    caller("reports:view", *PRICES).get(path, status=200)


def test_an_id_that_nobody_has_is_not_told_apart_from_others(caller):
    caller("reports:view").get("/api/products/999/prices/", status=403)
    caller("reports:view").get("/api/reports/cheapest-stores/?product_id__in=999", status=403)


def test_stores_of_prices_are_their_ids(caller, record, path):
    unnamed = caller("reports:view", *PRICES).get(path).json
    named = caller("reports:view", *PRICES, "stores:view").get(path).json
    rows = "prices" if "prices" in unnamed else "stores"
    assert unnamed[rows][0]["store"] == {"id": record.store_id}
    assert named[rows][0]["store"] == {"id": record.store_id, "name": "Life", "location": "Kyoto"}
    if rows == "stores":
        assert unnamed["best"]["store"] == {"id": record.store_id}


def test_conditions_on_hidden_stores_are_refused(caller, record, path):
    client = caller("reports:view", *PRICES)
    joined = "&" if "?" in path else "?"
    client.get(f"{path}{joined}store_id={record.store_id}", status=200)
    answer = client.get(f"{path}{joined}store_name=Life", status=403)
    assert answer.json["detail"].endswith(": store_name (stores:view).")


def test_sums_are_told_by_day_product_and_store(caller, record):
    client = caller("reports:view")
    for name, id in (("store", record.store_id), ("product", record.product_id)):
        report = client.get(f"{SPENDING}?group_by={name}&{name}_id={id}").json
        assert report["rows"][0][name] == {"id": id}
        assert report["rows"][0]["total"] == 1000
    assert client.get(f"{SPENDING}?group_by=month&purchase_date__gte=2025-04-01").json["count"] == 1


def test_what_products_belong_to_is_told_to_who_may_view_them(caller, record):
    answer = caller("reports:view").get(f"{SPENDING}?group_by=month,category", status=403)
    assert answer.json["detail"].endswith(": group_by=category (products:view).")
    report = caller("reports:view", "products:view").get(f"{SPENDING}?group_by=category").json
    assert report["rows"][0]["category"].keys() == {"id"}
    views = ("products:view", "categories:view")
    report = caller("reports:view", *views).get(f"{SPENDING}?group_by=category").json
    assert report["rows"][0]["category"]["name"] == "Meat"


@pytest.mark.parametrize(
    ("query", "needs"),
    [
        ("price__gte=1", "price__gte (shopping-records:view)"),
        ("quantity=1", "quantity (shopping-records:view)"),
        ("id=1", "id (shopping-records:view)"),
        ("category_id=1", "category_id (products:view)"),
        ("store_name=x", "store_name (stores:view)"),
    ],
)
def test_other_conditions_are_refused_by_name(caller, query, needs):
    answer = caller("reports:view").get(f"{SPENDING}?group_by=day&{query}", status=403)
    assert answer.json["detail"].endswith(f": {needs}.")


def test_a_search_looks_at_products_and_stores(caller):
    answer = caller("reports:view").get(f"{SPENDING}?group_by=day&search=x", status=403)
    assert "products:view, stores:view" in answer.json["detail"]


def test_files_and_charts_name_nothing_hidden(caller, record):
    client = caller("reports:view")
    path = f"{SPENDING}?group_by=store,product&format="
    text = client.get(f"{path}csv").text
    _header, row = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    ids = str(record.store_id), str(record.product_id)
    assert row == [ids[0], "", "", ids[1], "", "1000", "1", "JPY"]
    picture = client.get(f"{path}svg").text
    assert f"store {ids[0]}" in picture
    assert "Life" not in picture


@pytest.mark.model_permissions
def test_the_page_leaves_out_what_its_user_may_not_view(staff_with, record):
    page = staff_with("reports:view").get("/admin/reports/")
    assert "Life" not in page
    assert f"store {record.store_id}" in page
    assert page.html.find(id="prices") is None
    options = {option["value"] for option in page.html.select("#by option")}
    assert {"month", "store", "product"} <= options
    assert "category" not in options
    staff_with("reports:view").get("/admin/reports/?group_by=category", status=403)
    staff_with("reports:view").get("/admin/reports/?category_id=1&format=csv", status=403)
    views = ("products:view", "units:view", "categories:view")
    client = staff_with("reports:view", *views)
    page = client.get("/admin/reports/?product=beef")
    assert "Meat" in page
    assert f"store {record.store_id}" in page.html.find(attrs={"aria-labelledby": "prices"}).text
    assert "Life" not in page
