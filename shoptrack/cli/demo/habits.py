"""When people go shopping, where, and for how many things."""

from math import exp, log
from random import Random
from typing import NamedTuple

from shoptrack.cli.demo.stores import CONVENIENCE, SPECIALISTS, SUPERMARKETS

MAX_LINES = 48


class Habit(NamedTuple):
    """A reason to go shopping.

    :param visits: expected visits of one household on a Monday, a Tuesday, …
    :param median: lines of a basket
    :param spread: of the logarithm of the lines
    :param chains: places in ``CHAINS``
    """

    visits: tuple[float, ...]
    median: float
    spread: float
    chains: tuple[int, ...]

    def lines(self, rng: Random) -> int:
        """Return how many lines a basket gets."""
        return min(MAX_LINES, max(1, round(self.median * exp(rng.gauss(0, self.spread)))))

    @property
    def mean(self) -> float:
        """Return about how many lines a basket has on average."""
        return exp(log(self.median) + self.spread**2 / 2)


HABITS = [
    # The big shopping for the week.
    Habit((0, 0, 0, 0, 0, 0.6, 0.4), 17.5, 0.38, tuple(SUPERMARKETS) * 3),
    # What has run out; on Tuesdays the discounter has its sale.
    Habit((0.2, 0.35, 0.2, 0.2, 0.25, 0.05, 0.05), 5.2, 0.5, (0, 1, 1, 2, *SPECIALISTS)),
    # On the way to work.
    Habit((0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05), 1.2, 0.4, tuple(CONVENIENCE)),
]

# Lines that one household is expected to buy on a Monday, a Tuesday, …
LINES_PER_DAY = [sum(habit.visits[day] * habit.mean for habit in HABITS) for day in range(7)]
