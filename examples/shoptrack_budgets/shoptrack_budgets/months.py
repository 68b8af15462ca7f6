"""Months: how they are sent, answered and stored."""

import re
from calendar import monthrange
from datetime import date
from typing import Any

from shoptrack.resources import Date, InvalidValue, JSONSchema

from shoptrack_budgets.translation import _


class Month(Date):
    """A month, which stands for itself as its first day.

    It is a kind of day, so that lists are narrowed by it and ordered, and forms have a calendar.
    """

    def make_example(self) -> str:
        """Return a month."""
        return "2026-11-01"

    def get_request_schema(self) -> JSONSchema:
        """Return the text of a first day, of which the day may be left out."""
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])(-01)?$"}

    def parse(self, value: Any) -> date:
        """Take ``YYYY-MM`` and ``YYYY-MM-01``. Another day is rather a mistake than a month."""
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", value):
            value = f"{value}-01"
        day = super().parse(value)
        if day.day != 1:
            raise InvalidValue(_("Name a month as in 2026-11, or its first day."))
        return day


def last_day(month: date) -> date:
    """Return the last day of the month that begins on a day."""
    return month.replace(day=monthrange(month.year, month.month)[1])
