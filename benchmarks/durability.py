"""The price of waiting for the disk: ``python -m benchmarks.durability``, or ``make bench-disk``.

ShopTrack creates and changes records on SQLite with each value of ``SHOPTRACK_SQLITE_SYNCHRONOUS``, by one client
and by eight. The figure depends on the disk more than on anything else: name a folder on the one that is meant.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import click

from benchmarks import dataset, wrk
from benchmarks.backends import Sqlite
from benchmarks.dataset import Dataset
from benchmarks.peers import SHOPTRACK
from benchmarks.runner import Runner
from benchmarks.workplace import workplace
from benchmarks.works import CREATE, HOUSEHOLD, PATCH, Work

MODES = ("normal", "full")
WORKS = [replace(work, connections=number) for work in (CREATE, PATCH) for number in (1, 8)]
SYNCS = 200
PAGES = bytes(3 * 4096)  # as much as a small change writes


def measure_sync(folder: Path) -> float:
    """Return the milliseconds that the disk takes to confirm a small write at the end of a file."""
    path = folder / "sync"
    taken = []
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(PAGES)
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    path.unlink()
    return median(taken) * 1000


def measure(runner: Runner, data: Dataset) -> Iterator[tuple[Work, dict[str, float]]]:
    """Yield the milliseconds from one answer to the next for each work, by mode: the median of all rounds."""
    seen: dict[tuple[str, int, str], list[float]] = {}
    for _ in range(runner.rounds):
        for mode in MODES:
            served = replace(data, settings=data.settings | {"SHOPTRACK_SQLITE_SYNCHRONOUS": mode})
            with runner.serving(SHOPTRACK, served) as server:
                for work in WORKS:
                    runner.warm_up(server, data, work)
                    sample = runner.measure(server, data, work)
                    key = work.key, work.connections, mode
                    seen.setdefault(key, []).append(sample.milliseconds)
    for work in WORKS:
        yield (
            work,
            {mode: median(seen[work.key, work.connections, mode]) for mode in MODES},
        )


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True)
@click.option("--seconds", type=click.FloatRange(1), default=3, show_default=True)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=".",
    help="A folder on the disk that is meant. Default: this one.",
)
def main(rounds: int, seconds: float, folder: Path) -> None:
    """Measure what each change costs that waits for the disk."""
    program = wrk.find()
    with workplace() as place, tempfile.TemporaryDirectory(dir=folder) as here:
        runner = Runner(
            wrk.Wrk(program, place.cores.load), place.cores, place.folder, rounds, seconds
        )
        data = dataset.create(Sqlite(Path(here).resolve()), HOUSEHOLD, dataset.demo)
        click.echo(f"The disk confirms a small write in {measure_sync(Path(here)):.2f} ms.")
        click.echo("Milliseconds from one answer to the next:")
        for work, times in measure(runner, data):
            clients = "1 client" if work.connections == 1 else f"{work.connections} clients"
            told = ", ".join(f"{mode} {times[mode]:.2f}" for mode in MODES)
            click.echo(f"{work.title}, {clients}: {told}")
        data.dispose()


if __name__ == "__main__":
    main()
