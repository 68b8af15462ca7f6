"""Where a shopping list is cheapest, compared with what is worked out in plain Python."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoptrack.catalog.models import Product
from shoptrack.testing import capture_statements

from .purchases import fill, in_places

PATH = "/api/reports/cheapest-stores/"
DAY = date(2025, 4, 1)


def cheapest(api, *products, status=200, **parameters):
    sent = {"product_id__in": ",".join(str(product.id) for product in products), **parameters}
    return api.get(PATH, sent, status=status).json


@pytest.fixture
def stores(make):
    return [make.store(name=name, location="Kyoto") for name in ("Life", "Aeon", "Izumiya")]


@pytest.fixture
def products(make):
    return [make.product(name=name) for name in ("Milk", "Rice", "Eggs")]


@pytest.fixture
def buy(make):
    """Return a function that buys: a product in a store, for a price, so much of it, after some days."""

    def buy(product, store, price, quantity="1", days=0):
        return make.record(
            product_id=product.id,
            store_id=store.id,
            price=price,
            quantity=Decimal(quantity),
            purchase_date=DAY + timedelta(days=days),
        )

    return buy


def test_one_store_and_two_stores_are_told(api, stores, products, buy):
    (life, aeon, izumiya), (milk, rice, eggs) = stores, products
    for product, store, price in (
        (milk, life, 200),
        (rice, life, 2000),
        (eggs, life, 300),
        (milk, aeon, 180),
        (rice, aeon, 1900),
        (eggs, izumiya, 100),
    ):
        buy(product, store, price)
    answer = cheapest(api, *products)
    assert [(s["store"]["name"], s["total"], s["missing"]) for s in answer["stores"]] == [
        ("Life", "2500.000000", []),
        ("Aeon", "2080.000000", [eggs.id]),
        ("Izumiya", "100.000000", [milk.id, rice.id]),
    ]
    assert answer["best"]["store"] == {"id": life.id, "name": "Life", "location": "Kyoto"}
    assert answer["best"]["items"][0] == {
        "product_id": milk.id,
        "cost": "200.000000",
        "unit_price": "200.000000",
        "last_date": "2025-04-01",
    }
    assert (answer["split"]["total"], answer["split"]["missing"]) == ("2180.000000", [])
    assert bought(answer) == {"Aeon": [milk.id, rice.id], "Izumiya": [eggs.id]}


def bought(answer):
    return {
        share["store"]["name"]: [item["product_id"] for item in share["items"]]
        for share in answer["split"]["stores"]
    }


def test_what_two_stores_sell_at_one_price_is_bought_in_the_one_that_is_better_alone(
    api, stores, products, buy
):
    (life, aeon, _), (milk, rice, eggs) = stores, products
    for product, price, dearer in ((milk, 200, 0), (rice, 2000, 50), (eggs, 300, -20)):
        buy(product, life, price)
        buy(product, aeon, price + dearer)
    assert bought(cheapest(api, *products)) == {"Life": [milk.id, rice.id], "Aeon": [eggs.id]}


def test_there_is_no_split_where_one_store_is_as_good(api, stores, products, buy):
    life, aeon, _ = stores
    for product in products:
        buy(product, life, 100)
        buy(product, aeon, 100)
    answer = cheapest(api, *products)
    assert answer["best"]["store"]["id"] == life.id  # which was there first
    assert answer["split"] is None


def test_two_stores_that_have_more_for_the_same_money_are_better_than_one(
    api, make, stores, products, buy
):
    (life, aeon, _), (milk, rice, eggs), bread = stores, products, make.product(name="Bread")
    for product, store, price in (
        (milk, life, 200),
        (rice, life, 50),
        (bread, life, 50),
        (milk, aeon, 100),
        (eggs, aeon, 100),
    ):
        buy(product, store, price)
    answer = cheapest(api, milk, rice, eggs, bread)
    assert (answer["best"]["total"], answer["best"]["missing"]) == ("300.000000", [eggs.id])
    assert (answer["split"]["total"], answer["split"]["missing"]) == ("300.000000", [])
    assert bought(answer) == {"Aeon": [milk.id, eggs.id], "Life": [rice.id, bread.id]}


def test_two_pairs_that_differ_in_less_than_a_millionth_are_told_apart(api, make, buy):
    goods = [make.product() for _ in range(4)]
    # Costs in ten-millionths. Cut off after six places, the first two stores seem cheaper.
    for name, offers in {
        "A": {0: 9_999_999, 1: 9_999_999},
        "B": {2: 9_999_999, 3: 9_999_999},
        "C": {0: 10_000_000, 2: 9_999_991},
        "D": {1: 9_999_991, 3: 9_999_991},
    }.items():
        store = make.store(name=name)
        for product, price in offers.items():
            buy(goods[product], store, price, "10000")
    answer = cheapest(api, *goods, quantity=",".join(["0.001"] * 4))
    assert answer["split"]["total"] == "3.999997"
    assert sorted(bought(answer)) == ["C", "D"]


def test_a_list_has_a_hundred_products_at_most(api, make):
    products = make.rows(Product, 100)
    answer = cheapest(api, *products)
    assert [product["id"] for product in answer["products"]] == [each.id for each in products]
    refused = cheapest(api, *products, make.product(), status=400)
    assert refused == {"product_id__in": ["Send at most 100 products."]}


def test_what_was_never_bought_is_missing_everywhere(api, stores, products, buy):
    milk, rice, _ = products
    buy(milk, stores[0], 100)
    answer = cheapest(api, milk, rice)
    assert answer["best"]["missing"] == [rice.id]
    assert [product["quantity"] for product in answer["products"]] == ["1.000", None]
    assert cheapest(api, rice) == {
        "products": [{"id": rice.id, "name": "Rice", "unit": answer["products"][1]["unit"], "quantity": None}],
        "stores": [],
        "best": None,
        "split": None,
    }  # fmt: skip


def test_as_much_is_wanted_as_was_bought_the_last_time(api, stores, products, buy):
    life, aeon, _ = stores
    milk = products[0]
    buy(milk, life, 100, "500", days=1)
    buy(milk, aeon, 300, "1000", days=2)
    answer = cheapest(api, milk)
    assert answer["products"][0]["quantity"] == "1000.000"
    assert [s["total"] for s in answer["stores"]] == ["200.000000", "300.000000"]


def test_quantities_can_be_named(api, stores, products, buy):
    milk, rice, _ = products
    buy(milk, stores[0], 100, "500")
    buy(rice, stores[0], 7, "3")
    answer = cheapest(api, rice, milk, quantity="1,250.5")
    assert [product["quantity"] for product in answer["products"]] == ["1.000", "250.500"]
    assert [item["cost"] for item in answer["best"]["items"]] == ["2.333333", "50.100000"]
    assert answer["best"]["total"] == "52.433333"


def test_the_newest_price_counts_or_the_median(api, stores, products, buy):
    milk = products[0]
    for days, price in enumerate((100, 200, 400)):
        buy(milk, stores[0], price, days=days)
    assert cheapest(api, milk)["best"]["total"] == "400.000000"
    assert cheapest(api, milk, price="median")["best"]["total"] == "200.000000"


def test_only_what_the_filters_leave_counts(api, stores, products, buy):
    life, aeon, izumiya = stores
    milk = products[0]
    buy(milk, life, 100)
    buy(milk, aeon, 200, days=10)
    buy(milk, izumiya, 150, days=10)
    answer = cheapest(
        api, milk, purchase_date__gte="2025-04-05", store_id__in=f"{life.id},{aeon.id}"
    )
    assert [s["store"]["name"] for s in answer["stores"]] == ["Aeon"]


@pytest.mark.parametrize(("price", "quantity"), [(100, "0"), (100, "-1"), (0, "1"), (-5, "1")])
def test_what_says_no_price_does_not_count(api, stores, products, buy, price, quantity):
    buy(products[0], stores[0], price, quantity)
    assert cheapest(api, products[0])["stores"] == []


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", {"product_id__in": ["This field is required."]}),
        ("product_id__in=", {"product_id__in": ["Incorrect type. Expected pk value, received str."]}),
        ("product_id__in=0", {"product_id__in": ['Invalid pk "0" - object does not exist.']}),
        ("product_id__in=-1,0", {"product_id__in": ['Invalid pk "-1" - object does not exist.',
                                                   'Invalid pk "0" - object does not exist.']}),
        ("product_id__in=1,1", {"product_id__in": ["Product 1 is listed twice."]}),
        ("product_id__in=1&quantity=1,2", {"quantity": ["Send one for each product: 1, not 2."]}),
        ("product_id__in=1&quantity=0", {"quantity": ["Every quantity must be greater than 0."]}),
        ("product_id__in=1&quantity=a", {"quantity": ["A valid number is required."]}),
        ("product_id__in=1&price=mean", {"price": ["Must be one of: last, median."]}),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(api, query, said):
    assert api.get(f"{PATH}?{query}", status=400).json == said


@pytest.mark.database("sqlite")
def test_parameters_with_several_values_may_be_repeated(api, stores, products, buy):
    milk, rice, _ = products
    buy(milk, stores[0], 100)
    buy(rice, stores[0], 200)
    again = f"{PATH}?product_id__in={milk.id}&product_id__in={rice.id}&quantity=1&quantity=2"
    assert api.get(again).json == cheapest(api, milk, rice, quantity="1,2")


# Of three products and three stores: what was paid in which store, and for how much.
PURCHASES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from([1, 2, 3, 100, 200]) | st.integers(1, 2**31 - 1),
        st.sampled_from([1, 3, 7, 1000, 2000]) | st.integers(1, 9_999_999_999),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=15)
@given(purchases=PURCHASES)
def test_the_figures_are_exact(api, make, purchases):
    products = [make.product() for _ in range(3)]
    stores = [make.store() for _ in range(3)]
    costs, wanted = {}, {}
    for product, store, price, thousandths in purchases:
        make.record(
            product_id=products[product].id,
            store_id=stores[store].id,
            price=price,
            quantity=Decimal(thousandths).scaleb(-3),
        )
        costs[product, store] = Fraction(price, thousandths)
        wanted[product] = thousandths
    answer = cheapest(api, *products)

    def of(*chosen):
        """Return how many products stores lack together, and what the others cost."""
        best = [
            min(costs[p, s] * wanted[p] for s in chosen if (p, s) in costs)
            for p in range(3)
            if any((p, s) in costs for s in chosen)
        ]
        return 3 - len(best), sum(best, Fraction())

    known = sorted({store for _, store in costs})
    alone = sorted((*of(store), store) for store in known)
    assert [(s["store"]["id"], len(s["missing"]), s["total"]) for s in answer["stores"]] == [
        (stores[store].id, missing, in_places(total)) for missing, total, store in alone
    ]
    best = min((of(*pair) for pair in combinations(known, 2)), default=alone[0][:2])
    split = answer["split"]
    if best == alone[0][:2]:
        assert split is None
    else:
        assert (len(split["missing"]), split["total"]) == (best[0], in_places(best[1]))


def test_it_takes_one_statement_whatever_there_is(api, make, database, products):
    made = 0
    for records in (1, 10, 1000):
        fill(make, database, products, records - made, DAY)
        made = records
        with capture_statements(database) as statements:
            cheapest(api, *products)
        assert sum("shoptrack_auth" not in statement for statement in statements) == 1
