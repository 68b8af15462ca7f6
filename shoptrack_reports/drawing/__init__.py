"""Charts as SVG, inside pages and as files.

Positions are percentages and letters are not scaled, so that a chart is legible at any width. Colours contrast with
light and dark backgrounds (3:1). Letters take the colour of the surrounding text.
"""

from shoptrack_reports.drawing.chart import (
    COLOURS,
    MAX_SERIES,
    Chart,
    Segment,
    Series,
    get_scale,
    make_stacks,
)
from shoptrack_reports.drawing.pictures import STYLE, render_inline_svg, render_svg

__all__ = [
    "COLOURS",
    "MAX_SERIES",
    "STYLE",
    "Chart",
    "Segment",
    "Series",
    "render_inline_svg",
    "render_svg",
    "get_scale",
    "make_stacks",
]
