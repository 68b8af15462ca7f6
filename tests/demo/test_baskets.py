import os
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import mean, median, quantiles

import pytest

from shoptrack.cli.demo.assortment import Assortment
from shoptrack.cli.demo.baskets import generate_baskets
from shoptrack.cli.demo.scale import HOUSEHOLD_RECORDS, DemoSize

UNTIL = date(2025, 11, 23)
MANY = 30_000


def simulate(records, seed=1, until=UNTIL):
    scale = DemoSize.from_records(records, until)
    assortment = Assortment(variants=scale.households, towns=scale.towns)
    return scale, assortment, list(generate_baskets(scale, assortment, seed))


@pytest.fixture(scope="module")
def many():
    return simulate(MANY)


@pytest.mark.parametrize("records", [1, 8, 500, HOUSEHOLD_RECORDS, HOUSEHOLD_RECORDS + 1, 10_000])
def test_there_are_exactly_as_many_lines_as_asked_for(records):
    for seed in (1, 2, 3):
        scale, _, found = simulate(records, seed)
        assert sum(len(basket.lines) for basket in found) == records
        assert all(basket.lines for basket in found)
        assert all(scale.first_day <= basket.day <= scale.last_day == UNTIL for basket in found)


def test_the_same_arguments_give_the_same_baskets():
    assert simulate(3_000)[2] == simulate(3_000)[2]


def test_another_seed_gives_other_baskets():
    assert simulate(500, seed=1)[2] != simulate(500, seed=2)[2]


def test_another_process_gives_the_same_baskets():
    # Each process orders sets in its own way, unless it is told the way.
    code = (
        "from datetime import date; from shoptrack.cli.demo.assortment import Assortment;"
        "from shoptrack.cli.demo.baskets import generate_baskets; from shoptrack.cli.demo.scale import DemoSize;"
        "scale = DemoSize.from_records(6000, date(2025, 11, 23));"
        "shops = Assortment(variants=scale.households, towns=scale.towns);"
        "print(ascii([shops.products, [store[:3] for store in shops.stores]]));"
        "print(list(generate_baskets(scale, shops, 1)))"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert len(first) > 100_000


def test_days_rise(many):
    _, _, found = many
    assert all(one.day <= next_one.day for one, next_one in pairwise(found))


def test_two_years_pass_whatever_the_number(many):
    scale, _, found = many
    assert (scale.last_day - scale.first_day).days == 729
    assert (found[-1].day - found[0].day).days > 720
    assert DemoSize.from_records(1_000_000, UNTIL).first_day == scale.first_day


def test_a_small_demo_is_shorter_so_that_its_household_still_goes_shopping_each_week():
    scale, _, found = simulate(280)
    assert 60 < (scale.last_day - scale.first_day).days < 90
    weeks = {basket.day.toordinal() // 7 for basket in found}
    assert len(weeks) >= 8


@pytest.mark.parametrize("seed", [1, 2])
def test_baskets_are_as_large_as_real_ones(seed):
    sizes = [len(basket.lines) for basket in simulate(MANY, seed)[2]]
    assert 9 <= mean(sizes) <= 10
    assert 5 <= median(sizes) <= 7
    assert 19 <= quantiles(sizes, n=10)[-1] <= 24


def test_large_baskets_are_bought_at_the_weekend(many):
    _, _, found = many
    weekend = [len(basket.lines) for basket in found if basket.day.weekday() >= 5]
    others = [len(basket.lines) for basket in found if basket.day.weekday() < 5]
    assert mean(weekend) > 2 * mean(others)


def test_a_store_sells_only_what_its_chain_sells(many):
    _, assortment, found = many
    for basket in found:
        sold = {assortment.products[line.product].category for line in basket.lines}
        assert sold <= assortment.stores[basket.store].chain.sells | {"割引"}


def test_every_product_and_store_is_bought_from(many):
    _, assortment, found = many
    bought = {line.product for basket in found for line in basket.lines}
    assert len(bought) > 0.9 * len(assortment.products)
    assert {basket.store for basket in found} == {store.number for store in assortment.stores}


def test_prices_are_whole_yen_of_a_believable_size(many):
    _, _, found = many
    prices = [line.price for basket in found for line in basket.lines]
    assert {type(price) for price in prices} == {int}
    assert 0 not in prices
    assert max(prices) < 10_000
    assert 150 < median(prices) < 500


def test_packs_are_whole_and_weighed_goods_are_not(many):
    _, assortment, found = many
    weighed = 0
    for line in (line for basket in found for line in basket.lines if line.thousandths > 0):
        good = assortment.products[line.product].good
        if good.weighed:
            least, most = good.weighed
            assert least <= line.thousandths / 1000 <= most
            weighed += line.thousandths % 1000 != 0
        else:
            packs, rest = divmod(line.thousandths, good.size * 1000)
            assert rest == 0
            assert 1 <= packs <= good.max_packs <= 3
    assert weighed > 1000


def test_money_is_given_back_now_and_then(many):
    _, assortment, found = many
    back = [line for basket in found for line in basket.lines if line.price < 0]
    coupons = [line for line in back if line.product == 0]
    refunds = [line for line in back if line.product != 0]
    assert all(line.thousandths == 1000 for line in coupons)
    assert all(line.thousandths < 0 for line in refunds)
    assert 20 < len(coupons) < 0.02 * MANY
    assert 2 < len(refunds) < 0.002 * MANY


def test_a_line_is_repeated_as_rarely_as_on_real_receipts(many):
    _, _, found = many
    lines = Counter((basket.day, basket.store, line) for basket in found for line in basket.lines)
    repeats = sum(count - 1 for count in lines.values())
    assert 0.0010 < repeats / MANY < 0.0025


def test_vegetables_are_bought_in_their_season(many):
    _, assortment, found = many
    strawberries = Counter(
        basket.day.month
        for basket in found
        for line in basket.lines
        if "いちご" in assortment.products[line.product].name
    )
    assert strawberries[3] > 3 * strawberries[9]
