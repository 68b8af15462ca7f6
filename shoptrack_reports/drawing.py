"""Charts as SVG, for pages and as pictures of their own.

Positions are shares of the picture's size and letters are not scaled, so that a chart is legible in any width. Colours
stand out from a light and from a dark ground alike (3:1), and letters have the colour of whatever is around.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from shoptrack.charts import Scale
from shoptrack.money import money

COLOURS = ("#148577", "#3f7fd1", "#c4642a", "#9560c8", "#cf4f86", "#7d8528", "#7c8580")
MOST_SERIES = len(COLOURS)
FOOT = 12  # percent of the height, for what stands below columns
BAR = 28  # pixels that a bar takes, with the space around
TITLE = 44  # pixels, above a picture's chart
LEGEND = 22  # pixels of a line that says what colours mean
WIDTH, HEIGHT = 960, 360
BAR_LETTERS, LEGEND_LETTERS = 42, 28  # what there is room for, in narrow letters
STYLE = (
    ":root{color:#1d2522;background:#fff;font:13px system-ui,sans-serif}"
    "@media (prefers-color-scheme:dark){:root{color:#e7ebe8;background:#1a1f1d}}"
)
# What XML cannot hold, though a name may.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Series(NamedTuple):
    """What is drawn in one colour: a value for each place along the axis."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True)
class Chart:
    """What is drawn.

    :param places: what stands along the axis
    :param series: at most ``MOST_SERIES``, drawn upon each other
    :param write: how a value is written
    """

    title: str
    description: str
    places: Sequence[str]
    series: Sequence[Series]
    write: Callable[[int], str] = money

    def total(self, place: int) -> int:
        """Return the value of all series together."""
        return sum(series.values[place] for series in self.series)


class Segment(NamedTuple):
    """A part of a column or a bar."""

    series: int
    low: int
    high: int


def stacks(chart: Chart) -> list[list[Segment]]:
    """Return the segments at each place: what is above zero upon each other, and what is below likewise."""
    stacked = []
    for place in range(len(chart.places)):
        top = bottom = 0
        segments = []
        for number, series in enumerate(chart.series):
            value = series.values[place]
            if value > 0:
                segments.append(Segment(number, top, top := top + value))
            elif value < 0:
                segments.append(Segment(number, bottom + value, bottom))
                bottom += value
        stacked.append(segments)
    return stacked


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
        _add(parent, "line", x1="0", x2="100%", y1=_percent(y(tick)), y2=_percent(y(tick)), **style)
        text = {"x": "0", "y": _percent(y(tick)), "dx": "-8", "dy": "4", "text-anchor": "end"}
        _text(parent, chart.write(tick), **text)
    pitch = 100 / max(len(chart.places), 1)
    every = -(-len(chart.places) // most_labels)
    for place, (name, segments) in enumerate(zip(chart.places, stacked, strict=True)):
        left = pitch * (place + 0.12)
        for one in segments:
            height = y(one.low) - y(one.high)
            box = _box(left, y(one.high), pitch * 0.76, height)
            _rect(chart, parent, place, one, **box)
        if place % every == 0:
            middle = _percent(pitch * (place + 0.5))
            _text(parent, name, x=middle, y="97%", **{"text-anchor": "middle"})


def bars(chart: Chart, parent: Element) -> None:
    """Draw bars that lie below each other, with their names and their values."""
    stacked = stacks(chart)
    scale = scale_of(stacked)

    def x(value: int) -> float:
        return 32 + scale.share(value) * 52

    for place, (name, segments) in enumerate(zip(chart.places, stacked, strict=True)):
        top = BAR * place
        middle = str(top + 18)
        _text(parent, _shortened(name, BAR_LETTERS), x="31%", y=middle, **{"text-anchor": "end"})
        for one in segments:
            box = {"x": _percent(x(one.low)), "width": _percent(x(one.high) - x(one.low))}
            _rect(chart, parent, place, one, **box, y=str(top + 4), height=str(BAR - 8))
        value = chart.write(chart.total(place))
        _text(parent, value, x="100%", y=middle, **{"text-anchor": "end"})
    foot = str(BAR * len(chart.places))
    zero = {"x1": _percent(x(0)), "x2": _percent(x(0)), "y1": "0", "y2": foot}
    _add(parent, "line", stroke="currentColor", **zero, **{"stroke-opacity": "0.6"})


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
    _text(root, chart.title, "title", id="title")
    _text(root, chart.description, "desc", id="description")
    SubElement(root, "style").text = STYLE
    heading = {"x": "2%", "y": "26", "font-size": "17", "font-weight": "600"}
    _text(root, chart.title, **heading)
    place = {"x": "10%", "width": "88%"} if upright else {"x": "2%", "width": "96%"}
    plot = _add(root, "svg", y=str(TITLE), height=str(body), overflow="visible", **place)
    if upright:
        columns(chart, plot, 12)
    else:
        bars(chart, plot)
    for number, series in enumerate(chart.series if legend else ()):
        left, top = 2 + number % 4 * 24, TITLE + body + number // 4 * LEGEND
        square = {"x": _percent(left), "y": str(top), "width": "12", "height": "12"}
        _add(root, "rect", fill=COLOURS[number], **square)
        _text(root, _shortened(series.name, LEGEND_LETTERS), x=_percent(left + 2), y=str(top + 11))
    return ElementTree.tostring(root, encoding="unicode")


def inline(chart: Chart) -> str:
    """Return columns as a part of a page, which says in its own words what colours mean."""
    size = {"width": "100%", "height": "240", "overflow": "visible", "font-size": "12"}
    root = Element("svg", {"role": "img", "aria-label": _plain(chart.title), **size})
    columns(chart, root, 5)
    return ElementTree.tostring(root, encoding="unicode")


def scale_of(stacked: Sequence[Sequence[Segment]]) -> Scale:
    """Return the scale that covers all segments."""
    ends = [end for segments in stacked for one in segments for end in (one.low, one.high)]
    return Scale.of(ends)


def _rect(chart: Chart, parent: Element, place: int, one: Segment, **box: str) -> None:
    series = chart.series[one.series]
    named = [chart.places[place], series.name] if len(chart.series) > 1 else [chart.places[place]]
    rect = _add(parent, "rect", fill=COLOURS[one.series], **box)
    _text(rect, f"{', '.join(named)}: {chart.write(series.values[place])}", "title")


def _box(x: float, y: float, width: float, height: float) -> dict[str, str]:
    names = ("x", "y", "width", "height")
    return dict(zip(names, map(_percent, (x, y, width, height)), strict=True))


def _add(parent: Element, tag: str, **attributes: str) -> Element:
    return SubElement(parent, tag, attributes)


def _text(parent: Element, text: str, tag: str = "text", **attributes: str) -> None:
    if tag == "text":
        attributes.setdefault("fill", "currentColor")
    SubElement(parent, tag, attributes).text = _plain(text)


def _plain(text: str) -> str:
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _shortened(text: str, room: int) -> str:
    """Return a text, or as much of its beginning as there is room for.

    :param room: in narrow letters; those of East Asia are twice as wide
    """
    for position, letter in enumerate(text):
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 0:
            return f"{text[:position]}…"
    return text


def _percent(share: float) -> str:
    return f"{round(share, 2):g}%"
