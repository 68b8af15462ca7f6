"""Prices: by chain, store, season, sale and year."""

from datetime import date
from math import cos, pi

from shoptrack.cli.demo.assortment import Product, Store
from shoptrack.cli.demo.goods import Good

INFLATION = 0.03  # per year
SEASON_OF_PRICES = 0.22  # cheaper by this share in a good's month, dearer half a year later
SEASON_OF_DEMAND = 0.8  # more often by this share in that month
SALE_FACTOR = 0.9
SPECIAL_OFFER_FACTOR = 0.8
PRODUCTS_PER_OFFER = 29  # one product in this many is on offer in a store each week


def get_season(good: Good, month: int) -> float:
    """Return 1 in a good's month, -1 half a year later, 0 for goods without a season."""
    return 0.0 if good.season is None else cos(2 * pi * (month - good.season) / 12)


def get_demand(good: Good, month: int) -> float:
    """Return how often a good is bought in a month, relative to the others."""
    return good.popularity * (1 + SEASON_OF_DEMAND * get_season(good, month))


def get_price_level(day: date, first_day: date) -> float:
    """Return the price level relative to the first day; it rises once a quarter."""
    return (1 + INFLATION) ** ((day - first_day).days // 91 / 4)


def get_shelf_price(product: Product, store: Store, day: date, level: float) -> int:
    """Return the yen for ``product.good.size`` units on a store's shelf that day.

    Nothing is random: a product costs the same for all households in a store.

    :param level: price level of the day, from ``get_price_level``
    """
    chain = store.chain
    habit = 0.95 + (product.number * 37 + store.number * 61) % 11 / 100
    price = product.price * chain.level * habit * level
    price *= 1 - SEASON_OF_PRICES * get_season(product.good, day.month)
    week = day.toordinal() // 7
    if (product.number * 7 + store.number * 5 + week * 3) % PRODUCTS_PER_OFFER == 0:
        price *= SPECIAL_OFFER_FACTOR
    elif day.weekday() == chain.sale_day:
        price *= SALE_FACTOR
    # Supermarket prices end in 98 or 198; for cheap goods, such a step would be too large.
    return round((price + 2) / 10) * 10 - 2 if price >= 100 else round(price)


def get_line_price(shelf: int, size: int, thousandths: int) -> int:
    """Return the yen for a whole line, rounded once, halves up.

    :param shelf: yen for ``size`` units
    :param thousandths: quantity in thousandths of the unit
    """
    return (2 * shelf * thousandths + 1000 * size) // (2000 * size)
