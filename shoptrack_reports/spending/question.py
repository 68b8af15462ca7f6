"""What the report of what was spent is about: what it groups by, which records it sums up, and of which days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from shoptrack.resources.conditions import Condition
from shoptrack.resources.visibility import Hidden, check_parameters
from shoptrack_reports.cuts import Cut, cut
from shoptrack_reports.parameters import Asked
from shoptrack_reports.spending.groups import GROUPS, Group

DAY = "purchase_date"


@dataclass(frozen=True)
class Question:
    """What a report is asked for.

    :param keys: what it groups by
    :param clauses: what records must meet; ``values`` has what to put in
    :param narrowing: the filters as they were sent
    :param hidden: the permissions to view that the caller lacks
    """

    keys: tuple[Cut | Group, ...]
    month_start: int
    clauses: tuple[Condition, ...]
    values: dict[str, Any]
    narrowing: Sequence[tuple[str, str]]
    hidden: Hidden

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Return the question of a request.

        :raises Forbidden: it groups by what the caller may not view of products
        """
        start, weekday = asked["month_start"], asked.values.get(f"{DAY}__weekday")
        keys = tuple(GROUPS.get(name) or cut(name, start, weekday) for name in asked["group_by"])
        groups = [key for key in keys if isinstance(key, Group)]
        check_parameters([(f"group_by={key.name}", key.needs) for key in groups], asked.hidden)
        return cls(keys, start, asked.form.conditions, asked.values, asked.narrowing, asked.hidden)

    @property
    def named(self) -> list[tuple[Cut | Group, str]]:
        """Return its keys, each with the name of its column."""
        return [(key, f"key_{place}") for place, key in enumerate(self.keys)]

    @property
    def cuts(self) -> list[Cut]:
        """Return those of its keys that are times."""
        return [key for key in self.keys if isinstance(key, Cut)]

    @property
    def earliest(self) -> date | None:
        """Return the first day that the filters leave, if they say so."""
        return max(self._ends("gte", "gt", timedelta(days=1), date.max), default=None)

    @property
    def latest(self) -> date | None:
        """Return the last day that the filters leave, if they say so."""
        return min(self._ends("lte", "lt", timedelta(days=-1), date.min), default=None)

    def _ends(self, closed: str, opened: str, step: timedelta, edge: date) -> list[date]:
        ends = [self.values[name] for name in (DAY, f"{DAY}__{closed}") if name in self.values]
        beyond = self.values.get(f"{DAY}__{opened}", edge)
        return ends if beyond == edge else [*ends, beyond + step]
