"""Memory: what a whole list takes of a server that was started for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import works
from benchmarks.dataset import Dataset
from benchmarks.peers import Peer
from benchmarks.results import Footprint
from benchmarks.runner import Runner
from benchmarks.server import Server

INTERVAL = 0.02  # seconds between two looks


def footprint(runner: Runner, dataset: Dataset, peer: Peer) -> Footprint:
    """Start a server, let it answer small requests, then fetch the whole list once."""
    with runner.serving(peer, dataset) as server:
        runner.warm_up(server, dataset, works.RECORD)
        idle = server.memory()
        with server.client(dataset.token) as client, watch_memory(server) as seen:
            times = client.timed("GET", works.LIST.path)
    return Footprint(idle, max(seen), times.first_byte)


@contextmanager
def watch_memory(server: Server) -> Iterator[list[int]]:
    """Collect how much memory the server holds, in bytes."""
    seen = [server.memory()]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(INTERVAL):
            seen.append(server.memory())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
