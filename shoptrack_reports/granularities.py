"""Granularities of dates: days, ISO weeks, months with any first day, years, days of the week.

A granularity numbers its periods in the same way in SQL and in Python. A database groups by the numbers, and Python
adds the periods without purchases.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, case, cast, extract

from shoptrack.db import day_number, get_day_number, weekday

DateRange = tuple[date, date]  # the first and the last day
MAX_MONTH_START = 28  # the last day that every month has


class Granularity(ABC):
    """Periods of one length, numbered in their order."""

    name: str

    @abstractmethod
    def make_number_column(self, day: Any) -> Any:
        """Return the SQL expression for the period number of a date column."""

    @abstractmethod
    def get_number(self, day: date) -> int:
        """Return the number of the period that includes a day."""

    @abstractmethod
    def get_date_range(self, number: int) -> DateRange | None:
        """Return the first and the last day of a period, within the range of ``date``.

        :returns: ``None`` if the days of a period are not consecutive
        """

    @abstractmethod
    def format_number(self, number: int) -> Any:
        """Return a period as in JSON."""

    def get_numbers_between(self, first: date, last: date) -> Sequence[int]:
        """Return the numbers of all periods that overlap a date range."""
        return range(self.get_number(first), self.get_number(last) + 1)


class Days(Granularity):
    """Single days."""

    name = "day"

    def make_number_column(self, day: Any) -> Any:
        """Number days as the calendar module does."""
        return day_number(day)

    def get_number(self, day: date) -> int:
        """Number days as the calendar module does."""
        return get_day_number(day)

    def get_date_range(self, number: int) -> DateRange:
        """Return the day as both ends."""
        return _day(number), _day(number)

    def format_number(self, number: int) -> str:
        """Format as ``2025-04-30``."""
        return _day(number).isoformat()


class Weeks(Granularity):
    """ISO 8601 weeks: Monday to Sunday."""

    name = "week"

    def make_number_column(self, day: Any) -> Any:
        """Count weeks since the first one of the calendar."""
        return day_number(day) // 7

    def get_number(self, day: date) -> int:
        """Count weeks since the first one of the calendar."""
        return get_day_number(day) // 7

    def get_date_range(self, number: int) -> DateRange:
        """Return Monday and Sunday."""
        return _day(number * 7), _day(min(number * 7 + 6, get_day_number(date.max)))

    def format_number(self, number: int) -> str:
        """Format as ``2025-W18``; the week belongs to the year of its Thursday."""
        year, week, _ = _day(number * 7).isocalendar()
        return f"{year:04}-W{week:02}"


class Months(Granularity):
    """Months with any first day, named after the calendar month of that day.

    :param start: the first day, 1 to 28
    """

    name = "month"

    def __init__(self, start: int = 1):
        self.start = start

    def make_number_column(self, day: Any) -> Any:
        """Count months since year 0."""
        number = extract("year", day) * 12 + extract("month", day) - 1
        if self.start > 1:
            number -= case((extract("day", day) < self.start, 1), else_=0)
        return cast(number, Integer)

    def get_number(self, day: date) -> int:
        """Count months since year 0."""
        return day.year * 12 + day.month - 1 - (day.day < self.start)

    def get_date_range(self, number: int) -> DateRange:
        """Return the first day, and the day before the next month's."""
        first = self._begin(number) or date.min
        after = self._begin(number + 1)
        return first, after - timedelta(days=1) if after else date.max

    def format_number(self, number: int) -> str:
        """Format as ``2025-04``."""
        return f"{number // 12:04}-{number % 12 + 1:02}"

    def _begin(self, number: int) -> date | None:
        """Return the first day of a month; ``None`` outside the range of ``date``."""
        year, month = divmod(number, 12)
        return date(year, month + 1, self.start) if date.min.year <= year <= date.max.year else None


class Years(Granularity):
    """Calendar years."""

    name = "year"

    def make_number_column(self, day: Any) -> Any:
        """Use the year as its number."""
        return cast(extract("year", day), Integer)

    def get_number(self, day: date) -> int:
        """Use the year as its number."""
        return day.year

    def get_date_range(self, number: int) -> DateRange:
        """Return the first of January and the last of December."""
        return date(number, 1, 1), date(number, 12, 31)

    def format_number(self, number: int) -> int:
        """Return the year as a number."""
        return number


class Weekdays(Granularity):
    """Days of the week, from 1 for Monday to 7 for Sunday.

    :param only: the only day of the week to report, if the records are filtered by one
    """

    name = "weekday"

    def __init__(self, only: int | None = None):
        self.only = only

    def make_number_column(self, day: Any) -> Any:
        """Use ISO numbers of days."""
        return weekday(day)

    def get_number(self, day: date) -> int:
        """Use ISO numbers of days."""
        return day.isoweekday()

    def get_date_range(self, number: int) -> None:
        """Return ``None``: equal days of the week are not consecutive."""

    def format_number(self, number: int) -> int:
        """Return the ISO number of the day."""
        return number

    def get_numbers_between(self, first: date, last: date) -> Sequence[int]:
        """Return the days of the week in a date range, in their order."""
        count = min((last - first).days + 1, 7)
        days = sorted((first.weekday() + ahead) % 7 + 1 for ahead in range(count))
        return [number for number in days if self.only in (None, number)]


GRANULARITIES = tuple(granularity.name for granularity in (Days, Weeks, Months, Years, Weekdays))


def get_granularity(name: str, month_start: int = 1, weekday: int | None = None) -> Granularity:
    """Return the granularity with this name.

    :param month_start: the first day of months
    :param weekday: the only day of the week to report
    """
    match name:
        case Months.name:
            return Months(month_start)
        case Weekdays.name:
            return Weekdays(weekday)
        case Weeks.name:
            return Weeks()
        case Years.name:
            return Years()
    return Days()


def iterate_periods(
    granularities: Sequence[Granularity], first: date, last: date
) -> Iterator[tuple[int, ...]]:
    """Yield the numbers of one granularity's periods, or of all overlapping periods of two, in a date range."""
    if first > last:
        return
    if len(granularities) == 1:
        yield from ((number,) for number in granularities[0].get_numbers_between(first, last))
    elif isinstance(granularities[0], Weekdays):
        yield from (
            (inner, outer) for outer, inner in iterate_periods(granularities[::-1], first, last)
        )
    else:
        outer, inner = granularities
        for number in outer.get_numbers_between(first, last):
            begin, end = outer.get_date_range(number) or (first, last)
            overlapping = inner.get_numbers_between(max(begin, first), min(end, last))
            yield from ((number, other) for other in overlapping)


def _day(number: int) -> date:
    return date.fromordinal(number + 1)
