"""The plot area of a chart: columns or bars."""

from xml.etree.ElementTree import Element

from shoptrack_reports.drawing import svg
from shoptrack_reports.drawing.chart import COLOURS, Chart, Segment, get_scale, make_stacks

BOTTOM_MARGIN = 12  # percent of the height, for the labels below columns
BAR = 28  # pixels, the height of a bar with its margin
BAR_LETTERS = 42  # as many narrow letters fit into a bar's label


def draw_columns(chart: Chart, parent: Element, most_labels: int) -> None:
    """Draw columns that fill the parent, with the numbers of the scale on the left.

    :param most_labels: the maximum number of labels below the columns
    """
    stacks = make_stacks(chart)
    scale = get_scale(stacks)

    def y(value: int) -> float:
        return 2 + (1 - scale.get_fraction(value)) * (98 - BOTTOM_MARGIN)

    for tick in scale.ticks:
        style = {"stroke": "currentColor", "stroke-opacity": "0.2" if tick else "0.6"}
        svg.add_element(
            parent,
            "line",
            x1="0",
            x2="100%",
            y1=svg.format_percent(y(tick)),
            y2=svg.format_percent(y(tick)),
            **style,
        )
        beside = {
            "x": "0",
            "y": svg.format_percent(y(tick)),
            "dx": "-8",
            "dy": "4",
            "text-anchor": "end",
        }
        svg.add_text(parent, chart.format_tick(tick), **beside)
    pitch = 100 / max(len(chart.labels), 1)
    every = -(-len(chart.labels) // most_labels)
    for position, (name, segments) in enumerate(zip(chart.labels, stacks, strict=True)):
        left = pitch * (position + 0.12)
        for segment in segments:
            height = y(segment.low) - y(segment.high)
            box = _box(left, y(segment.high), pitch * 0.76, height)
            _rect(chart, parent, position, segment, **box)
        if position % every == 0:
            middle = svg.format_percent(pitch * (position + 0.5))
            svg.add_text(parent, name, x=middle, y="97%", **{"text-anchor": "middle"})


def draw_bars(chart: Chart, parent: Element) -> None:
    """Draw horizontal bars with their labels and values."""
    stacks = make_stacks(chart)
    scale = get_scale(stacks)

    def x(value: int) -> float:
        return 32 + scale.get_fraction(value) * 52

    for position, (name, segments) in enumerate(zip(chart.labels, stacks, strict=True)):
        top = BAR * position
        middle = str(top + 18)
        svg.add_text(
            parent, svg.truncate(name, BAR_LETTERS), x="31%", y=middle, **{"text-anchor": "end"}
        )
        for segment in segments:
            box = {
                "x": svg.format_percent(x(segment.low)),
                "width": svg.format_percent(x(segment.high) - x(segment.low)),
            }
            _rect(chart, parent, position, segment, **box, y=str(top + 4), height=str(BAR - 8))
        value = chart.format_value(chart.total(position))
        svg.add_text(parent, value, x="100%", y=middle, **{"text-anchor": "end"})
    foot = str(BAR * len(chart.labels))
    zero = {"x1": svg.format_percent(x(0)), "x2": svg.format_percent(x(0)), "y1": "0", "y2": foot}
    svg.add_element(parent, "line", stroke="currentColor", **zero, **{"stroke-opacity": "0.6"})


def _rect(chart: Chart, parent: Element, position: int, segment: Segment, **box: str) -> None:
    series = chart.series[segment.series]
    named = (
        [chart.labels[position], series.name] if len(chart.series) > 1 else [chart.labels[position]]
    )
    rect = svg.add_element(parent, "rect", fill=COLOURS[segment.series], **box)
    svg.add_text(
        rect, f"{', '.join(named)}: {chart.format_value(series.values[position])}", "title"
    )


def _box(x: float, y: float, width: float, height: float) -> dict[str, str]:
    names = ("x", "y", "width", "height")
    return dict(zip(names, map(svg.format_percent, (x, y, width, height)), strict=True))
