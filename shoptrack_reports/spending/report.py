"""The report of what was spent: read by one statement, completed by what was not spent."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from shoptrack.db.folding import fold
from shoptrack.errors import ValidationError
from shoptrack.resources.visibility import Hidden
from shoptrack_reports.cuts import Cut
from shoptrack_reports.spending.crossing import crossed
from shoptrack_reports.spending.groups import Group, Member
from shoptrack_reports.spending.question import Question
from shoptrack_reports.spending.statement import SUMS, statement

MOST_ROWS = 10_000
TOO_LONG = (
    f"The report would have more than {MOST_ROWS} rows. Narrow it, as by purchase_date__gte and "
    "purchase_date__lte, or group by less."
)

Numbers = tuple[int | None, ...]  # of a period, or the id of a member; None for no member
Members = dict[str, dict[int | None, Member | None]]  # by the name of the key and the id


class Sum(NamedTuple):
    """What was spent, and on how many records."""

    total: int
    records: int


NOTHING = Sum(0, 0)


@dataclass(frozen=True)
class Report:
    """What was spent, by whatever it was asked for.

    :param sums: in the order of the report, by the numbers of their keys
    :param members: what was grouped by, in its order
    :param first: the first day that the report is about; ``None`` where nothing was bought and nobody said
    """

    question: Question
    sums: dict[Numbers, Sum]
    members: Members
    first: date | None
    last: date | None

    @property
    def whole(self) -> Sum:
        """Return what was spent in all."""
        totals, records = zip(NOTHING, *self.sums.values(), strict=True)
        return Sum(sum(totals), sum(records))

    def shown(self, key: Cut | Group, number: int | None) -> Any:
        """Return a key's value as documents have it."""
        if isinstance(key, Group):
            return self.members[key.name][number]
        assert number is not None, "every record has a day"
        return key.shown(number)


def read(connection: Connection, question: Question) -> Report:
    """Return the report that answers a question, by one statement.

    Periods in which nothing was bought are in it, from the first day that was asked for, or on which something was
    bought, to the last one. Times come in their order; what records refer to by what was spent on it, most first.

    :raises ValidationError: it would be too long
    """
    select = statement(question, MOST_ROWS + 1)
    rows = _few(connection.execute(select, question.values))
    width = len(question.keys)
    spent = {tuple(row[:width]): Sum(int(row[width]), row[width + 1]) for row in rows}
    first = question.earliest or min((row[width + 2] for row in rows), default=None)
    last = question.latest or max((row[width + 3] for row in rows), default=None)
    members = _members(question, rows)
    numbers = _few(_numbers(question, spent, members, first, last))
    return Report(question, {one: spent.get(one, NOTHING) for one in numbers}, members, first, last)


def _few(rows: Iterable[Any]) -> list[Any]:
    few = list(islice(rows, MOST_ROWS + 1))
    if len(few) > MOST_ROWS:
        raise ValidationError({"group_by": [TOO_LONG]})
    return few


def _members(question: Question, rows: Sequence[Row[Any]]) -> Members:
    """Return what was grouped by, by the name of the key."""
    keys = question.keys
    members: Members = {}
    position = len(keys) + len(SUMS)
    for place, key in enumerate(keys):
        if isinstance(key, Group):
            texts = slice(position, position + len(key.texts))
            members[key.name] = _ordered(key, rows, place, len(keys), texts, question.hidden)
            position = texts.stop
    return members


def _ordered(
    key: Group, rows: Sequence[Row[Any]], place: int, total: int, texts: slice, hidden: Hidden
) -> dict[int | None, Member | None]:
    """Return what one key groups by, that on which most was spent first."""
    members: dict[int | None, Member | None] = {}
    totals: Counter[int | None] = Counter()
    for row in rows:
        id = row[place]
        members[id] = None if id is None else key.member(id, row[texts], hidden)
        totals[id] += int(row[total])

    def order(id: int | None) -> tuple[int, bool, str, int]:
        member = members[id]
        name = fold(key.label(member)) if member else ""
        return -totals[id], member is None, name, id or 0

    return {id: members[id] for id in sorted(members, key=order)}


def _numbers(
    question: Question,
    spent: Mapping[Numbers, Sum],
    members: Members,
    first: date | None,
    last: date | None,
) -> Iterable[Numbers]:
    """Return the numbers of the report's rows, in their order."""
    periods: Sequence[Numbers] = ()
    if question.cuts and first is not None and last is not None:
        periods = sorted(_few(crossed(question.cuts, first, last)))
    match question.keys:
        case (Cut(), Group(name=name)):
            return ((*period, id) for period, id in product(periods, members[name]))
        case (Group(name=name), Cut()):
            return ((id, *period) for id, period in product(members[name], periods))
        case (Group(), *_):
            places = [_places(members[key.name]) for key in question.keys]
            return sorted(
                spent, key=lambda one: [at[id] for at, id in zip(places, one, strict=True)]
            )
    return periods


def _places(members: Iterable[int | None]) -> dict[int | None, int]:
    return {id: place for place, id in enumerate(members)}
