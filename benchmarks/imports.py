"""What an import takes: ``python -m benchmarks.imports``, or ``make bench-imports``.

A server imports a file of shopping records over HTTP, and then the same file again. Its memory is watched meanwhile.
Before, as many records as fit in some seconds are created one by one.
"""

import http.client
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import click
import orjson

from benchmarks import dataset, machine, markdown
from benchmarks.backends import BACKENDS
from benchmarks.dataset import Dataset
from benchmarks.footprint import watch_memory
from benchmarks.options import backend_option, out_option
from benchmarks.peers import SHOPTRACK
from benchmarks.server import Server, serving
from benchmarks.workplace import workplace
from benchmarks.works import PAGE, RECORDS

MEBIBYTE = 2**20
LONGEST = 64 * MEBIBYTE
GOAL_TIMES, GOAL_MEMORY = 20, 64 * MEBIBYTE
SINGLES_SECONDS = 10
TIMEOUT = 1800  # seconds
HEADINGS = (
    "purchase_date,store_name,store_location,product_name,"
    "product_category_name,product_unit_name,quantity,price\n"
)
HEAD = f"""# Results of imports

`make bench-imports` wrote this on {{day}}: files of shopping records, sent over HTTP to a process of
`pserve production.ini` on one core. They name 2,000 products and 50 stores, which do not exist before: the first
import creates them as well, and they are not counted as lines. Memory is the most that the server's processes hold,
above what they held before the request. The goals are at least {GOAL_TIMES}
times the speed of single creations, and at most {GOAL_MEMORY // MEBIBYTE} MiB; **bold** is what misses them.

"""


@dataclass(frozen=True)
class Import:
    """What an import took.

    :ivar memory: in bytes, above idle
    """

    seconds: float
    memory: int
    counts: dict[str, int]


def write_file(path: Path, lines: int | None) -> int:
    """Write a file of so many lines, or of the greatest length, and return the number of its lines."""
    numbers = random.Random(1)
    first = date(2015, 1, 1)
    with path.open("w", encoding="utf-8") as file:
        length = file.write(HEADINGS)
        for number in count():
            product, store = numbers.randrange(2000), numbers.randrange(50)
            day = first + timedelta(numbers.randrange(4000))
            line = (
                f"{day},Store {store},City {store},Product {product},Category {product % 20},"
                f"u{product % 5},{numbers.randrange(1, 9)},{numbers.randrange(100, 9999)}\n"
            )
            length += len(line)
            if number == lines or length > LONGEST:
                return number
            file.write(line)
    raise AssertionError("the loop ends by its return")


def create_singly(server: Server, data: Dataset) -> float:
    """Return the seconds that the creation of one record takes."""
    body = {"price": 1, "purchase_date": "2025-04-01", "store_id": 1, "product_id": 1}
    text = orjson.dumps(body | {"quantity": "1"}).decode()
    with server.client(data.token) as client:
        started = time.perf_counter()
        for number in count(1):
            times = client.timed("POST", RECORDS, text)
            if times.status != 201:
                raise click.ClickException(f"A creation answered {times.status}:\n{server.said()}")
            taken = time.perf_counter() - started
            if taken > SINGLES_SECONDS:
                return taken / number
    raise AssertionError("the loop ends by its return")


def import_file(server: Server, data: Dataset, path: Path, status: int) -> Import:
    """Send a file, and return what its import took."""
    server.settle()
    idle = server.memory()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
    headers = {
        "Authorization": f"Bearer {data.token}",
        "Content-Type": "text/csv",
        "Content-Length": str(path.stat().st_size),
    }
    with watch_memory(server) as seen, path.open("rb") as file:
        started = time.perf_counter()
        connection.request("POST", f"{RECORDS}import/", file, headers)
        response = connection.getresponse()
        body = response.read()
        taken = time.perf_counter() - started
    connection.close()
    if response.status != status:
        raise click.ClickException(f"The import answered {response.status}: {body[:1000]!r}")
    return Import(taken, max(seen) - idle, orjson.loads(body)["counts"])


def make_row(title: str, lines: int, found: Import, single: float) -> list[str]:
    """Return the row of a table."""
    times = single * lines / found.seconds
    memory = f"{found.memory / MEBIBYTE:.0f} MiB"
    return [
        title,
        f"{lines:,}",
        f"{found.seconds:.1f} s",
        f"{found.seconds / lines * 1e6:.0f} µs",
        f"{times:.0f} ×" if times >= GOAL_TIMES else f"**{times:.0f} ×**",
        memory if found.memory <= GOAL_MEMORY else f"**{memory}**",
    ]


@click.command()
@click.option("--lines", type=click.IntRange(1), default=100_000, show_default=True)
@click.option("--longest", is_flag=True, help="Also import a file of 64 MiB, which takes minutes.")
@backend_option
@out_option("RESULTS-imports.md")
def main(lines: int, longest: bool, backends: Sequence[str], out: Path) -> None:
    """Measure what the import of a file takes."""
    facts = machine.description(machine.OURS)
    rows: list[list[str]] = []
    with workplace() as place:
        facts["Cores"] = str(place.cores)
        file, long = place.folder / "records.csv", place.folder / "long.csv"
        write_file(file, lines)
        for name in backends or BACKENDS:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                data = dataset.create(backend, PAGE, dataset.demo)
                folder = place.folder / backend.title
                folder.mkdir()
                with serving(SHOPTRACK, place.cores.server, data.settings, folder) as server:
                    single = create_singly(server, data)
                    facts[f"{backend.title}: one creation"] = f"{single * 1000:.1f} ms"
                    for title, status in (("new", 201), ("the same again", 200)):
                        found = import_file(server, data, file, status)
                        rows.append(make_row(f"{backend.title}: {title}", lines, found, single))
                    if longest:
                        number = write_file(long, None)
                        found = import_file(server, data, long, 201)
                        rows.append(make_row(f"{backend.title}: 64 MiB", number, found, single))
                data.dispose()
    heads = ("", "lines", "time", "a line", "than single creations", "memory above idle")
    table = markdown.table(heads, rows)
    click.echo(table)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "RESULTS-imports.md"
    path.write_text(f"{HEAD.format(day=date.today())}{markdown.facts(facts)}\n{table}", "utf-8")
    click.echo(f"The whole is in {path}.")


if __name__ == "__main__":
    main()
