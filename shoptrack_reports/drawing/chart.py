"""A chart before it is drawn: its values, in their colours, upon each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shoptrack.charts import Scale
from shoptrack.i18n.formatting import format_money

COLOURS = ("#148577", "#3f7fd1", "#c4642a", "#9560c8", "#cf4f86", "#7d8528", "#7c8580")
MOST_SERIES = len(COLOURS)


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
    write: Callable[[int], str] = format_money

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


def scale_of(stacked: Sequence[Sequence[Segment]]) -> Scale:
    """Return the scale that covers all segments."""
    ends = [end for segments in stacked for one in segments for end in (one.low, one.high)]
    return Scale.of(ends)
