"""Jobs for workers in processes of their own. Files in a folder say what they do and what they did."""

import os
import time
from datetime import timedelta
from pathlib import Path

from shoptrack.catalog.resources import StoreResource
from shoptrack.resources import Repository

FOLDER = Path(os.environ["JOBS_FOLDER"])


def note(name: str) -> None:
    """Write a line down, whole, whoever writes at the same time."""
    with (FOLDER / name).open("a") as file:
        file.write(f"{os.getpid()}\n")


def tick(run) -> None:
    """Open a store at each run."""
    with run.session() as db:
        Repository.of(run.registry, StoreResource).create(db, {"name": "Tick", "location": "Kyoto"})
    note("ticks")


def wait(run) -> None:
    """Open a store, and wait for a file before it is committed."""
    with run.session() as db:
        Repository.of(run.registry, StoreResource).create(db, {"name": "Wait", "location": "Kyoto"})
        note("waiting")
        while not (FOLDER / "go").exists():
            time.sleep(0.02)
    note("waited")


def fail(run) -> None:
    """Fail at each run."""
    raise OSError("no more paper")


def includeme(config):
    """Add the jobs that the folder names."""
    for name, job, every in (("tick", tick, 1), ("wait", wait, 3600), ("fail", fail, 3600)):
        if (FOLDER / f"{name}.on").exists():
            config.add_job(f"household.{name}", job, every=timedelta(seconds=every))
