"""What ShopTrack is meant to reach, and whether it did."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import growth, works
from benchmarks.peers import DRF, FASTAPI, FLOOR, SHOPTRACK, Peer
from benchmarks.results import Results, Spread, time_ratio
from benchmarks.works import Work

LIST_TO_FLOOR = 1.5
LIST_TO_PEERS = 5
SMALL_READ_TO_PEERS = 1.5
CREATE_TO_DRF = 1.5
CPU_TO_FLOOR = 0.7  # milliseconds
FAR_TO_FIRST = 1.5
MEMORY = 64  # MiB
FIRST_BYTE = 300  # milliseconds


@dataclass(frozen=True)
class Goal:
    """A figure with its limit.

    :param at_least: whether the figure is to be that large, or else at most so
    """

    text: str
    figure: Spread
    limit: float
    at_least: bool

    @property
    def reached(self) -> bool:
        """Tell whether the median keeps to the limit."""
        median = self.figure.median
        return median >= self.limit if self.at_least else median <= self.limit


def goals(results: Results, backend: str) -> list[Goal]:
    """Return the goals whose figures were measured."""
    found = [*_faster(results, backend, works.LIST, SHOPTRACK, FLOOR, LIST_TO_FLOOR, False)]
    for peer in (DRF, FASTAPI):
        found += _faster(results, backend, works.LIST, peer, SHOPTRACK, LIST_TO_PEERS)
    for work in works.SMALL_READS:
        for peer in (DRF, FASTAPI):
            found += _faster(results, backend, work, peer, SHOPTRACK, SMALL_READ_TO_PEERS)
    found += _faster(results, backend, works.CREATE, DRF, SHOPTRACK, CREATE_TO_DRF)
    for work in works.SMALL_READS:
        found += _cpu(results, backend, work)
    return [*found, *_far_page(results, backend), *_whole_list(results, backend)]


def _faster(
    results: Results,
    backend: str,
    work: Work,
    peer: Peer,
    to: Peer,
    limit: float,
    at_least: bool = True,
) -> Iterator[Goal]:
    if (backend, work.key, peer.key) in results.samples:
        text = f"{work.title}: {peer.title}'s time ÷ {to.title}'s"
        ratio = results.ratio(backend, work.key, peer.key, to.key)
        yield Goal(text, ratio, limit, at_least)


def _cpu(results: Results, backend: str, work: Work) -> Iterator[Goal]:
    ours = results.samples.get((backend, work.key, SHOPTRACK.key), [])
    floor = results.samples.get((backend, work.key, FLOOR.key), [])
    more = [a.cpu_milliseconds - b.cpu_milliseconds for a, b in zip(ours, floor, strict=True)]
    if more:
        text = f"{work.title}: CPU more than the floor's, ms"
        yield Goal(text, Spread.of(more), CPU_TO_FLOOR, at_least=False)


def _far_page(results: Results, backend: str) -> Iterator[Goal]:
    for size in growth.SIZES:
        first = results.growth.get((backend, size, growth.FIRST.key), [])
        far = results.growth.get((backend, size, growth.FAR.key), [])
        # Too few records have no such page.
        if far:
            text = f"{size:,} records: page {growth.FAR_PAGE:,}'s time ÷ page 1's"
            yield Goal(text, time_ratio(far, first), FAR_TO_FIRST, at_least=False)


def _whole_list(results: Results, backend: str) -> Iterator[Goal]:
    for size in growth.SIZES:
        footprint = results.footprints.get((backend, size, SHOPTRACK.key))
        if footprint and size >= works.LARGE:
            text = f"Whole list of {size:,}"
            memory = Spread.of([footprint.growth_mebibytes])
            yield Goal(f"{text}: memory above idle, MiB", memory, MEMORY, at_least=False)
            first_byte = Spread.of([footprint.first_byte * 1000])
            yield Goal(f"{text}: first byte, ms", first_byte, FIRST_BYTE, at_least=False)
