"""The size of a demo with a given number of records: households, towns, products, days."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Self

from shoptrack.cli.demo.habits import LINES_PER_DAY

DAYS = 730
HOUSEHOLD_RECORDS = round(sum(LINES_PER_DAY) * DAYS / 7)  # of one household in this period


@dataclass(frozen=True)
class DemoSize:
    """The size of a demo.

    A larger demo covers the same period: more households share it, with more towns and more variants of every good.
    100,000 records are 36 households with about 2,100 products in about 100 stores.
    """

    records: int
    households: int
    towns: int
    first_day: date
    last_day: date

    @classmethod
    def from_records(cls, records: int, last_day: date) -> Self:
        """Return the size for a number of records."""
        households = ceil(records / HOUSEHOLD_RECORDS)
        days = min(DAYS, ceil(DAYS * records / HOUSEHOLD_RECORDS))
        return cls(
            records=records,
            households=households,
            towns=round(households**0.7),
            first_day=last_day - timedelta(days=days - 1),
            last_day=last_day,
        )

    @property
    def days(self) -> list[date]:
        """Return every day, the earliest first."""
        count = (self.last_day - self.first_day).days + 1
        return [self.first_day + timedelta(days=n) for n in range(count)]
