"""People: each asks, reads for some seconds, and asks something else. wrk plays them."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.dataset import Dataset
from benchmarks.scaling import asked
from benchmarks.works import CREATE, RECORD

SCRIPT = Path(__file__).with_name("people.lua")
THINKING = (1_000, 5_000)  # milliseconds, any as often
MEAN_SECONDS = sum(THINKING) / 2000
# Of a hundred requests: half of them look something up, a fifth enters what was bought.
HABITS = (
    (20, asked.PAGE_ONLY),
    (10, asked.OF_MONTH),
    (10, asked.OF_PRODUCT),
    (15, RECORD),
    (12, asked.SEARCH_PRODUCTS),
    (8, asked.PRICES),
    (20, CREATE),
    (5, asked.SPENDING_OF_MONTH),
)


@dataclass(frozen=True)
class Seen:
    """What people saw: latencies in milliseconds, and what was no answer.

    :param refused: answers that were errors, as 503 is
    :param broken: connections that failed, and answers that did not come
    """

    seconds: float
    requests: int
    p50: float
    p95: float
    p99: float
    refused: int
    broken: int

    @property
    def per_second(self) -> float:
        """Return how many requests were answered in a second."""
        return self.requests / self.seconds


@dataclass(frozen=True)
class People:
    """So many people at a time.

    :param thinking: the least and the most milliseconds between an answer and the next request; two zeros
        for people who never pause, which shows what the servers can do
    """

    number: int
    thinking: tuple[int, int] = THINKING

    @property
    def pauses(self) -> bool:
        """Tell whether they think before they ask."""
        return self.thinking[1] > 0

    def use(
        self, program: str, core: int, ports: Sequence[int], dataset: Dataset, seconds: int
    ) -> Seen:
        """Let them work, each with one of the servers.

        :param program: wrk
        :param core: wrk's
        :raises click.ClickException: wrk does not run
        """
        threads = min(len(ports), self.number)
        command = ["taskset", "-c", str(core), program, f"-t{threads}"]
        command += [f"-c{self.number}", f"-d{seconds}s", "--timeout", f"{seconds + 60}s"]
        command += ["-s", str(SCRIPT), f"http://127.0.0.1:{ports[0]}/", "--", dataset.token]
        ids = dataset.ids
        command += map(str, (self.number // threads, *self.thinking, ids.start, len(ids)))
        for weight, kind in HABITS:
            work = dataset.about(kind)
            command += [str(weight), work.method, work.path, work.body or ""]
        environment = os.environ | {"PORTS": ",".join(map(str, ports))}
        said = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        try:
            seen = json.loads(said.stdout.splitlines()[-1])
        except (IndexError, ValueError):
            raise click.ClickException(f"wrk failed: {said.stdout}{said.stderr}") from None
        return Seen(
            seconds=seen["microseconds"] / 1e6,
            requests=seen["requests"],
            refused=seen["refused"],
            broken=seen["broken"],
            **{name: seen[name] / 1000 for name in ("p50", "p95", "p99")},
        )


PAUSELESS = People(16, (0, 0))
