"""The price of an extension: ``python -m benchmarks.extensions``, or ``make bench-extensions``.

Two servers read the same database in turn, one of them with a plugin: ``examples/shoptrack_record_notes``, which
adds two fields to each record, or ``shoptrack_barcodes``, which adds their barcodes to products. Half of the
rows have some.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import click
from sqlalchemy import insert, select

from benchmarks import dataset, machine, markdown
from benchmarks.alone import Used
from benchmarks.backends import BACKENDS
from benchmarks.dataset import Dataset
from benchmarks.options import backend_option, out_option
from benchmarks.peers import SHOPTRACK
from benchmarks.results import Spread
from benchmarks.server import Server, serving
from benchmarks.workplace import Workplace, workplace
from benchmarks.works import HOUSEHOLD, PAGE, RECORDS
from shoptrack.catalog.models import Product

PRODUCTS = "/api/products/"
EXAMPLES = machine.ROOT / "examples"
WITHOUT, WITH = "without", "with"
SERVER, DATABASE, WALL = (
    "processor time of the server",
    "processor time of PostgreSQL",
    "time until the whole answer is there",
)
HEAD = """# Results of an extension

`make bench-extensions` wrote this on {day}: whole HTTP requests, one after the other, in turn to two processes of
`pserve production.ini` on one core and one database with {number:,} {rows}. One has the plugin
{about}; half of the {rows} have a row of it.
Figures are milliseconds for a request, medians of all rounds, with the least and the largest in brackets. Ratios are
between two runs of one round. The ratio of the {judged} is to be at most {goal}; **bold** is what
is not. SQLite works in the server's process.

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

    def rows(self, title: str, case: "Case") -> Iterator[list[str]]:
        """Yield the rows of the table."""
        of_kinds = {SERVER: self.server, DATABASE: self.database, WALL: self.wall}
        for kind, figures in of_kinds.items():
            if not any(figures[WITHOUT]):
                continue  # SQLite has no process of its own
            ratio = Spread.of(b / a for a, b in zip(*figures.values(), strict=True) if a)
            text = ratio.text()
            if kind == case.judged and ratio.median > case.goal:
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


def add_notes(data: Dataset, number: int) -> None:
    """Write a note for every other record."""
    from shoptrack_record_notes.models import RecordNote

    rows = [
        {"id": id, "note": f"Note {id}", "note_folded": f"note {id}", "tax_rate": 10}
        for id in data.ids[::2]
    ]
    with data.engine.begin() as connection:
        connection.execute(insert(RecordNote), rows)
    data.tidy()


def add_barcodes(data: Dataset, number: int) -> None:
    """Write further products, and a barcode for every other one."""
    from shoptrack_barcodes.codes import compute_check_digit
    from shoptrack_barcodes.models import Barcode, ProductCodes

    with data.engine.begin() as connection:
        some = connection.execute(select(Product.__table__)).mappings().all()
        known = [{name: row[name] for name in row if name != "id"} for row in some]
        rows = [
            {**known[n % len(known)], "name": f"Product {n}", "name_folded": f"product {n}"}
            for n in range(number - len(known))
        ]
        connection.execute(insert(Product), rows)
        ids = connection.scalars(select(Product.id).order_by(Product.id)).all()
        codes = [f"49{n:010}" for n in range(0, len(ids), 2)]
        codes = [code + compute_check_digit(code) for code in codes]
        rows = [
            {"product_id": id, "code": code, "normalized": code}
            for id, code in zip(ids[::2], codes, strict=True)
        ]
        connection.execute(insert(Barcode), rows)
        rows = [
            {"id": row["product_id"], "barcodes": row["code"], "normalized": row["normalized"]}
            for row in rows
        ]
        connection.execute(insert(ProductCodes), rows)
    data.tidy()


@dataclass(frozen=True)
class Case:
    """A plugin, and the lists that it extends.

    :param about: what it adds, for the report
    :param path: of the list
    :param rows: what the list has
    :param member: one that it adds to each document
    :param judged: the kind of figures that has a goal
    :param goal: the ratio that is to be reached
    :param fill: writes rows until the list has this many, and what the plugin has of every other one
    :param folder: where the plugin is imported from, if it is not installed
    """

    plugin: str
    about: str
    path: str
    rows: str
    member: str
    judged: str
    goal: float
    fill: Callable[[Dataset, int], None]
    result: str
    orders: Sequence[str] = ("",)
    folder: Path | None = None


