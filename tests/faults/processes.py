"""Real processes: the server as production.ini has it, and the commands."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Timer

import orjson
import pytest

from ..pserve import BIN, PRODUCTION, Pserve, bare_environment

STARTS_IN = 120  # seconds
PATIENCE = 60  # seconds, for an answer


def command(*arguments: str, environ: Mapping[str, str]) -> subprocess.Popen:
    """Start ``shoptrack`` with these arguments."""
    return subprocess.Popen(
        [BIN / "shoptrack", "--config", PRODUCTION, *arguments],
        env=bare_environment(**environ),
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


class Server(Pserve):
    """One that somebody is signed in to, and that answers once it is made.

    :param headers: of who is signed in
    """

    def __init__(
        self, environ: Mapping[str, str], headers: Mapping[str, str], log: Path, ini: Path
    ):
        super().__init__(ini, environ, log)
        self.headers = headers
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.launch()
        end = time.monotonic() + STARTS_IN
        while time.monotonic() < end and self.process.poll() is None:
            if self.listens():
                assert self.request("GET", "/healthz").status == 200
                return
            time.sleep(0.05)
        pytest.fail(f"The server does not start:\n{self.said()}")

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
