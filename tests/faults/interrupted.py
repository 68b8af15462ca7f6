"""A plugin that stops a change half-way, by the name of a new category."""

import os
import signal
import time
from pathlib import Path

from shoptrack.events import RowAdded

FOLDER = Path(os.environ.get("INTERRUPTED_FOLDER", "."))
BEFORE, AFTER, WAITS = "killed before the commit", "killed after the commit", "waits"
SECONDS = 300  # longer than tests have patience


def kill() -> None:
    """End this process as ``kill -9`` does, the first time."""
    mark = FOLDER / "killed"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def stop(event) -> None:
    """Kill the process, or keep the transaction until a file is there."""
    if event.label == BEFORE:
        kill()
    if event.label == AFTER:
        event.after_commit(kill)
    if event.label == WAITS:
        (FOLDER / "waits").touch()
        end = time.monotonic() + SECONDS
        while not (FOLDER / "go on").exists() and time.monotonic() < end:
            time.sleep(0.01)


def includeme(config):
    """Stop changes."""
    config.add_subscriber(stop, RowAdded)
