"""The report: RESULTS.md with its chart, and the tables that are printed."""

from datetime import date
from pathlib import Path

from benchmarks import chart, markdown, tables
from benchmarks.backends import TITLES
from benchmarks.results import Results

CHART = "results.svg"
HEAD = f"""# Results

`make bench` wrote this on {{day}}. [README.md](README.md) says what the servers are, what they were
asked, and what the figures cannot tell. Figures are medians, with the least and the largest in
brackets; a ratio is taken round by round.

![{chart.TITLE}]({CHART})
"""


def write(folder: Path, results: Results, facts: dict[str, str]) -> str:
    """Write RESULTS.md and its chart, and return the tables of ratios and of goals.

    :param facts: about the machine and the run, by name
    """
    backends = [name for name in TITLES if any(key[0] == name for key in results.samples)]
    told = [_section(backend, results) for backend in backends]
    details = [
        markdown.section(f"{TITLES[backend]}: {title}", table(results, backend))
        for title, table in (
            ("milliseconds of the server's CPU for a request", tables.cpu),
            ("what a whole list takes of a fresh server", tables.memory),
            ("ShopTrack's time as the records become more, in ms", tables.growth),
        )
        for backend in backends
    ]
    parts = [
        HEAD.format(day=date.today()),
        markdown.facts(facts),
        *told,
        *details,
        markdown.section("SQL statements for a request, on PostgreSQL", tables.statements(results)),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CHART).write_text(chart.draw(results, backends), encoding="utf-8")
    path = folder / "RESULTS.md"
    path.write_text("\n".join(filter(None, parts)), encoding="utf-8")
    return "\n".join([*told, f"The whole is in {path}."])


def _section(backend: str, results: Results) -> str:
    return (
        f"## {TITLES[backend]}\n\n"
        "Requests a second, or milliseconds for a whole list; ratios are those of the times.\n\n"
        f"{tables.times(results, backend)}\n{tables.goals(results, backend)}"
    )
