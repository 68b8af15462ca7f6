"""A real ``pserve production.ini``, to be sent signals."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from shoptrack.testing import SECRET_KEY

from ..pserve import BIN, PRODUCTION, Pserve, bare_environment

PATIENCE = 90  # seconds, for what takes a moment
EVERY = 0.02


def eventually(true: Callable[[], Any], what: Callable[[], str]) -> None:
    """Return as soon as it is so; else say what is amiss."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what()
        time.sleep(EVERY)


class Server(Pserve):
    """One of an .ini of its own, to be sent signals."""

    def __init__(self, folder: Path, database_url: str, **variables: str):
        environ = {
            "DATABASE_URL": database_url,
            "SHOPTRACK_SECRET_KEY": SECRET_KEY,
            "SHOPTRACK_PLUGINS": "shoptrack_auth slow_answers",
            "PYTHONPATH": str(Path(__file__).parent),
            **{f"SHOPTRACK_{name.upper()}": value for name, value in variables.items()},
        }
        super().__init__(folder / "production.ini", environ, folder / "log")
        self._asked: list[Asked] = []

    def migrate(self) -> subprocess.CompletedProcess:
        return subprocess.run(
            [BIN / "shoptrack", "migrate"],
            cwd=self.log.parent,
            env=bare_environment(**self.environ),
            capture_output=True,
            text=True,
        )

    def start(self, ini: str = PRODUCTION.read_text()) -> "Server":
        """Start it, without waiting until it answers."""
        self.ini.write_text(ini)
        self.launch()
        return self

    def until_it_answers(self) -> "Server":
        eventually(self.answers, self.said)
        return self

    def answers(self) -> bool:
        assert self.process.poll() is None, self.said()
        self.listens()
        return self.port != 0 and not self.refuses()

    def refuses(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), PATIENCE).close()
        except ConnectionRefusedError:
            return True
        return False

    def ask(
        self, path: str, headers: Mapping[str, str] | None = None, document: Any = None
    ) -> "Asked":
        """Send a GET, or a POST of a document as JSON."""
        self._asked.append(Asked(self.port, path, dict(headers or {}), document))
        return self._asked[-1]

    def signal(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def end(self) -> int:
        """Return the exit code."""
        return self.process.wait(PATIENCE)

    def until_it_says(self, pattern: str) -> None:
        eventually(lambda: re.search(pattern, self.said()), lambda: f"{pattern} in {self.said()}")

    def close(self) -> None:
        """End it and whatever it was asked, if it was started."""
        if hasattr(self, "process"):
            self.kill()
        for asked in self._asked:
            asked.close()


class Asked:
    """A request that is on its way, and its answer in the end."""

    def __init__(self, port: int, path: str, headers: dict[str, str], document: Any):
        self.headers: Message = Message()
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        if document is None:
            self._connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/json"
            self._connection.request("POST", path, json.dumps(document), headers)
        self._result: tuple[int, bytes, str | None] | Exception | None = None
        self._thread = Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        try:
            answer = self._connection.getresponse()
            self.headers = answer.headers
            self._result = answer.status, answer.read(), answer.headers["Connection"]
        except (OSError, HTTPException) as error:
            self._result = error

    def result(self) -> tuple[int, bytes, str | None]:
        """Return status, body, and what the server said about the connection."""
        self._thread.join(PATIENCE)
        if isinstance(self._result, Exception):
            raise self._result
        assert self._result is not None
        return self._result

    def close(self) -> None:
        self._thread.join(PATIENCE)
        self._connection.close()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> str:
    """Return the address of a SQLite database with all tables."""
    folder = tmp_path_factory.mktemp("database")
    url = f"sqlite:///{folder}/shoptrack.sqlite3"
    done = Server(folder, url).migrate()
    assert done.returncode == 0, done.stderr
    return url


@pytest.fixture
def server(tmp_path, migrated) -> Iterator:
    """Return a function that makes a server, by default of a database that fits it."""
    servers = []

    def make(database_url: str = migrated, **variables: str) -> Server:
        servers.append(Server(tmp_path, database_url, **variables))
        return servers[-1]

    yield make
    for each in servers:
        each.close()
