"""Columns and bars: what a chart has inside of its frame."""

from xml.etree.ElementTree import Element

from shoptrack_reports.drawing import svg
from shoptrack_reports.drawing.chart import COLOURS, Chart, Segment, scale_of, stacks

FOOT = 12  # percent of the height, for what stands below columns
BAR = 28  # pixels that a bar takes, with the space around
BAR_LETTERS = 42  # what there is room for, in narrow letters


def columns(chart: Chart, parent: Element, most_labels: int) -> None:
    """Draw columns, which fill the parent; the scale's numbers stand to its left.

    :param most_labels: how many places are named below
    """
    stacked = stacks(chart)
    scale = scale_of(stacked)

    def y(value: int) -> float:
        return 2 + (1 - scale.share(value)) * (98 - FOOT)

    for tick in scale.ticks:
        style = {"stroke": "currentColor", "stroke-opacity": "0.2" if tick else "0.6"}
        svg.add(
            parent,
            "line",
            x1="0",
            x2="100%",
            y1=svg.percent(y(tick)),
            y2=svg.percent(y(tick)),
            **style,
        )
        beside = {"x": "0", "y": svg.percent(y(tick)), "dx": "-8", "dy": "4", "text-anchor": "end"}
        svg.text(parent, chart.write(tick), **beside)
    pitch = 100 / max(len(chart.places), 1)
    every = -(-len(chart.places) // most_labels)
    for place, (name, segments) in enumerate(zip(chart.places, stacked, strict=True)):
        left = pitch * (place + 0.12)
        for one in segments:
            height = y(one.low) - y(one.high)
            box = _box(left, y(one.high), pitch * 0.76, height)
            _rect(chart, parent, place, one, **box)
        if place % every == 0:
            middle = svg.percent(pitch * (place + 0.5))
            svg.text(parent, name, x=middle, y="97%", **{"text-anchor": "middle"})


def bars(chart: Chart, parent: Element) -> None:
    """Draw bars that lie below each other, with their names and their values."""
    stacked = stacks(chart)
    scale = scale_of(stacked)

    def x(value: int) -> float:
        return 32 + scale.share(value) * 52

    for place, (name, segments) in enumerate(zip(chart.places, stacked, strict=True)):
        top = BAR * place
        middle = str(top + 18)
        svg.text(
            parent, svg.shortened(name, BAR_LETTERS), x="31%", y=middle, **{"text-anchor": "end"}
        )
        for one in segments:
            box = {"x": svg.percent(x(one.low)), "width": svg.percent(x(one.high) - x(one.low))}
            _rect(chart, parent, place, one, **box, y=str(top + 4), height=str(BAR - 8))
        value = chart.write(chart.total(place))
        svg.text(parent, value, x="100%", y=middle, **{"text-anchor": "end"})
    foot = str(BAR * len(chart.places))
    zero = {"x1": svg.percent(x(0)), "x2": svg.percent(x(0)), "y1": "0", "y2": foot}
    svg.add(parent, "line", stroke="currentColor", **zero, **{"stroke-opacity": "0.6"})


def _rect(chart: Chart, parent: Element, place: int, one: Segment, **box: str) -> None:
    series = chart.series[one.series]
    named = [chart.places[place], series.name] if len(chart.series) > 1 else [chart.places[place]]
    rect = svg.add(parent, "rect", fill=COLOURS[one.series], **box)
    svg.text(rect, f"{', '.join(named)}: {chart.write(series.values[place])}", "title")


def _box(x: float, y: float, width: float, height: float) -> dict[str, str]:
    names = ("x", "y", "width", "height")
    return dict(zip(names, map(svg.percent, (x, y, width, height)), strict=True))
