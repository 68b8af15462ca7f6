"""Many rows in one request: ``python -m benchmarks.bulk``, or ``make bench-bulk``.

One client adds 100 records by as many requests, one after the other, and then 100 others by one request.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import click

from benchmarks import dataset, machine, markdown
from benchmarks.backends import BACKENDS
from benchmarks.client import Client
from benchmarks.dataset import Dataset
from benchmarks.options import backend_option, out_option
from benchmarks.peers import SHOPTRACK
from benchmarks.results import Spread
from benchmarks.server import Server, serving
from benchmarks.workplace import workplace
from benchmarks.works import HOUSEHOLD, RECORDS

ROWS = 100
GOAL = 20  # times as fast
REPEATS = 5  # of what one request does, in a round
BULK = f"{RECORDS}bulk/"
HEAD = f"""# Results of many rows at once

`make bench-bulk` wrote this on {{day}}: whole HTTP requests of one client over one connection, to `pserve
production.ini` on one core. The database has {{records:,}} records. Figures are milliseconds until all {ROWS} records
are stored and answered: medians of all rounds, with the least and the largest in brackets. Ratios are between two runs
of one round. One request for {ROWS} records is to be at least {GOAL} times as fast as {ROWS} requests; **bold** is what
is not.

"""


@dataclass
class Figures:
    """Milliseconds for 100 records, a figure for each round."""

    singly: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    warned: list[float] = field(default_factory=list)

    def row(self, title: str) -> list[str]:
        """Return the row of the table."""
        ratio = Spread.of(a / b for a, b in zip(self.singly, self.together, strict=True))
        text = ratio.text() if ratio.median >= GOAL else f"**{ratio.text()}**"
        figures = (self.singly, self.together, self.warned)
        return [title, *(Spread.of(values).text() for values in figures), text]


def measure(server: Server, data: Dataset, rounds: int) -> Figures:
    """Add records singly and together, in turn. What is written is taken back after each round."""
    found = Figures()
    for number in range(-1, rounds):  # the first one opens connections, and has plans made
        figures = found if number >= 0 else Figures()
        with server.client(data.token) as client:
            bodies = [_make_body(data, price) for price in range(1, ROWS + 1)]
            taken = [_send(server, client, RECORDS, json.dumps(body)) for body in bodies]
            figures.singly.append(sum(taken))
            together = json.dumps(bodies)
            for times, path in (
                (figures.together, BULK),
                (figures.warned, f"{BULK}?warnings=true"),
            ):
                taken = [_send(server, client, path, together) for _ in range(REPEATS)]
                times.append(median(taken))
        data.restore()
    return found


def _make_body(data: Dataset, price: int) -> dict[str, object]:
    return {
        "price": price,
        "purchase_date": "2025-12-31",
        "store_id": 1,
        "quantity": "1.500",
        "product_id": price % 9 + 1,
    }


def _send(server: Server, client: Client, path: str, body: str) -> float:
    """Return the milliseconds until the whole answer is there."""
    times = client.timed("POST", path, body)
    if times.status != 201:
        raise click.ClickException(f"{path} answered {times.status}:\n{server.said()}")
    return times.whole * 1000


@click.command()
@click.option("--records", type=click.IntRange(1), default=HOUSEHOLD, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=15, show_default=True)
@backend_option
@out_option("RESULTS-bulk.md")
def main(records: int, rounds: int, backends: Sequence[str], out: Path) -> None:
    """Measure what one request for many rows saves."""
    facts = machine.description(machine.OURS)
    rows: list[list[str]] = []
    with workplace() as place:
        facts["Cores"] = str(place.cores)
        for name in backends or BACKENDS:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                data = dataset.create(backend, records, dataset.demo)
                with serving(SHOPTRACK, place.cores.server, data.settings, place.folder) as server:
                    rows.append(measure(server, data, rounds).row(backend.title))
                data.dispose()
    facts["Rounds"] = f"{rounds}, after a first one"
    head = ("", f"{ROWS} requests", "one request", "with warnings", "times as fast")
    table = markdown.table(head, rows)
    click.echo(table)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "RESULTS-bulk.md"
    text = HEAD.format(day=date.today(), records=records)
    path.write_text(f"{text}{markdown.facts(facts)}\n{table}", encoding="utf-8")
    click.echo(f"The whole is in {path}.")


if __name__ == "__main__":
    main()
