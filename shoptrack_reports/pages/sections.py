"""The parts of the page: each a chart with its table."""

from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from shoptrack.charts import Scale
from shoptrack.i18n.translation import translate
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack_reports.drawing import COLOURS, Chart, inline, stacks
from shoptrack_reports.spending import charts
from shoptrack_reports.spending.documents import Links
from shoptrack_reports.spending.report import Report


class Part(NamedTuple):
    """A part of a bar: percent of its width, from the left."""

    x: float
    width: float
    colour: str


class Line(NamedTuple):
    """A line of a table.

    :param href: the page of its records, where they can be looked at
    :param values: of each colour
    :param bar: in parts that lie beside each other
    """

    name: str
    href: str | None
    values: list[int]
    total: int
    bar: list[Part]


@dataclass(frozen=True)
class Section:
    """A chart with its table.

    :param heading: of the column in which the lines' names stand
    :param picture: columns as SVG, ``None`` where the lines' bars are the chart
    :param colours: what each colour means, where there are several
    """

    title: str
    heading: str
    picture: str | None
    colours: list[tuple[str, str]]
    lines: list[Line]


def section(request, report: Report) -> Section:
    """Return the section of a report; of times the last comes first, as in other tables of the administration.

    :raises ValidationError: there is no room for it
    """
    say = partial(translate, request.localizer)
    chart = charts.chart(report, say)
    along, *colours = charts.axes(report)
    hrefs = _hrefs(request, report, along)
    bars = _bars(chart)
    lines = [
        Line(
            name,
            hrefs.get(place),
            [series.values[place] for series in chart.series],
            chart.total(place),
            bars[place],
        )
        for place, name in enumerate(chart.places)
    ]
    upright = charts.is_upright(report)
    return Section(
        chart.title,
        say(charts.NAMES[along.key.name]),
        inline(chart) if upright else None,
        [(series.name, COLOURS[n]) for n, series in enumerate(chart.series)] if colours else [],
        lines[::-1] if upright else lines,
    )


def _bars(chart: Chart) -> list[list[Part]]:
    """Return the bars, which fill the width: they stand beside no scale whose round numbers would need room."""
    stacked = stacks(chart)
    ends = [end for segments in stacked for one in segments for end in (one.low, one.high)]
    scale = Scale(min([0, *ends]), max([0, *ends]), step=1)
    return [
        [
            Part(
                round(scale.share(one.low) * 100, 2),
                round((scale.share(one.high) - scale.share(one.low)) * 100, 2),
                COLOURS[one.series],
            )
            for one in segments
        ]
        for segments in stacked
    ]


def _hrefs(request, report: Report, along: charts.Axis) -> dict[int, str]:
    """Return the pages of the records behind the lines that have some of their own, by their place."""
    if not request.has_permission(ShoppingRecordResource.permission("view")):
        return {}
    path = request.route_path(f"admin:{ShoppingRecordResource.path}")
    links = Links(replace(report.question, keys=(along.key,)), path)
    return {place: links.to((number,)) for place, number in enumerate(along.alone)}
