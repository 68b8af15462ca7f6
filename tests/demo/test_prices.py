from datetime import date, timedelta
from statistics import median

import pytest

from shoptrack.cli.demo.assortment import Assortment
from shoptrack.cli.demo.prices import get_line_price, get_price_level, get_shelf_price

DAY = date(2025, 3, 5)


@pytest.fixture(scope="module")
def household():
    return Assortment(variants=1, towns=1)


def sellers(assortment, product):
    return [store for store in assortment.stores if product.category in store.chain.sells]


def usual(product, store):
    days = [DAY + timedelta(days=3 * n) for n in range(120)]
    return median(get_shelf_price(product, store, day, 1.0) for day in days)


def test_stores_differ_by_less_than_a_factor_of_1_8(household):
    spreads = []
    for product in household.products[1:]:
        prices = [usual(product, store) for store in sellers(household, product)]
        spreads.append(max(prices) / min(prices))
    assert max(spreads) <= 1.8
    assert median(spreads) > 1.2


def test_a_convenience_store_is_dearer_than_the_discounter(household):
    milk = next(product for product in household.products if product.name == "牛乳")
    by_name = {store.name: usual(milk, store) for store in sellers(household, milk)}
    assert by_name["ﾂｷﾐﾁﾏｰﾄ 松本店"] > by_name["食品市場ねこやなぎ 松本店"]


def test_a_store_has_a_sale_once_a_week(household):
    store = next(store for store in household.stores if store.chain.sale_day == 1)
    tuesday, wednesday = date(2025, 3, 4), date(2025, 3, 5)
    cheaper = [
        get_shelf_price(product, store, tuesday, 1.0)
        < get_shelf_price(product, store, wednesday, 1.0)
        for product in household.products[1:]
    ]
    assert sum(cheaper) > 0.9 * len(cheaper)


def test_fresh_goods_are_cheap_in_their_season(household):
    daikon = next(product for product in household.products if product.name == "大根")
    store = household.stores[0]
    winter, summer = date(2024, 12, 4), date(2025, 6, 4)
    assert get_shelf_price(daikon, store, winter, 1.0) < 0.8 * get_shelf_price(
        daikon, store, summer, 1.0
    )


def test_prices_rise_slowly():
    levels = [get_price_level(DAY + timedelta(days=n), DAY) for n in range(730)]
    assert levels == sorted(levels)
    assert levels[0] == 1
    assert 1.04 < levels[-1] < 1.08


@pytest.mark.parametrize(
    ("shelf", "size", "thousandths", "price"),
    [
        (198, 1, 1_000, 198),
        (198, 1, 3_000, 594),
        (228, 1000, 2_000_000, 456),
        (148, 100, 253_400, 375),  # 375.032
        (100, 100, 253_500, 254),  # 253.5: half a yen is rounded up
        (298, 1, 684, 204),  # 203.832
    ],
)
def test_a_line_is_rounded_once(shelf, size, thousandths, price):
    assert get_line_price(shelf, size, thousandths) == price
