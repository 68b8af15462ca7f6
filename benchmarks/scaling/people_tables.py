"""The tables of people: what they saw, who worked, and how many more there could be."""

from collections.abc import Iterable, Sequence

from benchmarks import markdown
from benchmarks.scaling.people import HABITS, MEAN_SECONDS, THINKING
from benchmarks.scaling.service import Stage

LEAST, MOST = (milliseconds / 1000 for milliseconds in THINKING)
TEXT = f"""Each of them has a connection of their own, reads an answer for {LEAST:g} to {MOST:g} s, and asks for
something else. The last row of each group is of people who never pause: what the servers can do at most.
Cores are how many were kept busy. Connections are ShopTrack's to PostgreSQL, the most at a time, and those of
them that did something.
"""
HABITS_HEAD = ("Of 100 requests", "")
HEAD = (
    *("People", "Processes", "By", "Answers", "A second", "p50, ms", "p95, ms", "p99, ms"),
    *(
        "InvalidValue",
        "Broken",
        "Cores: ShopTrack",
        "PostgreSQL",
        "PgBouncer",
        "Connections",
        "busy",
    ),
)
LIMITS_HEAD = (
    *("Processes", "By", "Requests a second at most", "as many as of people"),
    *("ShopTrack's CPU for a request, ms", "PostgreSQL's"),
)


def section(stages: Sequence[Stage]) -> str:
    """Return everything about people; nothing where none were measured."""
    if not stages:
        return ""
    tables = (
        markdown.table(HABITS_HEAD, [[str(weight), work.title] for weight, work in HABITS]),
        markdown.table(HEAD, map(_row, stages)),
        markdown.table(LIMITS_HEAD, _limits(stages)),
    )
    return markdown.section("People at a time, on PostgreSQL", "\n".join((TEXT, *tables)))


def _row(stage: Stage) -> list[str]:
    seen = stage.seen
    return [
        str(stage.people.number) if stage.people.pauses else f"{stage.people.number}, no pause",
        str(stage.processes),
        _way(stage),
        f"{seen.requests:,}",
        f"{seen.per_second:,.1f}",
        *(f"{value:,.1f}" for value in (seen.p50, seen.p95, seen.p99)),
        str(seen.refused),
        str(seen.broken),
        f"{stage.server:.2f}",
        f"{stage.database:.2f}",
        "" if stage.pooler is None else f"{stage.pooler:.2f}",
        str(stage.connections),
        str(stage.busy),
    ]


def _limits(stages: Iterable[Stage]) -> Iterable[list[str]]:
    """Give what people who never pause got, and for how many who do that would be enough."""
    for stage in stages:
        if not stage.people.pauses:
            rate = stage.seen.per_second
            yield [
                str(stage.processes),
                _way(stage),
                f"{rate:,.0f}",
                f"{rate * MEAN_SECONDS:,.0f}",
                f"{stage.server * 1000 / rate:.2f}",
                f"{stage.database * 1000 / rate:.2f}",
            ]


def _way(stage: Stage) -> str:
    return "direct" if stage.pooler is None else "PgBouncer"
