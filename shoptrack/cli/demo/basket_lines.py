"""The lines of a basket: goods of the season, quantities, discounts and refunds."""

from datetime import date
from functools import cache
from math import log
from random import Random
from typing import NamedTuple

from shoptrack.cli.demo.assortment import SHELVES, Assortment, Store
from shoptrack.cli.demo.goods import Good
from shoptrack.cli.demo.prices import get_demand, get_line_price, get_shelf_price
from shoptrack.cli.demo.stores import Chain

FAVOURITE_PROBABILITY = 0.6  # of buying the household's own variant of a good
SEVERAL_PROBABILITY = 0.2  # of buying more than one pack
REPEAT_PROBABILITY = 0.0012  # of repeating a line on the receipt; others repeat by chance
DISCOUNTS_PROBABILITY = 0.08  # for baskets from this sum on
MIN_DISCOUNT_YEN = 3_000
REFUNDS_PROBABILITY = 0.004  # for all baskets: one line is refunded at once


class BasketLine(NamedTuple):
    """A line of a receipt.

    :param product: its index in the list of products
    :param thousandths: quantity in thousandths of the product's unit
    :param price: yen for the whole line
    """

    product: int
    thousandths: int
    price: int


class Shopper:
    """A household as a buyer. Its number determines its favourite variants."""

    def __init__(self, number: int, assortment: Assortment, rng: Random):
        self.number = number
        self.assortment = assortment
        self.rng = rng

    def buy(self, store: Store, count: int, day: date, level: float) -> list[BasketLine]:
        """Return a basket of about ``count`` lines, fewer where the store has fewer goods.

        :param level: price level of the day, from ``get_price_level``
        """
        rng = self.rng
        lines = []
        for place in _draw_goods(store.chain, count, day.month, rng):
            product = self.assortment.product(place, self._variant(place))
            thousandths = _draw_thousandths(product.good, rng)
            shelf = get_shelf_price(product, store, day, level)
            price = get_line_price(shelf, product.good.size, thousandths)
            line = BasketLine(product.number, thousandths, price)
            lines.append(line)
            if rng.random() < REPEAT_PROBABILITY:
                lines.append(line)
        if (
            rng.random() < DISCOUNTS_PROBABILITY
            and sum(line.price for line in lines) >= MIN_DISCOUNT_YEN
        ):
            coupon = self.assortment.products[0]
            lines.append(BasketLine(coupon.number, 1000, coupon.price * rng.choice((1, 1, 2, 4))))
        if rng.random() < REFUNDS_PROBABILITY:
            number, thousandths, price = rng.choice(lines)
            lines.append(BasketLine(number, -thousandths, -price))
        return lines

    def _variant(self, place: int) -> int:
        if self.rng.random() < FAVOURITE_PROBABILITY:
            return (self.number * 7 + place * 11) % self.assortment.variants
        return self.rng.randrange(self.assortment.variants)


def _draw_goods(chain: Chain, count: int, month: int, rng: Random) -> list[int]:
    """Return distinct indexes in ``SHELVES``; goods in demand tend to come first."""
    # The smallest -log(u) / weight: a weighted draw without replacement (Efraimidis, Spirakis).
    draws = [
        (-log(1 - rng.random()) / weight, place) for place, weight in _get_demand(chain, month)
    ]
    return [place for _, place in sorted(draws)[:count]]


@cache
def _get_demand(chain: Chain, month: int) -> list[tuple[int, float]]:
    """Return a chain's goods, as indexes in ``SHELVES``, each with its demand."""
    return [
        (place, get_demand(good, month))
        for place, (category, good) in enumerate(SHELVES)
        if category in chain.sells
    ]


def _draw_thousandths(good: Good, rng: Random) -> int:
    """Return a random quantity of a good for one purchase."""
    if good.weighed:
        least, most = good.weighed
        # Scales show tenths of a gram, or whole grams where the unit is kg.
        step = 1 if good.unit == "kg" else 100
        return round(rng.uniform(least, most) * 1000 / step) * step
    packs = (
        rng.randint(2, good.max_packs)
        if good.max_packs > 1 and rng.random() < SEVERAL_PROBABILITY
        else 1
    )
    return packs * good.size * 1000
