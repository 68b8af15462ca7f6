"""The spending report as a chart."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Self

from shoptrack.errors import ValidationError
from shoptrack.i18n import NumberFormat
from shoptrack_reports.drawing import MAX_SERIES, Chart, Series
from shoptrack_reports.granularities import Granularity, Weekdays
from shoptrack_reports.spending.dimensions import DIMENSIONS, Dimension
from shoptrack_reports.spending.report import Report, RowKey
from shoptrack_reports.translation import _

MAX_PERIODS = 400
MAX_BARS = 20
TOO_MANY = (
    f"A chart can have at most {MAX_PERIODS} columns. Filter the report, for example by "
    "purchase_date__gte and purchase_date__lte, or group by longer periods."
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
    **{name: dimension.noun for name, dimension in DIMENSIONS.items()},
}

Translator = Callable[[str], str]


@dataclass(frozen=True)
class Axis:
    """The values of one key, along the main axis or as colours.

    :param position: the index of the key in the report
    :param slots: the slot of each value; values beyond the room share the last slot
    """

    key: Granularity | Dimension
    position: int
    slots: dict[int | None, int]

    @classmethod
    def from_report(
        cls, report: Report, key: Granularity | Dimension, position: int, room: int | None
    ) -> Self:
        """Make the axis of a report's key.

        :param room: the number of slots, ``None`` for one per value
        """
        values = list(dict.fromkeys(row_key[position] for row_key in report.totals))
        if isinstance(key, Granularity):
            values.sort()
        last = (room or len(values)) - 1
        return cls(key, position, {number: min(slot, last) for slot, number in enumerate(values)})

    @property
    def own_values(self) -> list[int | None]:
        """Return the values with a slot of their own, which are the first ones."""
        values = Counter(self.slots.values())
        return [number for number, slot in self.slots.items() if values[slot] == 1]

    def slot(self, row_key: RowKey) -> int:
        """Return the slot of a row of the report."""
        return self.slots[row_key[self.position]]

    def labels(self, report: Report, translator: Translator) -> list[str]:
        """Return the label of each slot."""
        labels = [make_label(report, self.key, number, translator) for number in self.own_values]
        return labels if len(labels) == len(self.slots) else [*labels, translator(_("All others"))]


def is_column_chart(report: Report) -> bool:
    """Return whether the chart has columns, for periods; otherwise bars."""
    return bool(report.query.granularities)


def make_axes(report: Report) -> list[Axis]:
    """Return the chart's main axis and, for a second key, that of its colours.

    :raises ValidationError: too many periods, which cannot be added up
    """
    keys = [(key, position) for position, key in enumerate(report.query.keys)]
    # Periods are always on the main axis, whatever the order of the keys.
    (key, position), *others = sorted(keys, key=lambda pair: isinstance(pair[0], Dimension))
    main_axis = Axis.from_report(
        report, key, position, MAX_BARS if isinstance(key, Dimension) else None
    )
    if len(set(main_axis.slots.values())) > MAX_PERIODS:
        raise ValidationError({"group_by": [TOO_MANY]})
    return [main_axis, *(Axis.from_report(report, *other, MAX_SERIES) for other in others)]


def make_chart(report: Report, number_format: NumberFormat, translator: Translator = str) -> Chart:
    """Return the chart of a report; values without room are added up.

    :param number_format: of the reader
    :param translator: translates a text into the reader's language
    :raises ValidationError: too many periods, which cannot be added up
    """
    main_axis, *colours = make_axes(report)
    labels = main_axis.labels(report, translator)
    names = colours[0].labels(report, translator) if colours else [""]
    values = [[0] * len(labels) for _name in names]
    for row_key, total in report.totals.items():
        values[colours[0].slot(row_key) if colours else 0][main_axis.slot(row_key)] += total.total
    series = [Series(name, row) for name, row in zip(names, values, strict=True)]
    return Chart(
        make_title(report, translator),
        _description(report, number_format, translator),
        labels,
        series,
        number_format.format_amount,
        partial(number_format.format_amount, is_short=True),
    )


def make_title(report: Report, translator: Translator = str) -> str:
    """Return the title of a report."""
    one, *others = (NAMES[key.name] for key in report.query.keys)
    if others:
        return translator(_("Spending by ${one} and ${other}", one=one, other=others[0]))
    return translator(_("Spending by ${one}", one=one))


def make_label(
    report: Report, key: Granularity | Dimension, number: int | None, translator: Translator = str
) -> str:
    """Return the label of a key's value."""
    match key, report.format_key(key, number):
        case Dimension(), None:
            return translator(_("none"))
        case Dimension(), row:
            return key.label(row)
        case Weekdays(), day:
            return translator(WEEKDAYS[day - 1])
        case _, period:
            return str(period)


def _description(report: Report, number_format: NumberFormat, translator: Translator) -> str:
    total = number_format.format_amount(report.grand_total.total)
    if report.first is None or report.last is None:
        return translator(_("No purchases."))
    values = {"first": str(report.first), "last": str(report.last), "total": total}
    return translator(_("From ${first} to ${last}: ${total} in total.", **values))
