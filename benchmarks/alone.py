"""One client that asks one thing after the other: how long it waits, and who works meanwhile."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from benchmarks.client import Client
from benchmarks.dataset import Dataset
from benchmarks.results import Spread
from benchmarks.server import Server
from benchmarks.works import Work

STEP = 7919  # a prime, as in load.lua: ids come in no order


@dataclass(frozen=True)
class Alone:
    """What requests of one kind took.

    :param status: of their answers; an error or a way elsewhere ends the measurement, and nothing else is known then
    :param milliseconds: until the whole answer was there
    :param server: milliseconds of the server's processor time, for each
    :param database: milliseconds of PostgreSQL's
    """

    status: int
    milliseconds: Spread | None = None
    server: float = 0.0
    database: float = 0.0


@dataclass(frozen=True)
class Asking:
    """How long one kind of requests is measured.

    :param least: times, however long they take
    :param seconds: after which no other request is sent
    """

    least: int
    seconds: float

    def measure(self, server: Server, client: Client, dataset: Dataset, work: Work) -> Alone:
        """Ask for something again and again. Rows that this writes are taken back."""
        work = dataset.about(work)
        ids = dataset.changed_ids if work.writes else dataset.ids
        try:
            return self._measure(server, client, dataset, work, ids)
        finally:
            if work.writes:
                dataset.restore()

    def _measure(
        self, server: Server, client: Client, dataset: Dataset, work: Work, ids: range
    ) -> Alone:
        def ask(number: int):
            asked = work.about(id=ids[number * STEP % len(ids)], n=number)
            return client.timed(asked.method, asked.path, asked.body)

        # The first one opens connections, and has plans and templates made.
        status = ask(0).status
        if status >= 300:
            return Alone(status)
        server_used = Used.by(server.cpu_seconds)
        database_used = Used.by(dataset.backend.cpu_seconds)
        until = time.perf_counter() + self.seconds
        taken: list[float] = []
        while len(taken) < self.least or time.perf_counter() < until:
            times = ask(len(taken) + 1)
            if times.status >= 300:
                return Alone(times.status)
            taken.append(times.whole * 1000)
        each = 1000 / len(taken)
        return Alone(
            status, Spread.of(taken), server_used.seconds() * each, database_used.seconds() * each
        )


@dataclass(frozen=True)
class Used:
    """Processor time since a moment."""

    _read: Callable[[], float]
    _before: float

    @classmethod
    def by(cls, read: Callable[[], float]) -> Self:
        """Begin now.

        :param read: returns the processor time that something has used ever since, in seconds
        """
        return cls(read, read())

    def seconds(self) -> float:
        """Return what was used until now."""
        return self._read() - self._before
