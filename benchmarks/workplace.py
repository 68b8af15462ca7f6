"""Where a run happens: its cores, and a folder that is gone afterwards."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import Cores


@dataclass(frozen=True)
class Workplace:
    """The cores of a run, and a temporary folder for its databases and logs."""

    cores: Cores
    folder: Path


@contextmanager
def workplace() -> Iterator[Workplace]:
    """Take this process to the core of the load meanwhile. What runs is ended on the way out.

    :raises click.ClickException: the machine does not do
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Terminated."))
    cores = Cores.chosen()
    os.sched_setaffinity(0, {cores.load})
    with tempfile.TemporaryDirectory(prefix="shoptrack-bench-") as folder:
        yield Workplace(cores, Path(folder))