CASES = {
    case.plugin: case
    for case in (
        Case(
            "shoptrack_record_notes",
            "of\n[`examples/shoptrack_record_notes`](../examples/shoptrack_record_notes/README.md), "
            "which adds a note and a tax rate to each\nrecord",
            RECORDS,
            "records",
            "note",
            SERVER,
            1.15,
            add_notes,
            "RESULTS-extensions.md",
            folder=EXAMPLES / "shoptrack_record_notes",
        ),
        Case(
            "shoptrack_barcodes",
            "`shoptrack_barcodes`,\nwhich adds a list of barcodes to each product",
            PRODUCTS,
            "products",
            "barcodes",
            WALL,
            1.2,
            add_barcodes,
            "RESULTS-barcodes.md",
            orders=("", "ordering=name"),
        ),
    )
}


@contextmanager
def serve_both(place: Workplace, data: Dataset, case: Case) -> Iterator[dict[str, Server]]:
    """Serve a database without and with the plugin meanwhile, on one core."""
    folders = [str(folder) for folder in (machine.ROOT, case.folder) if folder]
    with ExitStack() as stack:
        servers = {}
        for name, plugins in ((WITHOUT, ()), (WITH, (case.plugin,))):
            folder = place.folder / f"{case.plugin}-{data.backend.title}-{name}"
            folder.mkdir()
            settings = data.settings | {
                "SHOPTRACK_PLUGINS": dataset.list_plugins(plugins),
                "PYTHONPATH": os.pathsep.join(folders),
            }
            served = serving(SHOPTRACK, place.cores.server, settings, folder)
            servers[name] = stack.enter_context(served)
        for name, server in servers.items():
            with server.client(data.token) as client:
                row = client.send("GET", f"{case.path}1/").document
            assert (case.member in row) == (name == WITH), row
        yield servers


@click.command()
@click.option(
    "--plugin", "plugins", type=click.Choice(list(CASES)), multiple=True, help="Default: all."
)
@click.option("--rows", "number", type=click.IntRange(PAGE), default=HOUSEHOLD, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=9, show_default=True)
@backend_option
@out_option("RESULTS-extensions.md and RESULTS-barcodes.md")
def main(
    plugins: Sequence[str], number: int, rounds: int, backends: Sequence[str], out: Path
) -> None:
    """Measure what lists cost with a plugin that extends their rows."""
    for plugin in plugins or CASES:
        _measure_case(CASES[plugin], number, rounds, backends or list(BACKENDS), out)


def _measure_case(case: Case, number: int, rounds: int, backends: Sequence[str], out: Path) -> None:
    if case.folder is not None:
        sys.path.append(str(case.folder))
    lists = []
    for order in case.orders:
        by = f" by {order.removeprefix('ordering=')}" if order else ""
        starts = range(0, number, PAGE)
        pages = [f"{case.path}?limit={PAGE}&offset={start}&{order}".strip("&") for start in starts]
        whole = f"{case.path}?{order}".rstrip("?")
        lists += [
            Lists(f"The whole list of {number:,}{by}", [whole], 15),
            Lists(f"A page of {PAGE}{by}", pages, 1),
        ]
    facts = machine.description(machine.OURS)
    rows: list[list[str]] = []
    with workplace() as place:
        facts["Cores"] = str(place.cores)
        for name in backends:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                data = dataset.create(backend, number, dataset.demo, [case.plugin])
                case.fill(data, number)
                with serve_both(place, data, case) as servers:
                    found = measure(servers, data, lists, rounds)
                for asked, figures in zip(lists, found, strict=True):
                    rows += figures.rows(f"{backend.title}: {asked.title.lower()}", case)
                data.dispose()
    facts["Rounds"] = f"{rounds}, after a first one"
    table = markdown.table(("", WITHOUT, WITH, "ratio"), rows)
    click.echo(table)
    out.mkdir(parents=True, exist_ok=True)
    path = out / case.result
    named = {"about": case.about, "rows": case.rows, "judged": case.judged, "goal": case.goal}
    head = HEAD.format(day=date.today(), number=number, **named)
    path.write_text(f"{head}{markdown.facts(facts)}\n{table}", encoding="utf-8")
    click.echo(f"The whole is in {path}.")


if __name__ == "__main__":
    main()
