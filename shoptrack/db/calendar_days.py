"""The household's day; and days as numbers, alike on both databases, for what is counted by weeks.

The first day of the calendar, 0001-01-01, is a Monday and has the number 0. So seven days in a row that
have the same ``day_number // 7`` are a week of ISO 8601, and ``day_number % 7`` is 0 on Mondays.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from shoptrack.settings import Settings

MONDAY, SUNDAY = 1, 7  # as ISO 8601 numbers the days of a week


class day_number(FunctionElement[int]):  # noqa: N801 - it reads as the function that it is
    """Return how many days a column's day comes after the calendar's first."""

    type = Integer()
    inherit_cache = True


@compiles(day_number, "postgresql")
def _on_postgresql(element: day_number, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} - DATE '0001-01-01')"


@compiles(day_number, "sqlite")
def _on_sqlite(element: day_number, compiler: Any, **options: Any) -> str:
    # A day begins half-way between two Julian days, so that both numbers end in .5 and are exact.
    return f"CAST(julianday({compiler.process(element.clauses, **options)}) - 1721425.5 AS INTEGER)"


def weekday(column: Any) -> ColumnElement[int]:
    """Return the day of the week of a column's day, as ISO 8601 numbers them: 1 is a Monday."""
    return day_number(column) % 7 + 1


def get_day_number(day: date) -> int:
    """Return what ``day_number`` is of a day."""
    return day.toordinal() - 1


def get_today(registry: Any) -> date:
    """Return the household's day: the one that ``SHOPTRACK_TIME_ZONE`` has, wherever the server is."""
    return get_now().astimezone(Settings.of(registry).time_zone).date()


def get_now() -> datetime:
    """Return the present instant, in UTC. Tests stop this clock."""
    return datetime.now(UTC)
