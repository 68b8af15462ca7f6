"""What was measured, and what it comes to."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Spread:
    """The median of some figures, the least and the largest of them."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Return the spread of one or more figures."""
        values = sorted(values)
        return cls(statistics.median(values), values[0], values[-1])

    def text(self) -> str:
        """Return it as "2.10 (2.05–2.30)"; of one figure there is no spread."""
        digits = 2 if self.median < 10 else 1 if self.median < 100 else 0
        shown, least, most = (
            f"{value:,.{digits}f}" for value in (self.median, self.least, self.most)
        )
        return shown if least == most else f"{shown} ({least}–{most})"


@dataclass(frozen=True)
class Sample:
    """One run of one kind of requests against one server.

    :param milliseconds: from one answer to the next
    :param cpu_milliseconds: that the server worked for each request
    """

    milliseconds: float
    cpu_milliseconds: float

    @property
    def per_second(self) -> float:
        """Return how many requests are answered in a second."""
        return 1000 / self.milliseconds


@dataclass(frozen=True)
class Footprint:
    """What a whole list takes of a fresh server.

    :param idle: bytes in memory before
    :param peak: the most bytes in memory meanwhile
    :param first_byte: seconds until the body began
    """

    idle: int
    peak: int
    first_byte: float

    @property
    def growth_mebibytes(self) -> float:
        """Return by how much the memory grew at most."""
        return (self.peak - self.idle) / MEBIBYTE


@dataclass
class Results:
    """Everything that a run measured. Keys name the backend, the work and the peer, in this order."""

    samples: dict[tuple[str, str, str], list[Sample]] = field(
        default_factory=lambda: defaultdict(list)
    )
    statements: dict[tuple[str, str], int] = field(default_factory=dict)  # work, peer
    footprints: dict[tuple[str, int, str], Footprint] = field(default_factory=dict)
    growth: dict[tuple[str, int, str], list[Sample]] = field(
        default_factory=lambda: defaultdict(list)
    )  # backend, records, work

    def ratio(self, backend: str, work: str, peer: str, to: str) -> Spread:
        """Return how many times as long one peer takes as another, round by round."""
        return time_ratio(self.samples[backend, work, peer], self.samples[backend, work, to])


def time_ratio(ours: Sequence[Sample], theirs: Sequence[Sample]) -> Spread:
    """Return how many times as long something takes as something else, round by round."""
    return Spread.of(a.milliseconds / b.milliseconds for a, b in zip(ours, theirs, strict=True))
