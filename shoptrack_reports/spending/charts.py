"""The report as a chart."""

from collections.abc import Callable, Iterable

from shoptrack.errors import Invalid
from shoptrack.money import money
from shoptrack_reports.drawing import MOST_SERIES, Chart, Series
from shoptrack_reports.spending.cuts import Cut, Weekdays
from shoptrack_reports.spending.groups import Group
from shoptrack_reports.spending.question import GROUPS
from shoptrack_reports.spending.report import Report
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
Slots = dict[int | None, int]  # the place of a period, or of a member, by its number


def is_upright(report: Report) -> bool:
    """Tell whether the chart has columns, as time has, otherwise bars."""
    return bool(report.question.cuts)


def chart(report: Report, say: Say = str) -> Chart:
    """Return the chart of a report; what there is no room for is added up.

    :param say: says a text in the reader's language
    :raises Invalid: it has too many periods, which cannot be added up
    """
    keys = report.question.keys
    # Time goes along the axis, whichever way round it was asked for.
    turned = isinstance(keys[0], Group) and is_upright(report)
    order = slice(None, None, -1 if turned else 1)
    totals = {numbers[order]: one.total for numbers, one in report.sums.items()}
    axis, *colours = keys[order]
    room = None if isinstance(axis, Cut) else MOST_BARS
    along = _slots(axis, (numbers[0] for numbers in totals), room)
    upon = _slots(colours[0], (numbers[1] for numbers in totals), MOST_SERIES) if colours else {}
    if room is None and len(along) > MOST_PERIODS:
        raise Invalid({"group_by": [TOO_MANY]})
    places = _labels(report, axis, along, say)
    names = _labels(report, colours[0], upon, say) if colours else [""]
    values = [[0] * len(places) for _name in names]
    for numbers, total in totals.items():
        values[upon[numbers[1]] if colours else 0][along[numbers[0]]] += total
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
    total = money(report.whole.total)
    if report.first is None or report.last is None:
        return say(_("Nothing was bought."))
    values = {"first": str(report.first), "last": str(report.last), "total": total}
    return say(_("From ${first} to ${last}: ${total} in all.", **values))


def _slots(key: Cut | Group, numbers: Iterable[int | None], most: int | None) -> Slots:
    """Return the places of a key's values; those that there is no room for share the last one."""
    found = list(dict.fromkeys(numbers))
    if isinstance(key, Cut):
        found.sort()
    last = (most or len(found)) - 1
    return {number: min(place, last) for place, number in enumerate(found)}


def _labels(report: Report, key: Cut | Group, slots: Slots, say: Say) -> list[str]:
    labels = [label(report, key, number, say) for number in slots]
    room = max(slots.values(), default=-1) + 1
    return labels if room == len(labels) else [*labels[: room - 1], say(_("All others"))]
