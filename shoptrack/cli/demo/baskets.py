"""Generates the shopping trips basket by basket, without a database."""

from collections.abc import Iterator
from datetime import date
from itertools import chain, repeat
from random import Random
from typing import NamedTuple

from shoptrack.cli.demo.assortment import Assortment
from shoptrack.cli.demo.basket_lines import BasketLine, Shopper
from shoptrack.cli.demo.habits import HABITS, LINES_PER_DAY, Habit
from shoptrack.cli.demo.prices import get_price_level
from shoptrack.cli.demo.scale import DemoSize


class Basket(NamedTuple):
    """One purchase of one household. ``store`` is its index in the list of stores."""

    day: date
    store: int
    lines: list[BasketLine]


def generate_baskets(scale: DemoSize, assortment: Assortment, seed: int) -> Iterator[Basket]:
    """Yield baskets in the order of their days, with ``scale.records`` lines in total.

    The same arguments give the same baskets. None is cached, so memory use does not grow with their number.
    """
    rng = Random(seed)
    shoppers = [Shopper(number, assortment, rng) for number in range(scale.households)]
    missing = scale.records
    expected = sum(LINES_PER_DAY[day.weekday()] for day in scale.days) * scale.households
    # The last day repeats until all lines are generated.
    for day in chain(scale.days, repeat(scale.last_day)):
        level = get_price_level(day, scale.first_day)
        # Random deviations must not add up: after many purchases, households shop a little less often.
        eagerness = missing / expected
        expected = max(1, expected - LINES_PER_DAY[day.weekday()] * scale.households)
        for shopper, habit in _visits(shoppers, day, eagerness, rng):
            store = assortment.store(shopper.number % scale.towns, rng.choice(habit.chains))
            lines = shopper.buy(store, habit.lines(rng), day, level)[:missing]
            yield Basket(day, store.number, lines)
            missing -= len(lines)
            if not missing:
                return


def _visits(
    shoppers: list[Shopper], day: date, eagerness: float, rng: Random
) -> Iterator[tuple[Shopper, Habit]]:
    """Yield the shopping trips of a day: the household and its reason."""
    for shopper in shoppers:
        for habit in HABITS:
            for _ in range(int(habit.visits[day.weekday()] * eagerness + rng.random())):
                yield shopper, habit
