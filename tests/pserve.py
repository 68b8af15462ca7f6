"""The server in a process of its own, which knows of the environment only what a test tells."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.prefix, "bin")
PRODUCTION = ROOT / "production.ini"
FOREIGN = ("SHOPTRACK_", "DJANGO_", "DEBUG", "DATABASE_URL", "PYTEST_", "MAKE")
LISTENS = re.compile(r"Serving on 127\.0\.0\.1 port (\d+)")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def bare_environment(**more: str) -> dict[str, str]:
    """Return the environment without anything that ShopTrack reads, and with what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


class Pserve:
    """``pserve`` with an .ini.

    :param environ: the settings
    :param log: the file for what it says, in the folder that it works in
    """

    process: subprocess.Popen

    def __init__(self, ini: Path, environ: Mapping[str, str], log: Path):
        self.ini = ini
        self.environ = environ
        self.log = log
        self.port = 0  # the system chooses one that is free; a later start keeps it
        self._said_before = 0

    def launch(self) -> None:
        """Start it, without waiting until it listens."""
        self.log.touch()
        self._said_before = self.log.stat().st_size
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [BIN / "pserve", self.ini, "http_host=127.0.0.1", f"http_port={self.port}"],
                env=bare_environment(**self.environ),
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        """Return what it said since it was started the last time."""
        return self.log.read_bytes()[self._said_before :].decode()

    def listens(self) -> bool:
        """Tell whether it says that it listens, and note on which port."""
        found = LISTENS.search(self.said())
        if found:
            self.port = int(found[1])
        return found is not None

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
