"""wrk, the load generator: found or installed, and run on its core."""

import json
import math
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.works import Work

SCRIPT = Path(__file__).with_name("load.lua")
MISSING = (
    "wrk, the load generator, is not installed and could not be. Install it (Debian and Ubuntu: "
    "apt-get install wrk) and run this again."
)


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw.

    :param seconds: of the run
    :param milliseconds: from one answer to the next
    """

    seconds: float
    milliseconds: float


def find() -> str:
    """Return the program's path; where it is missing, apt-get is asked for it.

    :raises click.ClickException: it cannot be had
    """
    found = shutil.which("wrk")
    if found:
        return found
    installer = shutil.which("apt-get")
    if installer and os.geteuid() == 0:
        click.echo("Installing wrk, the load generator.")
        subprocess.run([installer, "install", "--yes", "--quiet", "wrk"], check=False)
    found = shutil.which("wrk")
    if found is None:
        raise click.ClickException(MISSING)
    return found


def version(program: str) -> str:
    """Return the program's name and version, as in "wrk debian/4.1.0"."""
    said = subprocess.run([program, "-v"], capture_output=True, text=True, check=False).stdout
    return said.partition(" [")[0]


class Wrk:
    """wrk on a core."""

    def __init__(self, program: str, core: int):
        self._program = program
        self._core = core

    def run(self, port: int, work: Work, ids: range, token: str, seconds: float) -> Load:
        """Send requests of one kind for a time.

        :param ids: of the rows that the requests are about
        :raises click.ClickException: a request failed, or none was answered in time
        """
        duration = math.ceil(seconds)
        command = ["taskset", "-c", str(self._core), self._program, "-t1"]
        command += [f"-c{work.connections}", f"-d{duration}s", "--timeout", f"{duration + 60}s"]
        command += ["-s", str(SCRIPT), f"http://127.0.0.1:{port}{work.path}", "--"]
        command += [work.method, token, str(ids.start), str(len(ids))]
        if work.body is not None:
            command.append(work.body)
        said = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=duration + 120
        )
        try:
            seen = json.loads(said.stdout.splitlines()[-1])
        except (IndexError, ValueError):
            raise click.ClickException(f"wrk failed: {said.stdout}{said.stderr}") from None
        if seen["failed"] or not seen["requests"]:
            raise click.ClickException(
                f"{work.title}: {seen['requests']} requests were answered, {seen['failed']} failed."
            )
        # Of a few long answers the last is cut off by the end of the run, so that the mean time of
        # the whole ones is right; of thousands of short ones on many connections the count is.
        alone = work.connections == 1
        microseconds = seen["mean_latency"] if alone else seen["microseconds"] / seen["requests"]
        return Load(seen["microseconds"] / 1e6, microseconds / 1000)
