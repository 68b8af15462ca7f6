"""The tables of the report, as Markdown. Each is empty where nothing was measured for it."""

from collections.abc import Iterable, Sequence

from benchmarks import growth as growing
from benchmarks import markdown, works
from benchmarks.goals import Goal
from benchmarks.goals import goals as all_goals
from benchmarks.peers import DRF, FASTAPI, FLOOR, PEERS, SHOPTRACK
from benchmarks.results import MEBIBYTE, Results, Sample, Spread
from benchmarks.works import Work

RATIOS = ((SHOPTRACK, FLOOR), (DRF, SHOPTRACK), (FASTAPI, SHOPTRACK))
TITLES = [peer.title for peer in PEERS]


def times(results: Results, backend: str) -> str:
    """Return what each peer needs, and how many times as long as another."""
    head = ["", *TITLES, *(f"{one.title} ÷ {other.title}" for one, other in RATIOS)]
    rows = []
    for work in _measured(results, backend):
        speeds = [_speed(work, results.samples[backend, work.key, peer.key]) for peer in PEERS]
        ratios = [results.ratio(backend, work.key, one.key, other.key) for one, other in RATIOS]
        rows.append([work.title, *speeds, *(ratio.text() for ratio in ratios)])
    return markdown.table(head, rows)


def goals(results: Results, backend: str) -> str:
    """Return what was to be reached."""
    return goal_table(all_goals(results, backend))


def goal_table(goals: Iterable[Goal]) -> str:
    """Return some goals, and whether they were reached."""
    rows = [
        (
            goal.text,
            goal.figure.text(),
            f"{'at least' if goal.at_least else 'at most'} {goal.limit:g}",
            "yes" if goal.reached else "**no**",
        )
        for goal in goals
    ]
    return markdown.table(("Goal", "Measured", "Wanted", "Reached"), rows)


def cpu(results: Results, backend: str) -> str:
    """Return how long each server works for a request, in milliseconds."""
    rows = []
    for work in _measured(results, backend):
        of_peers = (results.samples[backend, work.key, peer.key] for peer in PEERS)
        spreads = (Spread.of(sample.cpu_milliseconds for sample in of) for of in of_peers)
        rows.append([work.title, *(spread.text() for spread in spreads)])
    return markdown.table(("", *TITLES), rows)


def memory(results: Results, backend: str) -> str:
    """Return the memory that a whole list takes, and when it begins."""
    rows = []
    for size in growing.SIZES:
        for peer in PEERS:
            found = results.footprints.get((backend, size, peer.key))
            if found:
                figures = (found.idle / MEBIBYTE, found.peak / MEBIBYTE, found.growth_mebibytes)
                first_byte = f"{found.first_byte * 1000:,.0f}"
                rows.append([f"{size:,}", peer.title, *(f"{n:,.0f}" for n in figures), first_byte])
    head = ("Records", "", "Idle, MiB", "Peak, MiB", "More, MiB", "First byte, ms")
    return markdown.table(head, rows)


def growth(results: Results, backend: str) -> str:
    """Return ShopTrack's times on databases of several sizes, in milliseconds."""
    rows = []
    for work in growing.MEASURED:
        of_sizes = [results.growth.get((backend, size, work.key)) for size in growing.SIZES]
        if any(of_sizes):
            rows.append([work.title, *(_milliseconds(samples) for samples in of_sizes)])
    return markdown.table(("", *(f"{size:,} records" for size in growing.SIZES)), rows)


def statements(results: Results) -> str:
    """Return how many SQL statements each peer sends for a request."""
    counted = [work for work in works.COMPARED if (work.key, SHOPTRACK.key) in results.statements]
    rows = [
        [work.title, *(str(results.statements[work.key, peer.key]) for peer in PEERS)]
        for work in counted
    ]
    return markdown.table(("", *TITLES), rows)


def _measured(results: Results, backend: str) -> list[Work]:
    return [w for w in works.COMPARED if (backend, w.key, SHOPTRACK.key) in results.samples]


def _speed(work: Work, samples: Sequence[Sample]) -> str:
    if work.connections == 1:
        return f"{_milliseconds(samples)} ms"
    return f"{Spread.of(sample.per_second for sample in samples).text()}/s"


def _milliseconds(samples: Sequence[Sample] | None) -> str:
    """Return the time from one answer to the next, as text; nothing where it was not measured."""
    if not samples:
        return ""
    return Spread.of(sample.milliseconds for sample in samples).text()
