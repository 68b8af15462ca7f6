"""Whole charts: a picture of its own, or a part of a page."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from shoptrack_reports.drawing import svg
from shoptrack_reports.drawing.chart import COLOURS, Chart
from shoptrack_reports.drawing.plots import BAR, bars, columns

TITLE = 44  # pixels, above a picture's chart
LEGEND = 22  # pixels of a line that says what colours mean
LEGEND_LETTERS = 28  # what there is room for, in narrow letters
WIDTH, HEIGHT = 960, 360
STYLE = (
    ":root{color:#1d2522;background:#fff;font:13px system-ui,sans-serif}"
    "@media (prefers-color-scheme:dark){:root{color:#e7ebe8;background:#1a1f1d}}"
)


def picture(chart: Chart, *, upright: bool) -> str:
    """Return a chart as a document of its own: with a title, what its colours mean, and in light or dark.

    :param upright: whether it has columns, otherwise bars
    """
    legend = len(chart.series) > 1
    lines = -(-len(chart.series) // 4) if legend else 0
    body = HEIGHT if upright else BAR * len(chart.places) + 12
    size = {"width": str(WIDTH), "height": str(TITLE + body + lines * LEGEND)}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size})
    root.set("aria-labelledby", "title description")
    svg.text(root, chart.title, "title", id="title")
    svg.text(root, chart.description, "desc", id="description")
    SubElement(root, "style").text = STYLE
    heading = {"x": "2%", "y": "26", "font-size": "17", "font-weight": "600"}
    svg.text(root, chart.title, **heading)
    place = {"x": "10%", "width": "88%"} if upright else {"x": "2%", "width": "96%"}
    plot = svg.add(root, "svg", y=str(TITLE), height=str(body), overflow="visible", **place)
    if upright:
        columns(chart, plot, 12)
    else:
        bars(chart, plot)
    for number, series in enumerate(chart.series if legend else ()):
        left, top = 2 + number % 4 * 24, TITLE + body + number // 4 * LEGEND
        square = {"x": svg.percent(left), "y": str(top), "width": "12", "height": "12"}
        svg.add(root, "rect", fill=COLOURS[number], **square)
        svg.text(
            root,
            svg.shortened(series.name, LEGEND_LETTERS),
            x=svg.percent(left + 2),
            y=str(top + 11),
        )
    return ElementTree.tostring(root, encoding="unicode")


def inline(chart: Chart) -> str:
    """Return columns as a part of a page, which says in its own words what colours mean."""
    size = {"width": "100%", "height": "240", "overflow": "visible", "font-size": "12"}
    root = Element("svg", {"role": "img", "aria-label": svg.plain(chart.title), **size})
    columns(chart, root, 5)
    return ElementTree.tostring(root, encoding="unicode")
