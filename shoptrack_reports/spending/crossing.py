"""Periods in which nothing need have been bought: those of one cut, or of two at once."""

from collections.abc import Iterator, Sequence
from datetime import date

from shoptrack_reports.cuts import Cut, Weekdays


def crossed(cuts: Sequence[Cut], first: date, last: date) -> Iterator[tuple[int, ...]]:
    """Yield the periods of one cut, or those that overlap of two, which have a day from the first to the last."""
    if first > last:
        return
    if len(cuts) == 1:
        yield from ((number,) for number in cuts[0].within(first, last))
    elif isinstance(cuts[0], Weekdays):
        yield from ((inner, outer) for outer, inner in crossed(cuts[::-1], first, last))
    else:
        outer, inner = cuts
        for number in outer.within(first, last):
            begin, end = outer.span(number) or (first, last)
            overlapping = inner.within(max(begin, first), min(end, last))
            yield from ((number, other) for other in overlapping)
