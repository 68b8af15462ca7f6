"""Days, ISO weeks, months that begin on pay-day, years, days of the week: how a calendar is cut.

Each cut numbers its periods, in SQL and in Python alike, so that a database can group by the numbers and
periods in which nothing was bought can be told from them.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, case, cast, extract

from shoptrack.db.calendar_days import day_number, get_day_number, weekday

Span = tuple[date, date]  # the first and the last day
LATEST_MONTH_START = 28  # the last day that every month has


class Cut(ABC):
    """A way to cut the calendar into periods, which have numbers in their order."""

    name: str

    @abstractmethod
    def column(self, day: Any) -> Any:
        """Return the number of the period in which a column's day lies, as SQL."""

    @abstractmethod
    def of(self, day: date) -> int:
        """Return the number of the period in which a day lies."""

    @abstractmethod
    def span(self, number: int) -> Span | None:
        """Return the days of a period, as far as the calendar has them; ``None`` if they are scattered."""

    @abstractmethod
    def shown(self, number: int) -> Any:
        """Return a period as documents have it."""

    def within(self, first: date, last: date) -> Sequence[int]:
        """Return the periods that have a day from the first to the last."""
        return range(self.of(first), self.of(last) + 1)


class Days(Cut):
    """Single days."""

    name = "day"

    def column(self, day: Any) -> Any:
        """Return its number in the calendar."""
        return day_number(day)

    def of(self, day: date) -> int:
        """Return its number in the calendar."""
        return get_day_number(day)

    def span(self, number: int) -> Span:
        """Return the day twice."""
        return _day(number), _day(number)

    def shown(self, number: int) -> str:
        """Return it as in ``2025-04-30``."""
        return _day(number).isoformat()


class Weeks(Cut):
    """Weeks as ISO 8601 has them: from Monday to Sunday."""

    name = "week"

    def column(self, day: Any) -> Any:
        """Return how many weeks came before."""
        return day_number(day) // 7

    def of(self, day: date) -> int:
        """Return how many weeks came before."""
        return get_day_number(day) // 7

    def span(self, number: int) -> Span:
        """Return Monday and Sunday."""
        return _day(number * 7), _day(min(number * 7 + 6, get_day_number(date.max)))

    def shown(self, number: int) -> str:
        """Return it as in ``2025-W18``; the week of the year that has its Thursday."""
        year, week, _ = _day(number * 7).isocalendar()
        return f"{year:04}-W{week:02}"


class Months(Cut):
    """Months that begin on a certain day, and are called by the calendar's month in which they begin.

    :param start: the day of the month, 1 to 28
    """

    name = "month"

    def __init__(self, start: int = 1):
        self.start = start

    def column(self, day: Any) -> Any:
        """Return how many months came before."""
        number = extract("year", day) * 12 + extract("month", day) - 1
        if self.start > 1:
            number -= case((extract("day", day) < self.start, 1), else_=0)
        return cast(number, Integer)

    def of(self, day: date) -> int:
        """Return how many months came before."""
        return day.year * 12 + day.month - 1 - (day.day < self.start)

    def span(self, number: int) -> Span:
        """Return the first day and the day before the next month's."""
        first = self._begin(number) or date.min
        after = self._begin(number + 1)
        return first, after - timedelta(days=1) if after else date.max

    def shown(self, number: int) -> str:
        """Return it as in ``2025-04``."""
        return f"{number // 12:04}-{number % 12 + 1:02}"

    def _begin(self, number: int) -> date | None:
        """Return the first day, ``None`` where the calendar has not begun or has ended."""
        year, month = divmod(number, 12)
        return date(year, month + 1, self.start) if date.min.year <= year <= date.max.year else None


class Years(Cut):
    """Years of the calendar."""

    name = "year"

    def column(self, day: Any) -> Any:
        """Return the year."""
        return cast(extract("year", day), Integer)

    def of(self, day: date) -> int:
        """Return the year."""
        return day.year

    def span(self, number: int) -> Span:
        """Return the first of January and the last of December."""
        return date(number, 1, 1), date(number, 12, 31)

    def shown(self, number: int) -> int:
        """Return the year."""
        return number


class Weekdays(Cut):
    """Days of the week, from 1, Monday, to 7, Sunday.

    :param only: the one that there is, where others are left out
    """

    name = "weekday"

    def __init__(self, only: int | None = None):
        self.only = only

    def column(self, day: Any) -> Any:
        """Return the day of the week."""
        return weekday(day)

    def of(self, day: date) -> int:
        """Return the day of the week."""
        return day.isoweekday()

    def span(self, number: int) -> None:
        """Return that there is none."""

    def shown(self, number: int) -> int:
        """Return the day of the week."""
        return number

    def within(self, first: date, last: date) -> Sequence[int]:
        """Return the days of the week that there are from the first to the last."""
        few = min((last - first).days + 1, 7)
        there = sorted((first.weekday() + ahead) % 7 + 1 for ahead in range(few))
        return [number for number in there if self.only in (None, number)]


CUTS = tuple(cut.name for cut in (Days, Weeks, Months, Years, Weekdays))


def cut(name: str, month_start: int = 1, weekday: int | None = None) -> Cut:
    """Return the cut of a name.

    :param month_start: the day on which months begin
    :param weekday: the only day of the week that there is
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


def _day(number: int) -> date:
    return date.fromordinal(number + 1)
