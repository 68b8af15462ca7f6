"""What a basket holds: goods of the season, quantities, discounts and what is taken back."""

from datetime import date
from functools import cache
from math import log
from random import Random
from typing import NamedTuple

from shoptrack.cli.demo.assortment import SHELVES, Assortment, Store
from shoptrack.cli.demo.goods import Good
from shoptrack.cli.demo.prices import demand, line_price, shelf_price
from shoptrack.cli.demo.stores import Chain

FAVOURITE = 0.6  # how often a household takes its own variant of a good
SEVERAL = 0.2  # how often it takes more than one pack
REPEAT = 0.0012  # of the lines are on the receipt twice; others meet by chance
DISCOUNTS = 0.08  # of the baskets from this sum on
DISCOUNT_FROM_YEN = 3_000
REFUNDS = 0.004  # of all baskets: something is taken back at once


class Line(NamedTuple):
    """A line of a receipt.

    :param product: its place in the list of products
    :param thousandths: how much, in thousandths of the product's unit
    :param price: yen, the whole line
    """

    product: int
    thousandths: int
    price: int


class Shopper:
    """A household in front of the shelves. Its number decides which variants it likes best."""

    def __init__(self, number: int, assortment: Assortment, rng: Random):
        self.number = number
        self.assortment = assortment
        self.rng = rng

    def buy(self, store: Store, count: int, day: date, level: float) -> list[Line]:
        """Return a basket of about ``count`` lines, fewer where the store has fewer goods.

        :param level: of the day's prices, from ``price_level``
        """
        rng = self.rng
        lines = []
        for place in _goods(store.chain, count, day.month, rng):
            product = self.assortment.product(place, self._variant(place))
            thousandths = _thousandths(product.good, rng)
            shelf = shelf_price(product, store, day, level)
            price = line_price(shelf, product.good.size, thousandths)
            line = Line(product.number, thousandths, price)
            lines.append(line)
            if rng.random() < REPEAT:
                lines.append(line)
        if rng.random() < DISCOUNTS and sum(line.price for line in lines) >= DISCOUNT_FROM_YEN:
            coupon = self.assortment.products[0]
            lines.append(Line(coupon.number, 1000, coupon.price * rng.choice((1, 1, 2, 4))))
        if rng.random() < REFUNDS:
            number, thousandths, price = rng.choice(lines)
            lines.append(Line(number, -thousandths, -price))
        return lines

    def _variant(self, place: int) -> int:
        if self.rng.random() < FAVOURITE:
            return (self.number * 7 + place * 11) % self.assortment.variants
        return self.rng.randrange(self.assortment.variants)


def _goods(chain: Chain, count: int, month: int, rng: Random) -> list[int]:
    """Return different places in ``SHELVES``, what is in demand most often first."""
    # The least of -log(u) / weight: a weighted draw without replacement (Efraimidis, Spirakis).
    draws = [(-log(1 - rng.random()) / weight, place) for place, weight in _demand(chain, month)]
    return [place for _, place in sorted(draws)[:count]]


@cache
def _demand(chain: Chain, month: int) -> list[tuple[int, float]]:
    """Return what a chain sells, as places in ``SHELVES``, with how often it is bought."""
    return [
        (place, demand(good, month))
        for place, (category, good) in enumerate(SHELVES)
        if category in chain.sells
    ]


def _thousandths(good: Good, rng: Random) -> int:
    """Return how much of a good is bought at once."""
    if good.weighed:
        least, most = good.weighed
        # Scales show tenths of a gram, or whole grams where the unit is kg.
        step = 1 if good.unit == "kg" else 100
        return round(rng.uniform(least, most) * 1000 / step) * step
    packs = rng.randint(2, good.most) if good.most > 1 and rng.random() < SEVERAL else 1
    return packs * good.size * 1000
