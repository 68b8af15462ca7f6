"""The comparison: all peers on the same rows, in turn, several rounds."""

from collections.abc import Sequence
from contextlib import ExitStack

import click

from benchmarks import agreement
from benchmarks.dataset import Dataset
from benchmarks.peers import PEERS
from benchmarks.results import Results
from benchmarks.runner import Runner
from benchmarks.works import Work


def compare(
    runner: Runner, backend: str, dataset: Dataset, measured: Sequence[Work], results: Results
) -> None:
    """Measure each kind of requests against each peer, who begins another time each round.

    The servers that are not measured run as well, and do nothing.

    :raises agreement.Disagreement: the peers do not do the same
    """
    with ExitStack() as stack:
        servers = [stack.enter_context(runner.serving(peer, dataset)) for peer in PEERS]
        agreement.check(servers, dataset, measured)
        for work in measured:
            if work.connections > 1:
                for server in servers:
                    runner.warm_up(server, dataset, work)
        for turn in range(runner.rounds):
            first = turn % len(servers)
            for work in measured:
                for server in servers[first:] + servers[:first]:
                    sample = runner.measure(server, dataset, work)
                    results.samples[backend, work.key, server.peer.key].append(sample)
                    click.echo(
                        f"{dataset.backend.title}, round {turn + 1} of {runner.rounds}: "
                        f"{work.title}, {server.peer.title}: {sample.milliseconds:,.2f} ms"
                    )
