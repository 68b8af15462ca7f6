"""What a report of spending is asked for: its parameters, parsed and checked, all faults at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shoptrack.api.clauses import Clause
from shoptrack.api.fields import Refused
from shoptrack.api.parameters import sort_out
from shoptrack.api.query import Parameters
from shoptrack.errors import Invalid
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack_reports.spending.cuts import CUTS, LATEST_MONTH_START, Cut, cut
from shoptrack_reports.spending.groups import Group, groups

MOST_KEYS = 2
GROUPS = {group.name: group for group in groups()}
NAMES = (*CUTS, *GROUPS)
OWN = ("group_by", "month_start")
DAY = "purchase_date"

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Question:
    """What a report is asked for.

    :param keys: what it groups by
    :param clauses: what records must meet; ``values`` has what to put in
    :param narrowing: the filters as they were sent
    """

    keys: tuple[Cut | Group, ...]
    month_start: int
    clauses: tuple[Clause, ...]
    values: dict[str, Any]
    narrowing: Pairs

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


class Questions:
    """The parameters that the report takes: its own, and the filters of the list of records."""

    def __init__(self) -> None:
        self.of_records = Parameters(ShoppingRecordResource())
        self._several = {name for name in self.of_records.filters if name.endswith("__in")}

    def narrows(self, name: str) -> bool:
        """Tell whether a parameter of the list of records narrows it, and with it the report."""
        return name == "search" or name in self.of_records.filters

    def parse(self, pairs: Pairs, month_start: int, others: Sequence[str] = ()) -> Question:
        """Return what parameters ask for.

        :param month_start: on which day months begin unless a parameter says so
        :param others: names of parameters that are not about what is summed up
        :raises Invalid: naming each that is unknown, faulty or sent twice
        """
        known = {*OWN, *others, *self.of_records.filters, "search"}
        sent, errors = sort_out(pairs, known, {"group_by", *self._several})
        narrowing = [(name, text) for name, text in sent.items() if self.narrows(name)]

        def take(name: str, parse: Callable[[str], Any], default: Any) -> Any:
            try:
                return parse(sent[name]) if name in sent else default
            except Refused as refused:
                errors.setdefault(name, list(refused.args))
                return default

        start = take("month_start", _month_start, month_start)
        names = take("group_by", _names, ())
        if "group_by" not in sent:
            errors["group_by"] = [f"This field is required. Possible are: {', '.join(NAMES)}."]
        try:
            query = self.of_records.parse(narrowing)
        except Invalid as invalid:
            errors |= invalid.errors
        if errors:
            raise Invalid(errors)
        weekday = query.values.get(f"{DAY}__weekday")
        keys = tuple(GROUPS.get(name) or cut(name, start, weekday) for name in names)
        return Question(keys, start, query.form.clauses, query.values, narrowing)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        if name not in NAMES:
            raise Refused(f"Cannot group by {name!r}. Possible are: {', '.join(NAMES)}.")
        if names.count(name) > 1:
            raise Refused(f"{name!r} stands twice.")
    if len(names) > MOST_KEYS:
        raise Refused(f"Name at most {MOST_KEYS}.")
    return names


def _month_start(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 3):
        raise Refused("A valid integer is required.")
    if not 1 <= int(text) <= LATEST_MONTH_START:
        raise Refused(f"Must be between 1 and {LATEST_MONTH_START}.")
    return int(text)
