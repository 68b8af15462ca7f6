"""The command: ``python -m benchmarks``, or ``make bench``."""

from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks import completejourney, dataset, growth, machine, report, statements, works, wrk
from benchmarks.backends import BACKENDS, PostgreSQL
from benchmarks.compare import compare
from benchmarks.footprint import footprint
from benchmarks.options import backend_option, out_option
from benchmarks.peers import PEERS
from benchmarks.results import Results
from benchmarks.runner import Runner
from benchmarks.workplace import workplace
from benchmarks.works import Work

SOURCES = {"demo": dataset.demo, "completejourney": completejourney.fill}
KEYS = [work.key for work in works.COMPARED]


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True)
@click.option(
    "--seconds", type=click.FloatRange(1), default=3, show_default=True, help="For each figure."
)
@click.option("--source", type=click.Choice(SOURCES), default="demo", show_default=True)
@backend_option
@click.option("--only", type=click.Choice(KEYS), multiple=True, help="Default: all.")
@click.option("--largest", default=growth.SIZES[-1], help="Records of the largest database.")
@click.option("--growth/--no-growth", "grows", default=True, help="Measure ShopTrack's growth.")
@out_option("RESULTS.md and results.svg")
def main(
    rounds: int,
    seconds: float,
    source: str,
    backends: Sequence[str],
    only: Sequence[str],
    largest: int,
    grows: bool,
    out: Path,
) -> None:
    """Measure ShopTrack beside its peers."""
    program = wrk.find()
    measured = works.chosen(only, largest)
    sizes = {size for size in growth.SIZES if size <= largest} if grows else set()
    results = Results()
    facts = machine.description() | {"Load": wrk.version(program)}
    with workplace() as place:
        cores = place.cores
        facts["Cores"] = str(cores)
        runner = Runner(wrk.Wrk(program, cores.load), cores, place.folder, rounds, seconds)
        for backend in backends or BACKENDS:
            facts |= _measure(runner, backend, SOURCES[source], measured, sizes, results)
    settings = {"Rounds": f"{rounds}, of {seconds:g} s for each figure", "Rows": source}
    click.echo(report.write(out, results, facts | settings))


def _measure(
    runner: Runner,
    name: str,
    source: dataset.Source,
    measured: Sequence[Work],
    sizes: set[int],
    results: Results,
) -> dict[str, str]:
    """Measure everything on one kind of database, and return facts about it.

    :param sizes: of the databases on which ShopTrack's growth is measured
    """
    with BACKENDS[name](runner.folder, runner.cores.database) as backend:
        for size in sorted(sizes | {work.size for work in measured}):
            click.echo(f"{backend.title}: {size:,} records are written.")
            data = dataset.create(backend, size, source)
            compared = [work for work in measured if work.size == size]
            if compared:
                compare(runner, name, data, compared, results)
                for peer in PEERS:
                    results.footprints[name, size, peer.key] = footprint(runner, data, peer)
                if isinstance(backend, PostgreSQL):
                    statements.count(runner, backend, data, compared, results)
            if size in sizes:
                growth.measure(runner, name, data, results)
            data.dispose()
        return {backend.title: backend.version}


if __name__ == "__main__":
    main()
