"""Positions of the parts of a chart, as percentages of its size, so that the SVG needs no style."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

MAX_TICKS = 4  # maximum number of lines, besides the one at zero
BOTTOM_MARGIN = 12.0  # percent of the height, for the labels below
TOP_MARGIN = 4.0


class Tick(NamedTuple):
    """A line across the chart, and its value."""

    value: int
    y: float  # percent from the top


class Column(NamedTuple):
    """A column: percent of the chart's width and height, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Return the horizontal position of the label."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class ColumnChart:
    """A chart of columns with a common baseline."""

    columns: list[Column]
    ticks: list[Tick]


@dataclass(frozen=True)
class Scale:
    """Round numbers with a constant step that cover zero and some values."""

    bottom: int
    top: int
    step: int

    @classmethod
    def of(cls, values: Sequence[int]) -> Self:
        """Return the scale of some values."""
        low, high = min([0, *values]), max([0, *values])
        step = _step(high - low)
        return cls(low // step * step, -(-high // step) * step, step)

    @property
    def ticks(self) -> range:
        """Return the scale's numbers, lowest first."""
        return range(self.bottom, self.top + 1, self.step)

    def get_fraction(self, value: int) -> float:
        """Return the position of a value: 0 at the bottom, 1 at the top."""
        return 1 - (self.top - value) / (self.top - self.bottom or self.step)


def make_column_chart(values: Sequence[int]) -> ColumnChart:
    """Return the chart of some values; columns of negative values point down from zero."""
    scale = Scale.of(values)

    def y(value: int) -> float:
        return round(
            TOP_MARGIN + (1 - scale.get_fraction(value)) * (100 - TOP_MARGIN - BOTTOM_MARGIN), 2
        )

    pitch = 100 / len(values)
    drawn = [
        Column(
            x=round(pitch * (index + 0.15), 2),
            y=y(max(value, 0)),
            width=round(pitch * 0.7, 2),
            height=round(abs(y(value) - y(0)), 2),
        )
        for index, value in enumerate(values)
    ]
    ticks = [Tick(value, y(value)) for value in scale.ticks]
    return ColumnChart(drawn, ticks)


def get_bar_lengths(values: Sequence[int]) -> list[float]:
    """Return the length of a bar for each value, in percent of the longest; 0 for negative values."""
    longest = max(values, default=0)
    return [round(max(value, 0) / longest * 100, 1) if longest > 0 else 0.0 for value in values]


def _step(span: int) -> int:
    """Return a round step by which a few lines cover a range: 1, 2 or 5 with zeros."""
    step = 1
    while True:
        for digit in (1, 2, 5):
            if digit * step * MAX_TICKS >= span:
                return digit * step
        step *= 10
