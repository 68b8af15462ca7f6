"""The chart: how long each server takes, the floor being 1, as SVG."""

from collections.abc import Iterator, Sequence
from html import escape
from math import log

from benchmarks import works
from benchmarks.backends import TITLES
from benchmarks.peers import DRF, FASTAPI, FLOOR, SHOPTRACK, Peer
from benchmarks.results import Results, Spread

TITLE = "Time of one request, the floor's being 1: shorter bars are faster"
COLOURS = {SHOPTRACK: "#1f6feb", FASTAPI: "#f0a030", DRF: "#7a8594"}

WIDTH = 860
MARGIN = 16
LEFT = 180  # of the line at which bars begin, the floor's
RIGHT = WIDTH - 120  # where the scale ends; figures stand behind bars
LINE = 20  # of text
BAR = 12
GAP = 14  # between two kinds of requests
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)

Bars = list[tuple[Peer, Spread]]


def draw(results: Results, backends: Sequence[str]) -> str:
    """Return the chart: a panel for each backend, a logarithmic scale, thin lines for the spread."""
    panels = {backend: list(_rows(results, backend)) for backend in backends}
    most = max(
        (bar.most for rows in panels.values() for _, bars in rows for _, bar in bars), default=2
    )
    scale = Scale(most)
    top = MARGIN + 3 * LINE
    parts = [*_legend()]
    for backend, rows in panels.items():
        parts.append(_text(MARGIN, top + LINE - 6, TITLES[backend], "bold"))
        top += LINE
        height = sum(len(bars) * BAR + GAP for _, bars in rows)
        parts += scale.ticks(top, top + height)
        for title, bars in rows:
            top += GAP / 2
            parts.append(_text(MARGIN, top + len(bars) * BAR / 2 + 4, title))
            for peer, spread in bars:
                parts += scale.bar(top, COLOURS[peer], spread)
                top += BAR
            top += GAP / 2
        top += 2 * LINE
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top:.0f}" role="img" '
        f'aria-label="{escape(TITLE)}" font-family="system-ui, sans-serif" font-size="12" '
        f'fill="#24292f"><rect width="{WIDTH}" height="{top:.0f}" fill="#ffffff"/>'
    )
    return "\n".join([head, *parts, "</svg>\n"])


class Scale:
    """A logarithmic scale from the floor's time, 1, to the right.

    :param most: the largest multiple that it has to hold
    """

    def __init__(self, most: float):
        self._most = max(2.0, most)

    def x(self, multiple: float) -> float:
        """Return where a multiple lies; what is faster than the floor lies a little to the left of 1."""
        return max(LEFT - 20, LEFT + (RIGHT - LEFT) * log(multiple) / log(self._most))

    def ticks(self, top: float, bottom: float) -> Iterator[str]:
        """Draw the lines behind the bars, with what they stand for."""
        for tick in TICKS:
            if tick <= self._most:
                x = self.x(tick)
                colour = "#24292f" if tick == 1 else "#d8dee4"
                yield _line(x, top, x, bottom, colour)
                yield _text(x, bottom + LINE - 6, f"{tick} ×", anchor="middle")

    def bar(self, top: float, colour: str, spread: Spread) -> Iterator[str]:
        """Draw a bar, its spread and its figure."""
        left, right = sorted((self.x(1), self.x(spread.median)))
        yield (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{BAR - 2}" '
            f'fill="{colour}"/>'
        )
        middle = top + BAR / 2 - 1
        yield _line(self.x(spread.least), middle, self.x(spread.most), middle, "#24292f")
        end = max(self.x(1), self.x(spread.most))
        yield _text(end + 5, top + BAR - 2, f"{spread.median:.2f}", size=10)


def _rows(results: Results, backend: str) -> Iterator[tuple[str, Bars]]:
    """Return each kind of requests that was measured, with the bars that belong to it."""
    for work in works.COMPARED:
        if (backend, work.key, FLOOR.key) in results.samples:
            bars = [
                (peer, results.ratio(backend, work.key, peer.key, FLOOR.key)) for peer in COLOURS
            ]
            yield work.title, bars


def _legend() -> Iterator[str]:
    yield _text(MARGIN, MARGIN + LINE - 6, TITLE, "bold")
    x = MARGIN
    for peer, colour in COLOURS.items():
        yield f'<rect x="{x}" y="{MARGIN + LINE + 4}" width="12" height="12" fill="{colour}"/>'
        yield _text(x + 18, MARGIN + 2 * LINE - 6, peer.title)
        x += 110


def _text(
    x: float, y: float, text: str, weight: str = "normal", *, anchor: str = "start", size: int = 12
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-weight="{weight}" text-anchor="{anchor}" '
        f'font-size="{size}">{escape(text)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'
