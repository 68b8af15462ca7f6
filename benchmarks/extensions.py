"""The price of an extension: ``python -m benchmarks.extensions``, or ``make bench-extensions``.

Two servers read the same database in turn, one of them with the plugin of ``examples/shoptrack_record_notes``, which
adds two fields to each shopping record. Half of the records have a note.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import click
from sqlalchemy import insert

from benchmarks import dataset, machine, markdown
from benchmarks.alone import Used
from benchmarks.backends import BACKENDS
from benchmarks.dataset import Dataset
from benchmarks.peers import SHOPTRACK
from benchmarks.results import Spread
from benchmarks.server import Server, serving
from benchmarks.workplace import Workplace, workplace
from benchmarks.works import HOUSEHOLD, PAGE, RECORDS

PLUGIN = "shoptrack_record_notes"
FOLDER = machine.ROOT / "examples" / PLUGIN
GOAL = 1.15  # times the processor time
WITHOUT, WITH = "without", "with"
HEAD = f"""# Results of an extension

`make bench-extensions` wrote this on {{day}}: whole HTTP requests, one after the other, in turn to two processes of
`pserve production.ini` on one core and one database with {{records:,}} records. One has the plugin of
[`examples/{PLUGIN}`](../examples/{PLUGIN}/README.md), which adds a note and a tax rate to each
record; half of the records have a row of it. Figures are milliseconds for a request, medians of all rounds, with the
least and the largest in brackets. Ratios are between two runs of one round. The ratio of the server's processor time
is to be at most {GOAL}; **bold** is what is not. SQLite works in the server's process.

"""


@dataclass(frozen=True)
class Lists:
    """Lists that are asked for.

    :param paths: one after the other
    :param times: that all of them are asked for in a round
    """

    title: str
    paths: Sequence[str]
    times: int


@dataclass
class Figures:
    """Milliseconds for a request, a figure for each round, by whether the plugin is enabled."""

    server: dict[str, list[float]] = field(default_factory=lambda: {WITHOUT: [], WITH: []})
    database: dict[str, list[float]] = field(default_factory=lambda: {WITHOUT: [], WITH: []})
    wall: dict[str, list[float]] = field(default_factory=lambda: {WITHOUT: [], WITH: []})

    def rows(self, title: str) -> Iterator[list[str]]:
        """Yield the rows of the table."""
        of_kinds = {
            "processor time of the server": self.server,
            "processor time of PostgreSQL": self.database,
            "time until the whole answer is there": self.wall,
        }
        for kind, figures in of_kinds.items():
            if not any(figures[WITHOUT]):
                continue  # SQLite has no process of its own
            ratio = Spread.of(b / a for a, b in zip(*figures.values(), strict=True) if a)
            text = ratio.text()
            if figures is self.server and ratio.median > GOAL:
                text = f"**{text}**"
            shown = [Spread.of(values).text() for values in figures.values()]
            yield [f"{title}, {kind}", *shown, text]


def measure(
    servers: Mapping[str, Server], data: Dataset, lists: Sequence[Lists], rounds: int
) -> list[Figures]:
    """Ask the servers for the lists, in turn."""
    found = [Figures() for _ in lists]
    for number in range(-1, rounds):  # the first one opens connections, and has plans made
        for figures, asked in zip(found, lists, strict=True):
            for name in sorted(servers, reverse=number % 2 == 0):
                _measure(servers[name], data, asked, name, figures if number >= 0 else Figures())
    return found


def _measure(server: Server, data: Dataset, asked: Lists, name: str, figures: Figures) -> None:
    taken = []
    used = Used.by(server.cpu_seconds), Used.by(data.backend.cpu_seconds)
    with server.client(data.token) as client:
        for path in [*asked.paths] * asked.times:
            times = client.timed("GET", path)
            if times.status != 200:
                raise click.ClickException(f"{path} answered {times.status}:\n{server.said()}")
            taken.append(times.whole * 1000)
    each = 1000 / len(taken)
    figures.server[name].append(used[0].seconds() * each)
    figures.database[name].append(used[1].seconds() * each)
    figures.wall[name].append(median(taken))


def add_notes(data: Dataset) -> None:
    """Write a note for every other record."""
    from shoptrack_record_notes.models import RecordNote

    rows = [
        {"id": id, "note": f"Note {id}", "note_folded": f"note {id}", "tax_rate": 10}
        for id in data.ids[::2]
    ]
    with data.engine.begin() as connection:
        connection.execute(insert(RecordNote), rows)
    data.tidy()


@contextmanager
def serve_both(place: Workplace, data: Dataset) -> Iterator[dict[str, Server]]:
    """Serve a database without and with the plugin meanwhile, on one core."""
    with ExitStack() as stack:
        servers = {}
        for name, plugins in ((WITHOUT, ()), (WITH, (PLUGIN,))):
            folder = place.folder / f"{data.backend.title}-{name}"
            folder.mkdir()
            settings = data.settings | {
                "SHOPTRACK_PLUGINS": dataset.list_plugins(plugins),
                "PYTHONPATH": f"{machine.ROOT}{os.pathsep}{FOLDER}",
            }
            served = serving(SHOPTRACK, place.cores.server, settings, folder)
            servers[name] = stack.enter_context(served)
        for name, server in servers.items():
            with server.client(data.token) as client:
                record = client.send("GET", f"{RECORDS}1/").document
            assert ("note" in record) == (name == WITH), record
        yield servers


@click.command()
@click.option("--records", type=click.IntRange(PAGE), default=HOUSEHOLD, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=9, show_default=True)
@click.option(
    "--backend", "backends", type=click.Choice(BACKENDS), multiple=True, help="Default: both."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=machine.ROOT / "benchmarks",
    help="The folder for RESULTS-extensions.md. Default: benchmarks.",
)
def main(records: int, rounds: int, backends: Sequence[str], out: Path) -> None:
    """Measure what lists cost with a plugin that extends their rows."""
    sys.path.append(str(FOLDER))
    pages = [f"{RECORDS}?limit={PAGE}&offset={start}" for start in range(0, records, PAGE)]
    lists = (
        Lists(f"The whole list of {records:,}", [RECORDS], 15),
        Lists(f"A page of {PAGE}", pages, 1),
    )
    facts = machine.description(machine.OURS)
    rows: list[list[str]] = []
    with workplace() as place:
        facts["Cores"] = str(place.cores)
        for name in backends or BACKENDS:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                data = dataset.create(backend, records, dataset.demo, [PLUGIN])
                add_notes(data)
                with serve_both(place, data) as servers:
                    for asked, figures in zip(
                        lists, measure(servers, data, lists, rounds), strict=True
                    ):
                        rows += figures.rows(f"{backend.title}: {asked.title.lower()}")
                data.dispose()
    facts["Rounds"] = f"{rounds}, after a first one"
    table = markdown.table(("", WITHOUT, WITH, "ratio"), rows)
    click.echo(table)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "RESULTS-extensions.md"
    head = HEAD.format(day=date.today(), records=records)
    path.write_text(f"{head}{markdown.facts(facts)}\n{table}", encoding="utf-8")
    click.echo(f"The whole is in {path}.")


if __name__ == "__main__":
    main()
