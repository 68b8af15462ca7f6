"""Break one rule of the code at a time, and see whether a test notices: ``make mutations``.

A mutation replaces one text of one file and names the tests that should fail then. The .toml files beside this script
list them, a file for each package. A mutation that changes nothing says why in ``equivalent`` and is not tried.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
MAX_SECONDS = 1200  # for the tests of one mutation; one that makes them hang is noticed, too
GRACE_SECONDS = 30  # for pytest to end its servers
FAILED = 1  # pytest's exit status when tests failed; a higher one says that none ran
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", "--tb=no", "-rfE")
# The test function, without its parameters: their text may hold anything.
FAILURE = re.compile(r"^(?:FAILED|ERROR) ([^\s\[]+::[^\s\[]+)", re.MULTILINE)


class Verdict(StrEnum):
    """What the tests said to a mutation."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    NOT_FOUND = "NOT FOUND"
    NOT_TESTED = "NOT TESTED"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True)
class Mutation:
    """A rule that is taken out.

    :param old: occurs exactly once in the file
    :param tests: paths for pytest, those that fail soonest first
    :param equivalent: why this changes nothing
    """

    id: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    equivalent: str = ""

    @property
    def path(self) -> Path:
        """Return where the file is."""
        return ROOT / self.file

    def is_found(self) -> bool:
        """Tell whether the code still has the text, and only once."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8").count(self.old) == 1

    @contextmanager
    def apply(self) -> Iterator[None]:
        """Change the file, and restore it with its time, so that its compiled code stays valid."""
        content, status = self.path.read_bytes(), self.path.stat()
        try:
            self.path.write_bytes(content.replace(self.old.encode(), self.new.encode()))
            yield
        finally:
            self.path.write_bytes(content)
            os.utime(self.path, ns=(status.st_atime_ns, status.st_mtime_ns))


class Tests:
    """Runs pytest, and stops it when this process shall stop.

    Signals raise nothing here: an exception could come before a file is restored.
    """

    def __init__(self) -> None:
        self.stopped_by = 0
        self._process: subprocess.Popen | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def run(self, tests: Sequence[str], *options: str) -> tuple[int, str]:
        """Return pytest's exit status and what it printed."""
        # A file and no pipe, which what a test leaves running would keep open.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            self._process = subprocess.Popen(
                [*PYTEST, *options, *tests],
                cwd=ROOT,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # no compiled mutation is left
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # a terminal's Ctrl+C reaches this process only, which hands it on
            )
            if self.stopped_by:
                self._process.send_signal(signal.SIGINT)
            status = self._wait(self._process)
            output.seek(0)
            return status, output.read()

    @staticmethod
    def _wait(process: subprocess.Popen) -> int:
        try:
            return process.wait(MAX_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return FAILED

    def _stop(self, number: int, frame: object) -> None:
        # Asked once, pytest ends its servers. A second Ctrl+C does not wait for that.
        wanted = signal.SIGKILL if self.stopped_by else signal.SIGINT
        self.stopped_by = number
        if self._process is not None:
            self._process.send_signal(wanted)


def read_mutations() -> list[Mutation]:
    """Return all mutations, in the order of the files."""
    return [
        Mutation(**{**table, "tests": tuple(table["tests"])})
        for path in sorted(FOLDER.glob("*.toml"))
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["mutation"]
    ]


def check_clean(mutations: Sequence[Mutation]) -> None:
    """Refuse to change a file that git could not give back.

    :raises ValueError: some have changes already
    """
    files = sorted({mutation.file for mutation in mutations if mutation.path.exists()})
    command = ("git", "status", "--porcelain", "--", *files)
    git = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if git.returncode:
        raise ValueError(f"Mutations are tried in a git checkout only. {git.stderr.strip()}")
    if git.stdout:
        raise ValueError(f"Commit or stash these changes first:\n{git.stdout.rstrip()}")


def find_verdict(mutation: Mutation, tests: Tests) -> tuple[Verdict, str]:
    """Return what the tests say to a mutation, and which of them failed, or the reason."""
    if mutation.equivalent:
        return Verdict.EQUIVALENT, mutation.equivalent
    if not mutation.is_found():
        return Verdict.NOT_FOUND, "the text does not occur exactly once: move it with the code"
    with mutation.apply():
        status, output = tests.run(mutation.tests, "-x")
    if status == 0:
        return Verdict.SURVIVED, "no test fails without this rule"
    # By several processes pytest ends with another status once the first test has failed.
    if status != FAILED and not FAILURE.search(output):
        return Verdict.NOT_TESTED, f"pytest exited with {status}:\n{output.strip()}"
    failure = FAILURE.search(output)
    return Verdict.KILLED, failure[1] if failure else f"after {MAX_SECONDS} s"


def try_out(mutations: Sequence[Mutation], tests: Tests) -> int:
    """Print a line for each mutation, and return the exit status."""
    counts: Counter[Verdict] = Counter()
    failures = []
    for mutation in mutations:
        began = time.monotonic()
        verdict, reason = find_verdict(mutation, tests)
        if tests.stopped_by:
            break
        counts[verdict] += 1
        if verdict is Verdict.KILLED and "::" in reason:
            failures.append(reason)
        seconds = time.monotonic() - began
        print(
            f"{mutation.id:4} {verdict:10} {mutation.file}  {reason}  ({seconds:.0f} s)", flush=True
        )
    print(", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items())))
    status, output = (
        tests.run(sorted(set(failures))) if failures and not tests.stopped_by else (0, "")
    )
    if tests.stopped_by:
        print("Stopped. Every file is as it was.")
        return 128 + tests.stopped_by
    if status:
        print(f"These tests prove nothing, as they fail without a mutation, too:\n{output.strip()}")
    return int(status != 0 or counts.total() > counts[Verdict.KILLED] + counts[Verdict.EQUIVALENT])


def main() -> int:
    """Try the mutations that the command line names."""
    parser = argparse.ArgumentParser(
        prog="make mutations",
        description="Break one rule of the code at a time, and see whether a test notices.",
        epilog="Exit status: 0 if each rule has its test, 1 if not, 2 for a wrong call or changed files.",
    )
    parser.add_argument("--only", metavar="F1,O4", default="", help="ids, separated by commas")
    parser.add_argument("--list", action="store_true", help="list the mutations, and try none")
    options = parser.parse_args()
    mutations = {mutation.id: mutation for mutation in read_mutations()}
    ids = [id for id in options.only.split(",") if id] or list(mutations)
    if unknown := [id for id in ids if id not in mutations]:
        parser.error(f"Unknown ids: {', '.join(unknown)}. There are: {', '.join(mutations)}.")
    chosen = [mutations[id] for id in ids]
    if options.list:
        for mutation in chosen:
            print(f"{mutation.id:4} {mutation.file}  {' '.join(mutation.old.split())}")
        return 0
    try:
        check_clean(chosen)
    except ValueError as error:
        parser.error(str(error))
    return try_out(chosen, Tests())


if __name__ == "__main__":
    sys.exit(main())
