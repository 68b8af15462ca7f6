"""Reasons to go shopping: when, where, and for how many goods."""

from math import exp, log
from random import Random
from typing import NamedTuple

from shoptrack.cli.demo.stores import CONVENIENCE, SPECIALISTS, SUPERMARKETS

MAX_LINES = 48


class Habit(NamedTuple):
    """A reason to go shopping.

    :param visits: expected visits of one household on a Monday, a Tuesday, …
    :param median: median number of lines in a basket
    :param spread: standard deviation of the logarithm of that number
    :param chains: indexes in ``CHAINS``
    """

    visits: tuple[float, ...]
    median: float
    spread: float
    chains: tuple[int, ...]

    def lines(self, rng: Random) -> int:
        """Return a random number of lines for a basket."""
        return min(MAX_LINES, max(1, round(self.median * exp(rng.gauss(0, self.spread)))))

    @property
    def mean(self) -> float:
        """Return the approximate mean number of lines in a basket."""
        return exp(log(self.median) + self.spread**2 / 2)


HABITS = [
    # The week's main shopping.
    Habit((0, 0, 0, 0, 0, 0.6, 0.4), 17.5, 0.38, tuple(SUPERMARKETS) * 3),
    # Goods that have run out; the discounter has its sale on Tuesdays.
    Habit((0.2, 0.35, 0.2, 0.2, 0.25, 0.05, 0.05), 5.2, 0.5, (0, 1, 1, 2, *SPECIALISTS)),
    # On the way to work.
    Habit((0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05), 1.2, 0.4, tuple(CONVENIENCE)),
]

# Expected lines of one household on a Monday, a Tuesday, …
LINES_PER_DAY = [sum(habit.visits[day] * habit.mean for habit in HABITS) for day in range(7)]
