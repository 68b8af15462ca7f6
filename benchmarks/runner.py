"""One measurement: a kind of requests against a server that runs."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dataset import Dataset
from benchmarks.machine import Cores
from benchmarks.peers import Peer
from benchmarks.results import Sample
from benchmarks.server import Server, serving
from benchmarks.works import Work
from benchmarks.wrk import Wrk

WARM_UP_SECONDS = 1


@dataclass(frozen=True)
class Runner:
    """How measurements are made.

    :param folder: a temporary one
    :param seconds: of load for one figure; what is slow gets more
    """

    wrk: Wrk
    cores: Cores
    folder: Path
    rounds: int
    seconds: float

    def serving(self, peer: Peer, dataset: Dataset) -> AbstractContextManager[Server]:
        """Let a peer serve a database meanwhile, on the servers' core."""
        return serving(peer, self.cores.server, dataset.settings, self.folder)

    def warm_up(self, server: Server, dataset: Dataset, work: Work) -> None:
        """Let every thread of a server see such requests, so that all connections are open."""
        self._load(server, dataset, work, WARM_UP_SECONDS)

    def measure(self, server: Server, dataset: Dataset, work: Work) -> Sample:
        """Return what one run of load comes to. Rows that it writes are taken back."""
        return self._load(server, dataset, work, self.seconds)

    def _load(self, server: Server, dataset: Dataset, work: Work, seconds: float) -> Sample:
        work = dataset.about(work)
        ids = dataset.changed_ids if work.writes else dataset.ids
        one = work.about(id=ids[0], n=1)
        with server.client(dataset.token) as client:
            times = client.timed(one.method, one.path, one.body)
        # What is slow gets the time that every connection needs to see two answers.
        seconds = max(seconds, 2 * work.connections * times.whole)
        before = server.cpu_seconds()
        load = self.wrk.run(server.port, work, ids, dataset.token, seconds)
        busy = (server.cpu_seconds() - before) / load.seconds
        server.settle()
        if work.writes:
            dataset.restore()
        return Sample(load.milliseconds, load.milliseconds * busy)
