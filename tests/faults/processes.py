"""Real processes: the server as production.ini has it, and the commands."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Timer

import orjson
import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.prefix, "bin")
FOREIGN = ("SHOPTRACK_", "DJANGO_", "DEBUG", "DATABASE_URL", "PYTEST_", "MAKE")
PRODUCTION = ROOT / "production.ini"
LISTENS = re.compile(r"Serving on 127\.0\.0\.1 port (\d+)")
STARTS_IN = 120  # seconds
PATIENCE = 60  # seconds, for an answer


def bare_environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without anything that ShopTrack reads, and with what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def command(*arguments: str, environ: Mapping[str, str]) -> subprocess.Popen:
    """Start ``shoptrack`` with these arguments."""
    return subprocess.Popen(
        [BIN / "shoptrack", "--config", PRODUCTION, *arguments],
        env=bare_environment(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def bounded(process: subprocess.Popen, seconds: float = 240) -> Iterator[None]:
    """Kill a process that takes longer, and one that the block leaves behind."""
    timer = Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        process.kill()
        process.wait()


def eventually(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Return as soon as something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not so after {seconds} s"
        time.sleep(0.05)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def json(self):
        """Return the body's document."""
        return orjson.loads(self.body)


class Client:
    """One connection after the other to a server; it is opened anew where it broke.

    :raises OSError: or HTTPException, by `request`, where no answer came
    """

    def __init__(self, port: int, headers: Mapping[str, str], timeout: float = PATIENCE):
        self._connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
        self._headers = dict(headers)

    def request(self, method: str, path: str, document=None) -> Answer:
        """Send a request and return the whole answer."""
        started = time.monotonic()
        body = None if document is None else orjson.dumps(document)
        headers = self._headers | ({} if body is None else {"Content-Type": "application/json"})
        try:
            self._connection.request(method, path, body, headers)
            with self._connection.getresponse() as answer:
                said = answer.read()
        except (OSError, HTTPException):
            self._connection.close()
            raise
        return Answer(answer.status, answer.headers, said, time.monotonic() - started)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Server:
    """``pserve production.ini`` in a process of its own.

    :param environ: the settings
    :param log: the file for what it says
    :param ini: production.ini, or one like it
    """

    def __init__(
        self, environ: Mapping[str, str], headers: Mapping[str, str], log: Path, ini: Path
    ):
        self.environ = environ
        self.headers = headers
        self.log = log
        self.ini = ini
        self.port = 0  # the system chooses one that is free; a later start keeps it
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.log.touch()
        said = self.log.stat().st_size
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [BIN / "pserve", self.ini, "http_host=127.0.0.1", f"http_port={self.port}"],
                env=bare_environment(self.environ),
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + STARTS_IN
        while time.monotonic() < end and self.process.poll() is None:
            if listens := LISTENS.search(self.log.read_text()[said:]):
                self.port = int(listens[1])
                assert self.request("GET", "/healthz").status == 200
                return
            time.sleep(0.05)
        pytest.fail(f"The server does not start:\n{self.log.read_text()}")

    def client(self, timeout: float = PATIENCE) -> Client:
        """Return a client that is signed in."""
        return Client(self.port, self.headers, timeout)

    def request(self, method: str, path: str, document=None, timeout: float = PATIENCE) -> Answer:
        """Send a request over a connection of its own."""
        client = self.client(timeout)
        try:
            return client.request(method, path, document)
        finally:
            client.close()

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """End it, and see that it went."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
                pytest.fail(f"The server did not end:\n{self.log.read_text()[-5000:]}")

    @property
    def open_files(self) -> int:
        """Return how many files and connections the process has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def metric(self, name: str) -> float:
        """Return a value of ``/metrics``."""
        token = self.environ["SHOPTRACK_METRICS_TOKEN"]
        client = Client(self.port, {"Authorization": f"Bearer {token}"})
        said = client.request("GET", "/metrics")
        client.close()
        for line in said.body.decode().splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[1])
        return pytest.fail(f"There is no metric {name}.")
