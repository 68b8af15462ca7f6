import unicodedata
from datetime import date

import pytest

from shoptrack.cli.demo.assortment import Assortment
from shoptrack.cli.demo.scale import DemoSize


@pytest.fixture(scope="module")
def household():
    return Assortment(variants=1, towns=1)


@pytest.fixture(scope="module")
def large():
    return Assortment(variants=400, towns=100)


def test_a_household_has_about_60_products_and_8_stores(household):
    assert 55 <= len(household.products) <= 65
    assert len({product.name for product in household.products}) == len(household.products)
    assert len(household.stores) == 8
    assert len({store.name for store in household.stores}) == 8


def test_a_hundred_thousand_records_have_2000_products_and_100_stores():
    scale = DemoSize.from_records(100_000, date(2025, 11, 23))
    large = Assortment(variants=scale.households, towns=scale.towns)
    assert 1_900 < len(large.products) < 2_300
    assert 90 < len(large.stores) < 110


def test_texts_keep_within_the_lengths_of_their_columns(large):
    for product in large.products:
        assert len(product.name) <= 100
        assert len(product.category) <= 50
        assert len(product.unit) <= 10
        assert len(product.manufacturer or "") <= 100
        assert len(product.origin or "") <= 100
    for store in large.stores:
        assert len(store.name) <= 100
        assert len(store.location) <= 100


def test_texts_are_what_the_api_would_take(large):
    texts = {text for product in large.products for text in product[1:6]} - {None}
    texts |= {text for store in large.stores for text in (store.name, store.location)}
    assert all(text == text.strip() and text.isprintable() for text in texts)


def test_stores_of_a_large_demo_differ(large):
    assert len({(store.name, store.location) for store in large.stores}) == len(large.stores)


def test_products_are_found_by_their_place(large):
    assert large.product(0, 0).name == "豚こま切れ"
    assert large.product(5, 3) is large.products[large.product(5, 3).number]
    assert large.product(5, 3).good is large.product(5, 0).good
    assert large.store(7, 2) is large.stores[large.store(7, 2).number]
    assert large.store(7, 2).chain is large.store(0, 2).chain


def test_some_products_have_no_maker_and_some_no_origin(household):
    kinds = {(bool(product.manufacturer), bool(product.origin)) for product in household.products}
    assert kinds == {(True, True), (True, False), (False, True), (False, False)}


def test_names_come_in_half_width_and_full_width(household):
    names = [product.name for product in household.products]
    widths = {unicodedata.east_asian_width(letter) for name in names for letter in name}
    assert widths >= {"H", "F", "W"}
    folded = [unicodedata.normalize("NFKC", name) for name in names]
    # One is found by its plain spelling only after folding, the other also without.
    assert sum("ヨーグルト" in name for name in names) == 1
    assert sum("ヨーグルト" in name for name in folded) == 2
