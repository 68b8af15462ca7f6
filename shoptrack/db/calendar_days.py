"""The household's current day, and days as numbers, identical on both databases, for weekly periods.

The first day of the calendar, 0001-01-01, is a Monday and has the number 0. So ``day_number // 7`` is the same
for all days of an ISO 8601 week, and ``day_number % 7`` is 0 on Mondays.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from shoptrack.settings import Settings

MONDAY, SUNDAY = 1, 7  # numbered as in ISO 8601


class day_number(FunctionElement[int]):  # noqa: N801 - it reads as the function that it is
    """The number of days from the calendar's first day to a column's day."""

    type = Integer()
    inherit_cache = True


@compiles(day_number, "postgresql")
def _on_postgresql(element: day_number, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} - DATE '0001-01-01')"


@compiles(day_number, "sqlite")
def _on_sqlite(element: day_number, compiler: Any, **options: Any) -> str:
    # A day begins halfway between two Julian days, so both numbers end in .5 and are exact.
    return f"CAST(julianday({compiler.process(element.clauses, **options)}) - 1721425.5 AS INTEGER)"


def weekday(column: Any) -> ColumnElement[int]:
    """Return the weekday of a column's day, numbered as in ISO 8601: 1 is Monday."""
    return day_number(column) % 7 + 1


def get_day_number(day: date) -> int:
    """Return the ``day_number`` of a day."""
    return day.toordinal() - 1


def get_today(registry: Any) -> date:
    """Return the current day in ``SHOPTRACK_TIME_ZONE``, regardless of the server's own time zone."""
    return get_now().astimezone(Settings.of(registry).time_zone).date()


def get_now() -> datetime:
    """Return the current instant, in UTC. Tests freeze this clock."""
    return datetime.now(UTC)
