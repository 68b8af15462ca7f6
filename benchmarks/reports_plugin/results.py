"""RESULTS-reports.md: what the reports took, against the time that they are meant to take."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from benchmarks import markdown
from benchmarks.alone import Alone
from benchmarks.backends import PostgreSQL
from benchmarks.reports_plugin.requests import FORMATS, JSON

GOAL = 200  # milliseconds
Measured = dict[str, dict[str, Alone]]  # by a report's title and format

HEAD = f"""# Results of the reports

`make bench-reports` wrote this on {{day}}: whole HTTP requests, one after the other, to one process of
`pserve production.ini`, with {{records:,}} records. Figures are milliseconds until the whole answer was there:
medians, with the least and the largest in brackets. Every median is to be at most {GOAL} ms; **bold** is what
is not. Processor time is that of one request, for JSON; SQLite works in the process.

A chart by days is about one year, since it has 400 columns at most, and a report by month and product about
four months, since it has 10,000 rows at most. Everything else is about all records.

"""
WORKED = ("of the process's CPU", "of PostgreSQL's CPU")


class Section:
    """What was measured on one kind of database.

    :param worst: by case
    """

    def __init__(
        self, title: str, prices: Measured, spending: Measured, worst: dict[str, Measured]
    ):
        self._title = title
        self._workers = WORKED if title == PostgreSQL.title else WORKED[:1]
        self._prices = prices
        self._spending = spending
        self._worst = worst

    def text(self) -> str:
        """Return the tables of this database."""
        parts = [
            markdown.section(self._title, self.goal()),
            self._documents(self._prices),
            markdown.table(
                ("", *(format.upper() for format in FORMATS), *self._workers),
                [
                    [title, *(_time(of[format]) for format in FORMATS), *self._worked(of)]
                    for title, of in self._spending.items()
                ],
            ),
            *(
                f"Where all records are of one product, and {case}:\n\n" + self._documents(measured)
                for case, measured in self._worst.items()
            ),
        ]
        return "\n".join(filter(None, parts))

    def goal(self) -> str:
        """Tell which reports keep to the goal."""
        told = [_reached("Of the reports", (self._prices, self._spending))]
        told += [
            _reached(f"Of those about one product, where {case}", (measured,))
            for case, measured in self._worst.items()
        ]
        return "".join(f"- {line}\n" for line in told)

    def _documents(self, measured: Measured) -> str:
        rows = [[title, _time(of[JSON]), *self._worked(of)] for title, of in measured.items()]
        return markdown.table(("", "Milliseconds", *self._workers), rows)

    def _worked(self, of: dict[str, Alone]) -> list[str]:
        figures = (of[JSON].server, of[JSON].database)
        return [f"{figure:.1f}" for figure in figures[: len(self._workers)]]


def write(folder: Path, records: int, sections: Sequence[Section], facts: dict[str, str]) -> Path:
    """Write RESULTS-reports.md, and return its path.

    :param facts: about the machine and the run, by name
    """
    head = HEAD.format(day=date.today(), records=records)
    texts = "\n".join(section.text() for section in sections)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "RESULTS-reports.md"
    path.write_text(f"{head}{markdown.facts(facts)}\n{texts}", encoding="utf-8")
    return path


def _reached(those: str, several: Iterable[Measured]) -> str:
    found = [alone for measured in several for of in measured.values() for alone in of.values()]
    slowest = max(alone.milliseconds.median for alone in found if alone.milliseconds)
    kept = sum(map(_keeps, found))
    return (
        f"{those}, {kept} of {len(found)} take at most {GOAL} ms; the slowest takes {slowest:.0f}."
    )


def _keeps(alone: Alone) -> bool:
    return alone.milliseconds is not None and alone.milliseconds.median <= GOAL


def _time(alone: Alone) -> str:
    if alone.milliseconds is None:
        return f"answered {alone.status}"
    text = alone.milliseconds.text()
    return text if _keeps(alone) else f"**{text}**"
