"""The price history of a product, compared with one that is worked out in plain Python."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoptrack.testing import capture_statements

from .purchases import fill, in_places

DAY = date(2025, 1, 31)


def prices(api, product, status=200, **parameters):
    return api.get(f"/api/products/{product.id}/prices/", parameters, status=status).json


@pytest.fixture
def milk(make):
    return make.product(name="Milk", unit_id=make.unit(name="ml").id)


@pytest.fixture
def life(make):
    return make.store(name="Life", location="Kyoto")


@pytest.fixture
def buy(make, milk, life):
    """Return a function that buys milk: the price of the line, its quantity, and days after the first."""

    def buy(price, quantity, days=0, store=life):
        return make.record(
            product_id=milk.id,
            store_id=store.id,
            price=price,
            quantity=Decimal(quantity),
            purchase_date=DAY + timedelta(days=days),
        )

    return buy


def test_prices_are_by_store_and_the_cheapest_is_first(api, make, milk, life, buy):
    aeon = make.store(name="Aeon", location="Osaka")
    for price, quantity, days, store in (
        (200, "1000", 0, life),
        (300, "1000", 2, life),
        (110, "500", 1, life),
        (210, "1000", 3, aeon),
    ):
        buy(price, quantity, days, store)
    assert prices(api, milk) == {
        "product": {"id": milk.id, "name": "Milk"},
        "per": {"quantity": "1.000", "unit": "ml"},
        "prices": [
            {
                "store": {"id": aeon.id, "name": "Aeon", "location": "Osaka"},
                "n": 1,
                "min": "0.210000",
                "median": "0.210000",
                "last": "0.210000",
                "last_date": "2025-02-03",
                "cheapest": True,
            },
            {
                "store": {"id": life.id, "name": "Life", "location": "Kyoto"},
                "n": 3,
                "min": "0.200000",
                "median": "0.220000",
                "last": "0.300000",
                "last_date": "2025-02-02",
                "cheapest": False,
            },
        ],
        "left_out": {"no_quantity": 0, "no_price": 0},
    }


def test_prices_are_by_month_in_their_order(api, milk, buy):
    for price, days in ((300, -31), (100, 0), (200, 1), (400, 2)):
        buy(price, "1000", days)
    answer = prices(api, milk, group="month")
    shown = [(p["month"], p["n"], p["median"], p["cheapest"]) for p in answer["prices"]]
    assert shown == [
        ("2024-12", 1, "0.300000", False),
        ("2025-01", 1, "0.100000", True),
        ("2025-02", 2, "0.300000", False),
    ]


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_calendar_has_a_first_and_a_last_month(api, make, milk, day):
    make.record(product_id=milk.id, purchase_date=day)
    [only] = prices(api, milk, group="month")["prices"]
    assert (only["month"], only["last_date"]) == (day.isoformat()[:7], day.isoformat())


def test_of_several_on_the_newest_day_the_one_that_was_added_last_is_the_last(api, milk, buy):
    for price, days in ((100, 1), (300, 2), (200, 2), (400, 0)):
        buy(price, "1000", days)
    [only] = prices(api, milk)["prices"]
    assert (only["last"], only["last_date"]) == ("0.200000", "2025-02-02")


def test_equally_cheap_stores_are_all_marked(api, make, milk, buy):
    buy(1, "3")
    buy(2, "6", store=make.store())
    assert [p["cheapest"] for p in prices(api, milk)["prices"]] == [True, True]


def test_half_of_the_last_place_is_rounded_to_even(api, milk, buy):
    buy(1, "400")  # 0.0025
    buy(2, "800")
    assert prices(api, milk, per="0.001ml")["prices"][0]["min"] == "0.000002"
    assert prices(api, milk, per="0.003ml")["prices"][0]["min"] == "0.000008"


def test_prices_that_differ_in_the_eighteenth_place_have_an_order(api, milk, buy):
    dearer, cheaper = (10**9, "999999.999"), (10**9 + 1, "1000000")
    buy(*dearer)
    buy(*cheaper)
    [only] = prices(api, milk, per="9999999L")["prices"]
    assert only["min"] == "9999999009999.999000"
    assert only["last"] == only["min"]


def test_what_says_no_price_is_reported_apart(api, milk, buy):
    for price, quantity in ((100, "0"), (100, "-1"), (0, "500"), (-50, "500"), (200, "500")):
        buy(price, quantity)
    answer = prices(api, milk)
    assert [(p["n"], p["min"]) for p in answer["prices"]] == [(1, "0.400000")]
    assert answer["left_out"] == {"no_quantity": 2, "no_price": 2}


def test_a_product_that_was_never_bought_has_no_prices(api, milk):
    assert prices(api, milk)["prices"] == []


def test_filters_are_those_of_the_list_of_records(api, make, milk, life, buy):
    aeon = make.store(name="Aeon")
    for days in range(5):
        buy(100 + days, "1000", days)
        buy(200, "0", days, aeon)
    span = {"purchase_date__gte": "2025-02-01", "purchase_date__lt": "2025-02-03"}
    answer = prices(api, milk, **span)
    assert [(p["n"], p["min"]) for p in answer["prices"]] == [(2, "0.101000")]
    assert answer["left_out"]["no_quantity"] == 2
    answer = prices(api, milk, store_id__in=f"{life.id}", group="month")
    assert sum(p["n"] for p in answer["prices"]) == 5
    assert answer["left_out"]["no_quantity"] == 0


def test_other_products_are_left_alone(api, make, milk, buy):
    buy(100, "1000")
    make.record(price=1, quantity=Decimal(1000))
    assert [p["n"] for p in prices(api, milk)["prices"]] == [1]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("unit", "per", "shown", "expected"),
    [
        ("g", "100g", ("100.000", "g"), Fraction(200)),
        ("g", "1kg", ("1.000", "kg"), Fraction(2000)),
        ("g", " ０．５ ＫＧ ", ("0.500", "KG"), Fraction(1000)),
        ("kg", "100g", ("100.000", "g"), Fraction(1, 5)),
        ("L", "100ml", ("100.000", "ml"), Fraction(1, 5)),
        ("ミリリットル", "L", ("1.000", "L"), Fraction(2000)),
        ("パック", "6個", ("6.000", "個"), Fraction(12)),
        ("本", "1piece", ("1.000", "piece"), Fraction(2)),
        ("ダース", "1個", ("1.000", "個"), Fraction(1, 6)),
        ("斤", "2斤", ("2.000", "斤"), Fraction(4)),
        ("㎏", "1㌘", ("1.000", "グラム"), Fraction(1, 500)),
        ("ﾊﾟｯｸ", "1ぱっく", ("1.000", "ぱっく"), Fraction(2)),
    ],
)
def test_prices_are_for_any_amount_that_the_unit_can_be_compared_to(
    api, make, unit, per, shown, expected
):
    product = make.product(unit_id=make.unit(name=unit).id)
    make.record(product_id=product.id, price=1000, quantity=Decimal(500))
    answer = prices(api, product, per=per)
    assert answer["per"] == dict(zip(("quantity", "unit"), shown, strict=True))
    assert Decimal(answer["prices"][0]["min"]) == round(expected, 6)


def test_what_the_household_says_of_its_units_goes_before_their_names(api, make):
    pack, bag = make.unit(name="パック"), make.unit(name="袋")
    for unit, base, factor in ((pack, "piece", "10"), (bag, "g", "500.5")):
        body = {"unit_id": unit.id, "base": base, "factor": factor}
        api.post_json("/api/unit-factors/", body, status=201)
    eggs, rice = make.product(unit_id=pack.id), make.product(unit_id=bag.id)
    flour = make.product(unit_id=make.unit(name="kg").id)
    for product in (eggs, rice, flour):
        make.record(product_id=product.id, price=1001, quantity=Decimal(1))
    assert prices(api, eggs, per="1個")["prices"][0]["min"] == "100.100000"
    assert prices(api, rice, per="100g")["prices"][0]["min"] == "200.000000"
    assert prices(api, flour, per="1袋")["prices"][0]["min"] == "501.000500"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("unit", "per", "said"),
    [
        ("ml", "100g", "This product is counted in ml, which cannot be compared to g. "
         "Ask for prices per ml, or as in 100ml or 1L."),
        ("g", "3furlongs", "This product is counted in g, which cannot be compared to furlongs. "
         "Ask for prices per g, or as in 100g or 1kg."),
        ("斤", "100g", "The unit 斤 has no conversion factor. Add one at "
         "/api/unit-factors/, or request prices per 斤."),
        ("g", "", "Must be a number and a unit, as in 100g, 1kg, 100ml, 1L or 1piece."),
        ("g", "100", "Must be a number and a unit, as in 100g, 1kg, 100ml, 1L or 1piece."),
        ("g", "-1g", "Must be a number and a unit, as in 100g, 1kg, 100ml, 1L or 1piece."),
        ("g", "1\0g", "Must be a number and a unit, as in 100g, 1kg, 100ml, 1L or 1piece."),
        ("g", "0g", "Must be greater than 0, for example 100g."),
        ("g", "1.2.3g", "A valid number is required."),
        ("g", "1.2345g", "Ensure that there are no more than 3 decimal places."),
        ("g", "99999999g", "Ensure that there are no more than 7 digits before the decimal point."),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_compared_is_refused(api, make, unit, per, said):
    product = make.product(unit_id=make.unit(name=unit).id)
    make.record(product_id=product.id)
    assert prices(api, product, per=per, status=400) == {"per": [said]}


@pytest.mark.database("sqlite")
def test_unknown_parameters_and_values_are_named(api, milk):
    answer = prices(api, milk, group="week", sort="n", purchase_date__gte="today", status=400)
    assert answer["group"] == ["Must be one of: store, month."]
    assert answer["purchase_date__gte"][0].startswith("Date has wrong format.")
    possible = answer["sort"][0].removeprefix("Unknown parameter. Available: ").split(", ")
    assert {"group", "per", "purchase_date__lte", "store_id__in"} <= {*possible}
    twice = api.get(f"/api/products/{milk.id}/prices/?group=store&group=month", status=400)
    assert twice.json == {"group": ["Send this parameter only once."]}


def test_a_product_must_be_there(api):
    for id in (0, 999, -1, 2**63 - 1, 2**63, "9" * 2000):
        answer = api.get(f"/api/products/{id}/prices/", status=404)
        assert answer.json == {"detail": "No Product matches the given query."}


@pytest.mark.database("sqlite")
def test_what_is_no_id_is_not_found(api):
    assert api.get("/api/products/milk/prices/", status=404).json == {"detail": "Not found."}


LINE = st.tuples(
    st.sampled_from([1, 2, 3, 199, 200, 2**31 - 1]) | st.integers(1, 2**31 - 1),
    st.sampled_from([1, 3, 7, 1000, 500_000, 9_999_999_999]) | st.integers(1, 9_999_999_999),
    st.integers(0, 2),  # the store
    st.integers(0, 70),  # the day
)


@settings(max_examples=15)
@given(lines=st.lists(LINE, min_size=1, max_size=12))
def test_the_figures_are_exact(api, make, lines):
    product, stores = make.product(), [make.store() for _ in range(3)]
    by_store, by_month = defaultdict(list), defaultdict(list)
    for price, thousandths, store, day in lines:
        on = DAY + timedelta(days=day)
        record = make.record(
            product_id=product.id,
            store_id=stores[store].id,
            price=price,
            quantity=Decimal(thousandths).scaleb(-3),
            purchase_date=on,
        )
        bought = (on, record.id, Fraction(price * 1000, thousandths))
        by_store[stores[store].id].append(bought)
        by_month[on.isoformat()[:7]].append(bought)
    for group, key, parts in (
        ("store", lambda shown: shown["store"]["id"], by_store),
        ("month", lambda shown: shown["month"], by_month),
    ):
        lowest = min(median(unit for _, _, unit in part) for part in parts.values())
        shown = {key(part): part for part in prices(api, product, group=group)["prices"]}
        assert {name: {**part, group: None} for name, part in shown.items()} == {
            name: {group: None, **worked_out(part, lowest)} for name, part in parts.items()
        }


def worked_out(part, lowest):
    units = sorted(unit for _, _, unit in part)
    on, _, last = max(part)
    return {
        "n": len(part),
        "min": in_places(units[0]),
        "median": in_places(median(units)),
        "last": in_places(last),
        "last_date": on.isoformat(),
        "cheapest": median(units) == lowest,
    }


@pytest.mark.parametrize("group", ["store", "month"])
def test_it_takes_one_statement_whatever_there_is(api, make, database, milk, group):
    assert statements(api, database, milk, group) == 1
    made = 0
    for records in (1, 10, 1000):
        fill(make, database, [milk], records - made, DAY)
        made = records
        assert statements(api, database, milk, group) == 1
        shown = prices(api, milk, group=group)["prices"]
        assert sum(part["n"] for part in shown) == records


def statements(api, database, product, group):
    with capture_statements(database) as made:
        prices(api, product, group=group)
    return sum("shoptrack_auth" not in statement for statement in made)
