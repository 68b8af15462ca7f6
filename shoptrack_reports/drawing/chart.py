"""A chart before it is drawn: stacked values of several series."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shoptrack_reports.charts import Scale

COLOURS = ("#148577", "#3f7fd1", "#c4642a", "#9560c8", "#cf4f86", "#7d8528", "#7c8580")
MAX_SERIES = len(COLOURS)


class Series(NamedTuple):
    """The values of one colour: one for each label of the axis."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True)
class Chart:
    """A chart's texts and values.

    :param labels: of the axis
    :param series: at most ``MAX_SERIES``, stacked
    :param format_value: formats a value for display
    :param format_tick: formats a number of the scale, for which there is little room
    """

    title: str
    description: str
    labels: Sequence[str]
    series: Sequence[Series]
    format_value: Callable[[int], str]
    format_tick: Callable[[int], str]

    def total(self, position: int) -> int:
        """Return the sum of all series at a label."""
        return sum(series.values[position] for series in self.series)


class Segment(NamedTuple):
    """A segment of a column or a bar."""

    series: int
    low: int
    high: int


def make_stacks(chart: Chart) -> list[list[Segment]]:
    """Return the segments at each label: positive values stacked upwards, negative ones downwards."""
    stacks = []
    for position in range(len(chart.labels)):
        top = bottom = 0
        segments = []
        for number, series in enumerate(chart.series):
            value = series.values[position]
            if value > 0:
                segments.append(Segment(number, top, top := top + value))
            elif value < 0:
                segments.append(Segment(number, bottom + value, bottom))
                bottom += value
        stacks.append(segments)
    return stacks


def get_scale(stacks: Sequence[Sequence[Segment]]) -> Scale:
    """Return the scale that covers all segments."""
    ends = [
        end for segments in stacks for segment in segments for end in (segment.low, segment.high)
    ]
    return Scale.of(ends)
