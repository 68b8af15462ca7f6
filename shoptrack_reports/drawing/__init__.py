"""Charts as SVG, for pages and as pictures of their own.

Positions are shares of the picture's size and letters are not scaled, so that a chart is legible in any width. Colours
stand out from a light and from a dark ground alike (3:1), and letters have the colour of whatever is around.
"""

from shoptrack_reports.drawing.chart import (
    COLOURS,
    MOST_SERIES,
    Chart,
    Segment,
    Series,
    scale_of,
    stacks,
)
from shoptrack_reports.drawing.pictures import STYLE, inline, picture

__all__ = [
    "COLOURS",
    "MOST_SERIES",
    "STYLE",
    "Chart",
    "Segment",
    "Series",
    "inline",
    "picture",
    "scale_of",
    "stacks",
]
