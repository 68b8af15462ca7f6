"""Warnings about shopping records: unit prices, dates and equal records. They refuse nothing."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoptrack.records.models import ShoppingRecord
from shoptrack.resources import Repository
from shoptrack.testing import Client, capture_statements

RECORDS = "/api/shopping-records/"
BULK = f"{RECORDS}bulk/?warnings=true"
NOW = "2026-03-31T14:59:00Z"  # in Tokyo still the same day, a minute before midnight
DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _stopped(stop_clock):
    stop_clock(NOW)


@pytest.fixture
def milk(make):
    return make.product(name="Milk")


@pytest.fixture
def buy(make, milk):
    """Return a function that stores a record of milk, each on another day."""
    store, days = make.store(), iter(range(1, 10_000))

    def buy(price, quantity="1", **values):
        given = {
            "purchase_date": DAY - timedelta(days=next(days) % 1000),
            "store_id": store.id,
            "product_id": milk.id,
        }
        return make.record(price=price, quantity=Decimal(quantity), **given | values).id

    return buy


def read(api, id):
    return api.get(f"{RECORDS}{id}/warnings/").json


def codes(warnings):
    return [warning["code"] for warning in warnings]


# Unit prices


def test_a_price_far_from_the_median_of_other_records_is_told_with_its_figures(api, buy):
    for price, quantity in ((200, "1000"), (210, "1000"), (300, "1000"), (110, "500")):
        buy(price, quantity)
    id = buy(2150, "1000")
    assert read(api, id) == [
        {
            "id": id,
            "field": "price",
            "code": "price_outlier",
            "detail": "The unit price is 10.00 times the usual one. Check the price and the quantity.",
            "unit_price": "2.150000",
            "median": "0.215000",
            "ratio": "10.00",
            "records": 4,
        }
    ]


@pytest.mark.parametrize(
    ("price", "quantity", "is_told"),
    [
        (900, "1", False),
        (901, "1", True),
        (900, "0.999", True),
        (100, "1", False),
        (99, "1", True),
        (100, "1.001", True),
    ],
)
def test_three_times_and_a_third_are_still_usual(api, buy, price, quantity, is_told):
    for _ in range(3):
        buy(300)
    assert codes(read(api, buy(price, quantity))) == ["price_outlier"] * is_told


def test_three_other_records_are_needed(api, buy):
    id = buy(1000)
    for _ in range(2):
        buy(100)
    assert read(api, id) == []
    buy(100)
    assert codes(read(api, id)) == ["price_outlier"]


def test_refunds_and_records_without_a_quantity_have_no_unit_price(api, buy):
    odd = [buy(*one) for one in ((-5000, "1"), (0, "1"), (5000, "0"), (-5000, "-1"))]
    for _ in range(2):
        buy(100)
    id = buy(1000)
    assert [read(api, one) for one in (id, *odd)] == [[]] * 5
    buy(100)
    assert codes(read(api, id)) == ["price_outlier"]
    assert [read(api, one) for one in odd] == [[]] * 4


def test_other_products_do_not_count(api, make, buy):
    for _ in range(3):
        buy(100)
    assert read(api, buy(1000, product_id=make.product().id)) == []


UNITS = st.tuples(st.integers(-1, 40), st.integers(-1, 12))  # prices, and quantities in quarters


@given(bought=st.lists(UNITS, min_size=4, max_size=14))
@settings(max_examples=30)
def test_the_median_is_that_of_the_others_exactly(app, api, make, database, bought):
    product, store = make.product().id, make.store().id
    rows = [
        make.record(
            price=price,
            quantity=Decimal(quarters) / 4,
            product_id=product,
            store_id=store,
            purchase_date=DAY - timedelta(days=number),
        ).id
        for number, (price, quarters) in enumerate(bought)
    ]
    prices = [
        Fraction(price * 4, quarters) if price > 0 and quarters > 0 else None
        for price, quarters in bought
    ]
    repository = Repository.of(app.registry, "shopping-records")
    with database.read_engine.connect() as connection:
        stored = [repository.get(connection, id) for id in rows]
        found = repository.find_warnings(connection, stored)
    told = {
        warning.position: (warning.figures["median"], warning.figures["records"])
        for warning in found
    }
    expected = {}
    for number, own in enumerate(prices):
        others = [price for n, price in enumerate(prices) if price is not None and n != number]
        if own is not None and len(others) >= 3:
            usual = median(others)
            if own > 3 * usual or own < usual / 3:
                expected[number] = (f"{float(usual):.6f}", len(others))
    assert told == expected


# Dates


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-03-31", None),
        ("2026-04-01", "date_in_future"),
        ("2021-03-31", None),
        ("2021-03-30", "date_long_ago"),
        ("0026-03-31", "date_long_ago"),
        ("9999-12-31", "date_in_future"),
    ],
)
def test_a_date_is_between_five_years_ago_and_today(api, make, day, code):
    id = make.record(purchase_date=date.fromisoformat(day)).id
    told = [(one["code"], one["field"], one["today"]) for one in read(api, id)]
    assert told == ([(code, "purchase_date", "2026-03-31")] if code else [])


@pytest.mark.database("sqlite")
def test_the_households_time_zone_decides_what_is_today(api, make, stop_clock):
    id = make.record(purchase_date=date(2026, 4, 1)).id
    assert codes(read(api, id)) == ["date_in_future"]
    stop_clock("2026-03-31T15:00:00Z")
    assert read(api, id) == []


@pytest.mark.database("sqlite")
def test_five_years_before_a_february_29(api, make, stop_clock):
    stop_clock("2028-02-29T03:00:00Z")
    told = [codes(read(api, make.record(purchase_date=date(2023, 2, day)).id)) for day in (27, 28)]
    assert told == [["date_long_ago"], []]


# Equal records


def test_an_equal_record_on_the_same_day_is_named(api, make):
    values = {"store_id": make.store().id, "product_id": make.product().id, "purchase_date": DAY}
    one, other = (make.record(**values).id for _ in range(2))
    for different in (
        {"price": 1001},
        {"quantity": Decimal("500.001")},
        {"purchase_date": DAY - timedelta(days=1)},
        {"store_id": make.store().id},
        {"product_id": make.product().id},
    ):
        assert read(api, make.record(**values | different).id) == []
    assert read(api, one) == [
        {
            "id": one,
            "field": "non_field_errors",
            "code": "equal_record",
            "detail": "There is an equal record on the same day. Was it entered twice?",
            "records": 1,
            "record_id": other,
        }
    ]
    assert read(api, other)[0]["record_id"] == one


# Many rows at once


@pytest.fixture
def body(make, milk):
    store = make.store().id

    def body(**values):
        given = {"price": 100, "purchase_date": str(DAY), "quantity": "1"}
        return {**given, "store_id": store, "product_id": milk.id, **values}

    return body


def test_rows_that_are_added_together_come_with_the_warnings_about_them(api, body):
    rows = [body(price=price) for price in (100, 110, 120, 1200)]
    bodies = [*rows, body(price=110), body(purchase_date="2026-04-01", price=105)]
    answer = api.post_json(BULK, bodies, status=201).json
    assert [row["price"] for row in answer["rows"]] == [100, 110, 120, 1200, 110, 105]
    ids = [row["id"] for row in answer["rows"]]
    told = [(one["index"], one["code"]) for one in answer["warnings"]]
    assert told == [
        (1, "equal_record"),
        (3, "price_outlier"),
        (4, "equal_record"),
        (5, "date_in_future"),
    ]
    assert [one["id"] for one in answer["warnings"]] == [ids[index] for index, _ in told]
    for warning in answer["warnings"]:
        assert read(api, warning.pop("id")) == [{"id": ids[warning.pop("index")]} | warning]


def test_rows_that_are_changed_together_come_with_the_warnings_about_them(api, body):
    rows = api.post_json(f"{RECORDS}bulk/", [body(price=100 + n) for n in range(4)]).json
    items = [{"id": rows[3]["id"], "price": 5000}, {"id": rows[0]["id"], "price": 100}]
    answer = api.patch_json(BULK, items).json
    assert [row["price"] for row in answer["rows"]] == [5000, 100]
    assert [(one["index"], one["code"]) for one in answer["warnings"]] == [(0, "price_outlier")]


@pytest.mark.database("sqlite")
def test_without_the_parameter_the_response_is_the_list(api, body):
    for url in (f"{RECORDS}bulk/", f"{RECORDS}bulk/?warnings=false"):
        assert isinstance(api.post_json(url, [body()], status=201).json, list)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("query", ["warnings=yes", "warnings=", "warnings=true&warnings=true"])
def test_a_parameter_that_is_neither_true_nor_false_changes_nothing(api, body, query):
    for send in (api.post_json, api.patch_json):
        answer = send(f"{RECORDS}bulk/?{query}", [body()], status=400).json
        assert list(answer) == ["warnings"]
    assert api.get(RECORDS).json == []


@pytest.mark.database("sqlite")
def test_other_resources_take_the_parameter_too(api):
    answer = api.post_json("/api/categories/bulk/?warnings=true", [{"name": "Dairy"}], status=201)
    assert answer.json["warnings"] == []
    assert [row["name"] for row in answer.json["rows"]] == ["Dairy"]


def test_a_repeat_gets_the_same_warnings(api, body):
    headers = {"Idempotency-Key": '"a"'}
    bodies = [body(), body()]
    first = api.post_json(BULK, bodies, headers=headers, status=201)
    assert api.post_json(BULK, bodies, headers=headers, status=201).body == first.body
    assert codes(first.json["warnings"]) == ["equal_record"] * 2


def test_a_thousand_rows_take_as_many_statements_as_ten(api, make, body, database):
    products = [row.id for row in make.rows(type(make.product()), 5, unit_id=make.unit().id)]

    def count(number):
        bodies = [body(price=n + 1, product_id=products[n % 5]) for n in range(number)]
        with capture_statements(database) as statements:
            api.post_json(BULK, bodies, status=201)
        return len(statements)

    # The two statements of the warnings, and a savepoint around them.
    assert count(1000) == count(10) <= 10


# Who is told, and how


def test_nothing_is_told_of_rows_that_the_user_may_not_view(build_app, credentials_with, body):
    app = build_app(shoptrack__api_permissions="model")
    bodies = [body(), body(purchase_date="2030-01-01"), body()]
    blind = Client(app, credentials_with("shopping-records:add"))
    assert blind.post_json(BULK, bodies, status=201).json["warnings"] == []
    blind.get(f"{RECORDS}1/warnings/", status=403)
    seeing = Client(app, credentials_with("shopping-records:add", "shopping-records:view"))
    told = codes(seeing.post_json(BULK, bodies[:1], status=201).json["warnings"])
    assert told == ["equal_record"]


@pytest.mark.database("sqlite")
def test_sentences_are_in_the_language_that_the_client_prefers(api, make):
    id = make.record(purchase_date=date(2030, 1, 1)).id
    url = f"{RECORDS}{id}/warnings/"
    for language, start in (("ja,en;q=0.5", "日付"), ("de", "This date"), ("en", "This date")):
        answer = api.get(url, headers={"Accept-Language": language})
        assert answer.json[0]["detail"].startswith(start)
        assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("id", ["999", "x", "9" * 30])
def test_a_row_that_is_not_there_has_no_warnings(api, id):
    api.get(f"{RECORDS}{id}/warnings/", status=404)


@pytest.mark.database("sqlite")
def test_signing_in_is_required(client, make):
    client.get(f"{RECORDS}{make.record().id}/warnings/", status=401)


# Rows that are not stored


def test_rows_that_are_not_stored_are_compared_with_those_that_are(app, make, database, buy, milk):
    for price in (100, 110, 120):
        id = buy(price)
    stored = make.row(ShoppingRecord, price=7, purchase_date=DAY, product_id=milk.id)
    values = {
        "price": 7,
        "purchase_date": DAY,
        "quantity": stored.quantity,
        "store_id": stored.store_id,
        "product_id": milk.id,
    }
    new = values | {"price": 100, "quantity": Decimal("1.000"), "product_id": -1}
    rows = [values, new, new, values | {"price": 800, "quantity": Decimal("1.000")}]
    repository = Repository.of(app.registry, "shopping-records")
    with database.read_engine.connect() as connection:
        found = repository.find_warnings(connection, rows)
    told = [(one.position, one.id, one.code, one.figures.get("record_id")) for one in found]
    assert told == [
        (0, None, "price_outlier", None),
        (0, None, "equal_record", stored.id),
        (1, None, "equal_record", None),
        (2, None, "equal_record", None),
        (3, None, "price_outlier", None),
    ]
    assert id
