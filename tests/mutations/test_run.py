"""The runner, on a small checkout: what it says, and that no file stays broken."""

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).with_name("run.py")
CODE = "def double(number):\n    return number * 2\n"
TEST = "from code_of_ours import double\n\ndef test_double():\n    assert double({number}) == {result}\n"
MUTATION = """
[[mutation]]
id = "M1"
file = "code_of_ours.py"
old = "{old}"
new = "number + 2"
tests = ["tests/test_double.py"]
"""


class Checkout:
    """A git repository with one rule, its test and its mutation."""

    def __init__(self, folder: Path):
        self.code = folder / "code_of_ours.py"
        self.list = folder / "tests/mutations/code.toml"
        self.test = folder / "tests/test_double.py"
        self.runner = folder / "tests/mutations/run.py"
        self.list.parent.mkdir(parents=True)
        shutil.copy(RUNNER, self.runner)
        self.list.write_text(MUTATION.format(old="number * 2"))
        self.code.write_text(CODE)
        self.git("init", "--quiet")
        self.git("add", "code_of_ours.py")
        self.git("-c", "user.name=x", "-c", "user.email=x@x", "commit", "--quiet", "-m", "x")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.code.parent, check=True)

    def start(self, *options: str) -> subprocess.Popen:
        command = [sys.executable, self.runner, *options]
        return subprocess.Popen(
            command,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # for speed
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def check(self, status: int, text: str, *options: str) -> None:
        process = self.start(*options)
        output, _ = process.communicate(timeout=120)
        assert text in output
        assert process.returncode == status


@pytest.fixture
def checkout(tmp_path):
    checkout = Checkout(tmp_path)
    yield checkout
    assert checkout.code.read_text() in (CODE, f"{CODE}# changed\n")


@pytest.mark.parametrize(
    ("number", "result", "status", "line"),
    [
        (3, 6, 0, "M1   killed     code_of_ours.py  tests/test_double.py::test_double"),
        (2, 4, 1, "M1   SURVIVED   code_of_ours.py  no test fails without this rule"),
        (3, 7, 1, "prove nothing, as they fail without a mutation, too"),
        (3, "", 1, "M1   NOT TESTED code_of_ours.py  pytest exited with 2"),
    ],
)
def test_a_line_says_whether_a_test_noticed(checkout, number, result, status, line):
    checkout.test.write_text(TEST.format(number=number, result=result))
    before = checkout.code.stat()
    checkout.check(status, line)
    assert checkout.code.stat().st_mtime_ns == before.st_mtime_ns


def test_code_that_has_moved_is_named(checkout):
    checkout.list.write_text(MUTATION.format(old="number * 3"))
    checkout.check(1, "NOT FOUND")


def test_an_equivalent_one_is_not_tried(checkout):
    checkout.list.write_text(MUTATION.format(old="number * 2") + 'equivalent = "No reason."\n')
    checkout.check(0, "M1   equivalent code_of_ours.py  No reason.")


def test_a_file_with_changes_is_refused(checkout):
    checkout.code.write_text(f"{CODE}# changed\n")
    checkout.check(2, "Commit or stash these changes first:")


def test_an_unknown_id_is_refused(checkout):
    checkout.check(2, "Unknown ids: M2. There are: M1.", "--only", "M1,M2")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_it_finds_the_code_as_it_was(checkout, tmp_path, number):
    os.mkfifo(tmp_path / "started")
    checkout.test.write_text(
        "import threading\n\n"
        "def test_that_goes_on():\n"
        f"    open({str(tmp_path / 'started')!r}, 'w').close()\n"
        "    threading.Event().wait()\n"
    )
    started = os.open(tmp_path / "started", os.O_RDONLY | os.O_NONBLOCK)
    process = checkout.start()
    poll = select.poll()
    poll.register(started, select.POLLHUP)  # the test has opened and closed it
    assert poll.poll(60_000), "the test did not start"
    os.close(started)
    assert checkout.code.read_text() != CODE
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert output.endswith("Stopped. Every file is as it was.\n")
    assert checkout.code.read_text() == CODE
