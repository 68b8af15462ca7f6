"""A backup by the command ``shoptrack backup``, on the server's core."""

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.alone import Used
from benchmarks.dataset import Dataset
from benchmarks.machine import ROOT
from benchmarks.peers import BIN
from benchmarks.server import environment


@dataclass(frozen=True)
class Backup:
    """What a backup took.

    :param seconds: until the file was whole
    :param server: seconds of processor time of the command
    :param database: seconds of PostgreSQL's
    :param bytes: of the file
    """

    seconds: float
    server: float
    database: float
    bytes: int


def measure(dataset: Dataset, core: int, folder: Path) -> Backup:
    """Write a backup, and delete it.

    :raises click.ClickException: the command fails
    """
    file = folder / "backup"
    command = ["taskset", "-c", str(core), str(BIN / "shoptrack")]
    command += ["--config", str(ROOT / "production.ini"), "backup", str(file)]
    worked, database = Used.by(_children), Used.by(dataset.backend.cpu_seconds)
    started = time.perf_counter()
    said = subprocess.run(
        command,
        cwd=folder,
        env=environment(dataset.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if said.returncode:
        raise click.ClickException(f"shoptrack backup failed: {said.stdout}{said.stderr}")
    size = file.stat().st_size
    os.unlink(file)
    return Backup(seconds, worked.seconds(), database.seconds(), size)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
