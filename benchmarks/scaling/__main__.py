"""The command: ``python -m benchmarks.scaling``, or ``make bench-scaling``."""

import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks import dataset, machine, works, wrk
from benchmarks.alone import Asking
from benchmarks.backends import BACKENDS, PostgreSQL, Sqlite
from benchmarks.dataset import Dataset
from benchmarks.options import backend_option, out_option
from benchmarks.peers import SHOPTRACK
from benchmarks.scaling import asked, backup, copies, people_tables, pooler
from benchmarks.scaling.people import PAUSELESS, People
from benchmarks.scaling.report import write
from benchmarks.scaling.results import Results, Size
from benchmarks.scaling.service import service
from benchmarks.server import serving
from benchmarks.workplace import Workplace, workplace

SIZES = (works.HOUSEHOLD, works.LARGE, 1_000_000, 10_000_000)
LARGEST = {"postgresql": SIZES[-1], "sqlite": SIZES[-2]}
OF_PEOPLE = SIZES[-2]  # records that people work with, if there are so many
NUMBERS = (1, 5, 20, 50, 100, 200)
ALONE_TIMES = 3  # as long for one person, who asks little
LEAST = 3  # times that something slow is asked for


@dataclass(frozen=True)
class Run:
    """How a run is made.

    :param program: wrk
    :param seconds: of one kind of requests
    :param people_seconds: of each number of people; none without them
    """

    place: Workplace
    program: str
    seconds: float
    people_seconds: int
    largest: int
    results: Results

    def sizes(self, backend: PostgreSQL | Sqlite, name: str) -> Iterator[Dataset]:
        """Measure requests on databases of all sizes, and give the one that people are to use."""
        sizes = [size for size in SIZES if size <= min(self.largest, LARGEST[name])]
        for records in sizes:
            click.echo(f"{backend.title}: {records:,} records are written.")
            started = time.perf_counter()
            data = dataset.create(backend, records, copies.fill)
            size = Size(time.perf_counter() - started, backend.size(data.url))
            self.results.sizes[name, records] = size
            self._requests(data, size)
            size.backup = backup.measure(data, self.place.cores.server, self.place.folder)
            click.echo(f"A backup: {size.backup.seconds:.1f} s")
            if records == min(OF_PEOPLE, sizes[-1]):
                yield data
            data.dispose()

    def _requests(self, data: Dataset, size: Size) -> None:
        asking = Asking(LEAST, self.seconds)
        place = self.place
        with (
            serving(SHOPTRACK, place.cores.server, data.settings, place.folder) as server,
            server.client(data.token) as client,
            server.client(cookie=data.cookie) as browser,
        ):
            for who, those in ((client, asked.BY_CLIENTS), (browser, asked.BY_BROWSERS)):
                for work in those:
                    alone = asking.measure(server, who, data, work)
                    size.requests[work.key] = alone
                    waited = alone.milliseconds
                    told = f"{waited.text()} ms" if waited else f"answered {alone.status}"
                    click.echo(f"{data.backend.title}, {data.records:,}: {work.title}: {told}")
            size.memory = server.memory()

    def people(self, data: Dataset, pgbouncer: str | None) -> None:
        """Let more and more people use one process, two, and two behind PgBouncer."""
        self._group(data, 1)
        self._group(data, 2)
        if pgbouncer:
            self._group(data, 2, pgbouncer)

    def _group(self, data: Dataset, processes: int, pgbouncer: str | None = None) -> None:
        place, cores = self.place, self.place.cores
        pooling = (
            pooler.pooling(pgbouncer, cores.database, data.backend, data, place.folder)
            if pgbouncer
            else nullcontext()
        )
        with pooling as pool, service(processes, data, cores, place.folder, pool) as serves:
            serves.warm_up(self.program, cores.load)
            for those in (*map(People, NUMBERS), PAUSELESS):
                seconds = self.people_seconds * (ALONE_TIMES if those.number == 1 else 1)
                stage = serves.measure(those, self.program, cores.load, seconds)
                self.results.stages.append(stage)
                click.echo(
                    f"{those.number} people, {processes} processes: {stage.seen.per_second:.1f} a second, "
                    f"p95 {stage.seen.p95:.1f} ms, {stage.seen.refused} refused"
                )


@click.command()
@click.option("--largest", default=1_000_000, show_default=True, help="Records; 10000000 at most.")
@backend_option
@click.option(
    "--seconds", type=click.FloatRange(0), default=1, show_default=True, help="For each request."
)
@click.option(
    "--people-seconds",
    type=click.IntRange(0),
    default=8,
    show_default=True,
    help="For each number of people, on PostgreSQL; 0 for none.",
)
@out_option("RESULTS-scaling.md")
def main(
    largest: int, backends: Sequence[str], seconds: float, people_seconds: int, out: Path
) -> None:
    """Measure ShopTrack with more records, more people and more processes."""
    program = wrk.find()
    pgbouncer = pooler.find()
    results = Results()
    facts = machine.description(machine.OURS) | {"Load": wrk.version(program)}
    facts["PgBouncer"] = pooler.version(pgbouncer) if pgbouncer else "not installed"
    with workplace() as place:
        facts["Cores"] = f"{place.cores}, a second process on core {place.cores.last}"
        run = Run(place, program, seconds, people_seconds, largest, results)
        for name in backends or BACKENDS:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                for data in run.sizes(backend, name):
                    if name == "postgresql" and people_seconds:
                        facts["People"] = f"{people_seconds} s each, on {data.records:,} records"
                        run.people(data, pgbouncer)
    facts["Requests"] = f"{seconds:g} s of each kind, {LEAST} at least, after a first one"
    click.echo(
        f"\n{people_tables.section(results.stages)}\nThe whole is in {write(out, results, facts)}."
    )


if __name__ == "__main__":
    main()
