"""The command: ``python -m benchmarks.reports_plugin``, or ``make bench-reports``."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from benchmarks import dataset, machine, works
from benchmarks.alone import Asking
from benchmarks.backends import BACKENDS
from benchmarks.dataset import Dataset
from benchmarks.options import backend_option, out_option
from benchmarks.peers import SHOPTRACK
from benchmarks.reports_plugin import requests, results, worst_case
from benchmarks.reports_plugin.requests import Row
from benchmarks.reports_plugin.results import Measured, Section
from benchmarks.server import Server, serving
from benchmarks.workplace import Workplace, workplace


@click.command()
@click.option("--records", type=click.IntRange(1), default=works.LARGE, show_default=True)
@click.option(
    "--times", type=click.IntRange(1), default=7, show_default=True, help="Each is asked for."
)
@backend_option
@out_option("RESULTS-reports.md")
def main(records: int, times: int, backends: Sequence[str], out: Path) -> None:
    """Measure every report."""
    facts = machine.description(machine.OURS)
    sections = []
    with workplace() as place:
        facts["Cores"] = str(place.cores)
        for name in backends or BACKENDS:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                click.echo(f"{backend.title}: {records:,} records are written.")
                data = dataset.create(backend, records, dataset.demo)
                section = _measure(place, data, Asking(times, 0))
                click.echo(f"\n{backend.title}:\n\n{section.goal()}")
                sections.append(section)
                data.dispose()
    facts["Requests"] = f"{times} of each, after a first one"
    click.echo(f"The whole is in {results.write(out, records, sections, facts)}.")


def _measure(place: Workplace, data: Dataset, asking: Asking) -> Section:
    with data.engine.connect() as connection:
        prices = requests.prices_and_stores(connection)
    with serving(SHOPTRACK, place.cores.server, data.settings, place.folder) as server:
        usual = [_ask(server, data, asking, rows) for rows in (prices, requests.spending())]
        worst = {}
        for case in worst_case.CASES:
            worst_case.make(data, case)
            rows = requests.of_one_product(worst_case.PRODUCT)
            worst[case] = _ask(server, data, asking, rows)
    return Section(data.backend.title, *usual, worst)


def _ask(server: Server, data: Dataset, asking: Asking, rows: Iterable[Row]) -> Measured:
    measured: Measured = {}
    with server.client(data.token) as client:
        for row in rows:
            measured[row.title] = {
                format: asking.measure(server, client, data, work)
                for format, work in row.works.items()
            }
            click.echo(".", nl=False)
    return measured


if __name__ == "__main__":
    main()
