"""Calendar months."""

from datetime import date
from typing import NamedTuple, Self


class Month(NamedTuple):
    """A month of a year; it has no time zone, as days have none."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month of a day."""
        return cls(day.year, day.month)

    def shifted(self, months: int) -> Self:
        """Return the month so many later, or earlier; none before the first of the calendar."""
        year, number = divmod(max(self.year * 12 + self.number - 1 + months, 12), 12)
        return type(self)(year, number + 1)

    @property
    def first_day(self) -> date:
        """Return its first day."""
        return date(self.year, self.number, 1)

    def __str__(self) -> str:
        """Return it as in ``2025-04``."""
        return f"{self.year:04}-{self.number:02}"
