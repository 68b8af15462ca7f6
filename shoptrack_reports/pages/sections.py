"""The page's sections: each a chart with its table."""

from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from shoptrack.i18n import translate
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack_reports.charts import Scale
from shoptrack_reports.drawing import COLOURS, Chart, make_stacks, render_inline_svg
from shoptrack_reports.pages.row_links import WITH_REPORTS, RowLinks
from shoptrack_reports.spending import charts
from shoptrack_reports.spending.dimensions import Dimension
from shoptrack_reports.spending.report import Report
from shoptrack_reports.spending.serializers import Links


class BarSegment(NamedTuple):
    """A segment of a bar, in percent of its width."""

    x: float
    width: float
    colour: str


class Colour(NamedTuple):
    """A line of the legend.

    :param page: the page of the product or the store that the colour is about, if the user may view it
    """

    name: str
    colour: str
    page: str | None


class TableRow(NamedTuple):
    """A row of a section's table.

    :param href: the list of the row's records, if the user may view it
    :param page: the page of the product or the store that the row is about, if the user may view it
    :param values: one for each colour
    :param bar: segments side by side
    """

    name: str
    href: str | None
    page: str | None
    values: list[int]
    total: int
    bar: list[BarSegment]


@dataclass(frozen=True)
class Section:
    """A chart with its table.

    :param heading: of the column of names
    :param picture: columns as SVG, ``None`` if the rows' bars are the chart
    :param colours: the legend, for a chart of several series
    """

    title: str
    heading: str
    picture: str | None
    colours: list[Colour]
    rows: list[TableRow]


def make_section(request, report: Report) -> Section:
    """Return the section of a report. Periods are in reverse order, as in the administration's lists.

    :raises ValidationError: the chart would have too many columns
    """
    translator = partial(translate, request.localizer)
    chart = charts.make_chart(report, request.number_format, translator)
    main_axis, *colours = charts.make_axes(report)
    hrefs = _get_hrefs(request, report, main_axis)
    links = RowLinks(request)
    pages = _get_pages(links, main_axis)
    bars = _make_bars(chart)
    rows = [
        TableRow(
            name,
            hrefs.get(position),
            pages.get(position),
            [series.values[position] for series in chart.series],
            chart.total(position),
            bars[position],
        )
        for position, name in enumerate(chart.labels)
    ]
    is_column_chart = charts.is_column_chart(report)
    return Section(
        chart.title,
        translator(charts.NAMES[main_axis.key.name]),
        render_inline_svg(chart) if is_column_chart else None,
        _make_legend(chart, links, colours[0]) if colours else [],
        rows[::-1] if is_column_chart else rows,
    )


def _make_legend(chart: Chart, links: RowLinks, axis: charts.Axis) -> list[Colour]:
    pages = _get_pages(links, axis)
    return [Colour(series.name, COLOURS[n], pages.get(n)) for n, series in enumerate(chart.series)]


def _make_bars(chart: Chart) -> list[list[BarSegment]]:
    """Return bars that use the full width, as they need no scale with round numbers."""
    stacked = make_stacks(chart)
    ends = [
        end for segments in stacked for segment in segments for end in (segment.low, segment.high)
    ]
    scale = Scale(min([0, *ends]), max([0, *ends]), step=1)
    return [
        [
            BarSegment(
                round(scale.get_fraction(segment.low) * 100, 2),
                round(
                    (scale.get_fraction(segment.high) - scale.get_fraction(segment.low)) * 100, 2
                ),
                COLOURS[segment.series],
            )
            for segment in segments
        ]
        for segments in stacked
    ]


def _get_hrefs(request, report: Report, main_axis: charts.Axis) -> dict[int, str]:
    """Return the URL of the records of each row that has its own, by position."""
    if not request.has_permission(ShoppingRecordResource.permission("view")):
        return {}
    path = request.route_path(f"admin:{ShoppingRecordResource.path}")
    links = Links(replace(report.query, keys=(main_axis.key,)), path)
    return {
        position: links.get_url((number,)) for position, number in enumerate(main_axis.own_values)
    }


def _get_pages(links: RowLinks, axis: charts.Axis) -> dict[int, str | None]:
    """Return the pages of the products or the stores along an axis, by position."""
    if not isinstance(axis.key, Dimension) or axis.key.reference.resource.path not in WITH_REPORTS:
        return {}
    return {
        position: links.get_path(axis.key.reference.resource, id)
        for position, id in enumerate(axis.own_values)
        if id is not None
    }
