"""Whole charts: SVG files, and SVG elements inside a page."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from shoptrack_reports.drawing import svg
from shoptrack_reports.drawing.chart import COLOURS, Chart
from shoptrack_reports.drawing.plots import BAR, draw_bars, draw_columns

TITLE = 44  # pixels, above the chart
LEGEND = 22  # pixels, the height of a line of the legend
LEGEND_LETTERS = 28  # as many narrow letters fit into the legend
WIDTH, HEIGHT = 960, 360
STYLE = (
    ":root{color:#1d2522;background:#fff;font:13px system-ui,sans-serif}"
    "@media (prefers-color-scheme:dark){:root{color:#e7ebe8;background:#1a1f1d}}"
)


def render_svg(chart: Chart, *, is_column_chart: bool) -> str:
    """Return a chart as an SVG document with title, legend, and light and dark colours.

    :param is_column_chart: whether to draw columns; otherwise bars
    """
    legend = len(chart.series) > 1
    lines = -(-len(chart.series) // 4) if legend else 0
    body = HEIGHT if is_column_chart else BAR * len(chart.labels) + 12
    size = {"width": str(WIDTH), "height": str(TITLE + body + lines * LEGEND)}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size})
    root.set("aria-labelledby", "title description")
    svg.add_text(root, chart.title, "title", id="title")
    svg.add_text(root, chart.description, "desc", id="description")
    SubElement(root, "style").text = STYLE
    heading = {"x": "2%", "y": "26", "font-size": "17", "font-weight": "600"}
    svg.add_text(root, chart.title, **heading)
    area = {"x": "10%", "width": "88%"} if is_column_chart else {"x": "2%", "width": "96%"}
    plot = svg.add_element(root, "svg", y=str(TITLE), height=str(body), overflow="visible", **area)
    if is_column_chart:
        draw_columns(chart, plot, 12)
    else:
        draw_bars(chart, plot)
    for number, series in enumerate(chart.series if legend else ()):
        left, top = 2 + number % 4 * 24, TITLE + body + number // 4 * LEGEND
        square = {"x": svg.format_percent(left), "y": str(top), "width": "12", "height": "12"}
        svg.add_element(root, "rect", fill=COLOURS[number], **square)
        svg.add_text(
            root,
            svg.truncate(series.name, LEGEND_LETTERS),
            x=svg.format_percent(left + 2),
            y=str(top + 11),
        )
    return ElementTree.tostring(root, encoding="unicode")


def render_inline_svg(chart: Chart) -> str:
    """Return a column chart as an SVG element. The page provides the legend."""
    size = {"width": "100%", "height": "240", "overflow": "visible", "font-size": "12"}
    root = Element(
        "svg", {"role": "img", "aria-label": svg.remove_invalid_characters(chart.title), **size}
    )
    draw_columns(chart, root, 5)
    return ElementTree.tostring(root, encoding="unicode")
