"""CSV files: ``python -m benchmarks.csv_files``, or ``make bench-csv``; ``make bench`` runs it as well.

The floor of an export is the plainest program: ``csv.writer`` over the rows of the same statement, in the same process
and on the same database. The memory is that of a server that was started for one export.
"""

import csv
import io
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import click
from sqlalchemy import Connection

from benchmarks import dataset, machine, markdown, tables
from benchmarks.backends import BACKENDS
from benchmarks.dataset import Dataset
from benchmarks.footprint import watch_memory
from benchmarks.goals import MEMORY, Goal
from benchmarks.options import backend_option, out_option
from benchmarks.peers import SHOPTRACK, production_ini
from benchmarks.results import MEBIBYTE, Spread
from benchmarks.server import serving
from benchmarks.workplace import Workplace, workplace
from benchmarks.works import LARGE, RECORDS
from shoptrack import make_app
from shoptrack.db import Database
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import ListQuery, Repository
from shoptrack.resources.csv import CsvExport
from shoptrack.resources.repository import CHUNK_ROWS
from shoptrack.settings import Sources

EXPORT_TO_FLOOR = 2
EXPORT = f"{RECORDS}export/"
HEAD = """# Results of CSV files

`make bench-csv` wrote this on {day}: shopping records as CSV files, each with its {columns} columns. Times are
processor time in one process, the export and its floor in turn. The floor is `csv.writer` over the rows of the same
statement. Memory is the resident set of `pserve production.ini`, started for one export over HTTP, above what it was
before. Figures are medians of all rounds, with the least and the largest in brackets.

"""


def export_rows(connection: Connection, export: CsvExport, query: ListQuery) -> int:
    """Write the file, and return its bytes."""
    return sum(map(len, export.write(connection, query)))


def write_plainly(connection: Connection, export: CsvExport, query: ListQuery) -> int:
    """Write the rows of the same statement with nothing else, and return their bytes."""
    statement = export.repository._statements(query.shape).all_rows
    text, size = io.StringIO(), 0
    writer = csv.writer(text)
    for rows in connection.execute(statement, query.values).partitions(CHUNK_ROWS):
        writer.writerows(rows)
        size += len(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    return size


def measure_times(data: Dataset, rounds: int) -> tuple[list[float], list[float], int]:
    """Return the seconds of exports and of their floors, and the number of columns."""
    ini = dict(production_ini()["app:main"])
    app = make_app(Sources(ini=ini, environ=data.settings, dotenv_path=None))
    export = CsvExport(Repository.of(app.registry, ShoppingRecordResource))
    query = export.parameters.parse([])
    programs: Sequence[Callable[[Connection, CsvExport, ListQuery], int]]
    programs = (export_rows, write_plainly)
    taken: dict[str, list[float]] = {program.__name__: [] for program in programs}
    database = Database.of(app.registry)
    for number in range(-1, rounds):  # the first one opens connections, and has plans made
        for program in programs if number % 2 else reversed(programs):
            with database.snapshot(CHUNK_ROWS) as connection:
                started = time.process_time()
                program(connection, export, query)
                seconds = time.process_time() - started
            if number >= 0:
                taken[program.__name__].append(seconds)
    columns = len(export.get_columns(query))
    database.dispose()
    return taken["export_rows"], taken["write_plainly"], columns


def measure_memory(place: Workplace, data: Dataset) -> tuple[int, float]:
    """Return the bytes that one export takes of a fresh server, and its seconds."""
    with serving(SHOPTRACK, place.cores.server, data.settings, place.folder) as server:
        with server.client(data.token) as client:
            client.send("GET", f"{EXPORT}?id=1")
        server.settle()
        idle = server.memory()
        with server.client(data.token) as client, watch_memory(server) as seen:
            times = client.timed("GET", EXPORT)
        if times.status != 200:
            raise click.ClickException(f"{EXPORT} answered {times.status}:\n{server.said()}")
    return max(seen) - idle, times.whole


@click.command()
@click.option("--records", type=click.IntRange(1), default=LARGE, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=7, show_default=True)
@backend_option
@out_option("RESULTS-csv.md")
def main(records: int, rounds: int, backends: Sequence[str], out: Path) -> None:
    """Measure what CSV files cost."""
    facts = machine.description(machine.OURS)
    rows: list[list[str]] = []
    goals: list[Goal] = []
    columns = 0
    with workplace() as place:
        facts["Cores"] = str(place.cores)
        for name in backends or BACKENDS:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                data = dataset.create(backend, records, dataset.demo)
                exports, floors, columns = measure_times(data, rounds)
                memory, seconds = measure_memory(place, data)
                data.dispose()
            title = f"{backend.title}: export of {records:,} records"
            ratio = Spread.of(a / b for a, b in zip(exports, floors, strict=True))
            goals += [
                Goal(f"{title}, time ÷ the floor's", ratio, EXPORT_TO_FLOOR, False),
                Goal(f"{title}, MiB above idle", Spread.of([memory / MEBIBYTE]), MEMORY, False),
            ]
            rows += [
                [f"{title}, s", Spread.of(exports).text()],
                [f"{title}: its floor, s", Spread.of(floors).text()],
                [f"{title}, over HTTP, s", Spread.of([seconds]).text()],
            ]
    facts["Rounds"] = f"{rounds}, after a first one"
    parts = [tables.goal_table(goals), markdown.table(("", "measured"), rows)]
    click.echo("\n".join(parts))
    out.mkdir(parents=True, exist_ok=True)
    path = out / "RESULTS-csv.md"
    head = HEAD.format(day=date.today(), columns=columns)
    path.write_text("\n".join([head + markdown.facts(facts), *parts]), encoding="utf-8")
    click.echo(f"The whole is in {path}.")


if __name__ == "__main__":
    main()
