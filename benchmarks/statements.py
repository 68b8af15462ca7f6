"""How many SQL statements a request takes, as PostgreSQL writes them down: alike for every peer."""

import statistics
from collections.abc import Sequence

from benchmarks import works
from benchmarks.backends import PostgreSQL
from benchmarks.dataset import Dataset
from benchmarks.peers import PEERS
from benchmarks.results import Results
from benchmarks.runner import Runner
from benchmarks.server import Server
from benchmarks.works import Work

TIMES = 5


def count(
    runner: Runner,
    backend: PostgreSQL,
    dataset: Dataset,
    measured: Sequence[Work],
    results: Results,
) -> None:
    """Count the statements of each kind of requests, whoever caused them: a check of the connection too."""
    with backend.logging(dataset.url) as log:
        for peer in PEERS:
            with runner.serving(peer, dataset) as server:
                # What a new connection says to the database belongs to no request.
                runner.warm_up(server, dataset, works.RECORD)
                for work in measured:
                    counts = []
                    for _ in range(TIMES):
                        log.skip()
                        _ask(server, dataset, work)
                        counts.append(len(log.statements()))
                    results.statements[work.key, peer.key] = statistics.mode(counts)
    dataset.restore()


def _ask(server: Server, dataset: Dataset, work: Work) -> None:
    asked = dataset.about(work).about(id=1, n=1)
    with server.client(dataset.token) as client:
        client.send(asked.method, asked.path, asked.body)
