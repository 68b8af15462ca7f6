"""The report as a chart."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from shoptrack.errors import ValidationError
from shoptrack.i18n.formatting import format_money
from shoptrack_reports.cuts import Cut, Weekdays
from shoptrack_reports.drawing import MOST_SERIES, Chart, Series
from shoptrack_reports.spending.groups import GROUPS, Group
from shoptrack_reports.spending.report import Numbers, Report
from shoptrack_reports.translation import _

MOST_PERIODS = 400
MOST_BARS = 20
TOO_MANY = (
    f"A chart has room for {MOST_PERIODS} columns. Narrow the report, as by purchase_date__gte and "
    "purchase_date__lte, or group by longer periods."
)
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
NAMES = {
    "day": _("day"),
    "week": _("week"),
    "month": _("month"),
    "year": _("year"),
    "weekday": _("day of the week"),
    **{name: group.noun for name, group in GROUPS.items()},
}

Say = Callable[[str], str]


@dataclass(frozen=True)
class Axis:
    """The values of a key, as a chart has them side by side or in colours.

    :param place: the key's among those of the report
    :param slots: where each value stands; those that there is no room for stand together in the last slot
    """

    key: Cut | Group
    place: int
    slots: dict[int | None, int]

    @classmethod
    def of(cls, report: Report, key: Cut | Group, place: int, room: int | None) -> Self:
        """Return the axis of a report's key.

        :param room: how many slots there are, ``None`` for as many as there are values
        """
        found = list(dict.fromkeys(numbers[place] for numbers in report.sums))
        if isinstance(key, Cut):
            found.sort()
        last = (room or len(found)) - 1
        return cls(key, place, {number: min(slot, last) for slot, number in enumerate(found)})

    @property
    def alone(self) -> list[int | None]:
        """Return the values that have a slot of their own; they are the first."""
        values = Counter(self.slots.values())
        return [number for number, slot in self.slots.items() if values[slot] == 1]

    def slot(self, numbers: Numbers) -> int:
        """Return where a row of the report stands."""
        return self.slots[numbers[self.place]]

    def labels(self, report: Report, say: Say) -> list[str]:
        """Return what people call what stands in each slot."""
        labels = [label(report, self.key, number, say) for number in self.alone]
        return labels if len(labels) == len(self.slots) else [*labels, say(_("All others"))]


def is_upright(report: Report) -> bool:
    """Tell whether the chart has columns, as time has, otherwise bars."""
    return bool(report.question.cuts)


def axes(report: Report) -> list[Axis]:
    """Return the chart's axes: that along which it goes, and that of its colours where it has any.

    :raises ValidationError: it has too many periods, which cannot be added up
    """
    keys = [(key, place) for place, key in enumerate(report.question.keys)]
    # Time goes along, whichever way round it was asked for.
    (key, place), *others = sorted(keys, key=lambda one: isinstance(one[0], Group))
    along = Axis.of(report, key, place, MOST_BARS if isinstance(key, Group) else None)
    if len(set(along.slots.values())) > MOST_PERIODS:
        raise ValidationError({"group_by": [TOO_MANY]})
    return [along, *(Axis.of(report, *other, MOST_SERIES) for other in others)]


def chart(report: Report, say: Say = str) -> Chart:
    """Return the chart of a report; what there is no room for is added up.

    :param say: says a text in the reader's language
    :raises ValidationError: it has too many periods, which cannot be added up
    """
    along, *colours = axes(report)
    places = along.labels(report, say)
    names = colours[0].labels(report, say) if colours else [""]
    values = [[0] * len(places) for _name in names]
    for numbers, one in report.sums.items():
        values[colours[0].slot(numbers) if colours else 0][along.slot(numbers)] += one.total
    series = [Series(name, its) for name, its in zip(names, values, strict=True)]
    return Chart(title(report, say), _description(report, say), places, series)


def title(report: Report, say: Say = str) -> str:
    """Return what a report is about."""
    one, *others = (NAMES[key.name] for key in report.question.keys)
    if others:
        return say(_("Spending by ${one} and ${other}", one=one, other=others[0]))
    return say(_("Spending by ${one}", one=one))


def label(report: Report, key: Cut | Group, number: int | None, say: Say = str) -> str:
    """Return what people call a key's value."""
    match key, report.shown(key, number):
        case Group(), None:
            return say(_("none"))
        case Group(), member:
            return key.label(member)
        case Weekdays(), day:
            return say(WEEKDAYS[day - 1])
        case _, period:
            return str(period)


def _description(report: Report, say: Say) -> str:
    total = format_money(report.whole.total)
    if report.first is None or report.last is None:
        return say(_("Nothing was bought."))
    values = {"first": str(report.first), "last": str(report.last), "total": total}
    return say(_("From ${first} to ${last}: ${total} in all.", **values))
