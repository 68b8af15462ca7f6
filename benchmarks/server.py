"""A server that runs: started on its core, watched, and ended whatever happens."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import psutil

from benchmarks.client import Client
from benchmarks.machine import ROOT
from benchmarks.peers import Peer

START_SECONDS = 60
STOP_SECONDS = 20
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR")


class Server:
    """One peer's process, with the processes that it started."""

    def __init__(self, peer: Peer, port: int, process: subprocess.Popen, log: Path):
        self.peer = peer
        self.port = port
        self._log = log
        self._process = process
        self._root = psutil.Process(process.pid)

    @property
    def running(self) -> bool:
        """Tell whether the process has not ended."""
        return self._process.poll() is None

    def client(self, token: str | None = None, cookie: str | None = None) -> Client:
        """Return a client that asks it."""
        return Client(self.port, token, cookie)

    def cpu_seconds(self) -> float:
        """Return the processor time that its processes have used."""
        return sum(times.user + times.system for times in self._each(psutil.Process.cpu_times))

    def memory(self) -> int:
        """Return the bytes that its processes hold in memory now."""
        return sum(memory.rss for memory in self._each(psutil.Process.memory_info))

    def said(self) -> str:
        """Return the end of its log."""
        return self._log.read_text(errors="replace")[-3000:]

    def settle(self) -> None:
        """Wait until it has stopped working, as it may go on with an answer that nobody waits for."""
        before = -1.0
        while (now := self.cpu_seconds()) - before > 0.02:
            before = now
            time.sleep(0.3)

    def _each(self, read):
        for process in (self._root, *self._root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                yield read(process)


@contextmanager
def serving(peer: Peer, core: int, settings: dict[str, str], folder: Path) -> Iterator[Server]:
    """Serve meanwhile.

    :param settings: for the server's environment
    :param folder: a temporary one, for its log
    :raises click.ClickException: it does not start
    """
    port = free_port()
    log = folder / f"{peer.key}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["taskset", "-c", str(core), *peer.command(port, folder)],
            cwd=folder,  # where no .env of the checkout is read
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        server = Server(peer, port, process, log)
        _wait_for(server)
        yield server
    finally:
        _end(process)


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Return the environment of a program that is measured: what it needs, and its settings."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return passed_on | {"PYTHONPATH": str(ROOT)} | settings


def free_port() -> int:
    """Return a port of the loopback's that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.running and time.monotonic() < deadline:
        with suppress(OSError), server.client() as client:
            client.send("GET", "/api/categories/")
            return
        time.sleep(0.1)
    raise click.ClickException(f"{server.peer.title} does not start:\n{server.said()}")


def _end(process: subprocess.Popen) -> None:
    """End a process and all that it started, which are a session of their own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
