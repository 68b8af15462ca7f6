"""One or more processes of ShopTrack before one database, and who works while people use them."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.alone import Used
from benchmarks.dataset import Dataset
from benchmarks.machine import Cores
from benchmarks.peers import SHOPTRACK
from benchmarks.scaling.people import PAUSELESS, People, Seen
from benchmarks.scaling.pooler import Pooler
from benchmarks.server import Server, serving

WARM_UP_SECONDS = 2
INTERVAL = 0.2  # seconds between two looks at PostgreSQL's connections
CONNECTIONS = """
    SELECT count(*), count(*) FILTER (WHERE state <> 'idle') FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'shoptrack'
"""


@dataclass(frozen=True)
class Stage:
    """What was measured with so many people and processes.

    :param server: cores that ShopTrack's processes kept busy
    :param database: cores that PostgreSQL kept busy
    :param pooler: cores that PgBouncer kept busy; ``None`` without it
    :param connections: to PostgreSQL, the most at a time
    :param busy: of these, the most that did something at a time
    """

    people: People
    processes: int
    seen: Seen
    server: float
    database: float
    pooler: float | None
    connections: int
    busy: int


@dataclass(frozen=True)
class Service:
    """Processes that serve one database."""

    servers: Sequence[Server]
    dataset: Dataset
    pooler: Pooler | None

    def warm_up(self, wrk: str, core: int) -> None:
        """Let every thread of the processes answer something, so that all connections are open."""
        ports = [server.port for server in self.servers]
        PAUSELESS.use(wrk, core, ports, self.dataset, WARM_UP_SECONDS)
        self.dataset.restore()

    def measure(self, people: People, wrk: str, core: int, seconds: int) -> Stage:
        """Let people use it. Rows that they write are taken back."""
        ports = [server.port for server in self.servers]
        server = Used.by(lambda: sum(server.cpu_seconds() for server in self.servers))
        database = Used.by(self.dataset.backend.cpu_seconds)
        pooler = Used.by(self.pooler.cpu_seconds) if self.pooler else None
        with _watched(self.dataset) as looks:
            seen = people.use(wrk, core, ports, self.dataset, seconds)
        stage = Stage(
            people,
            len(self.servers),
            seen,
            server.seconds() / seen.seconds,
            database.seconds() / seen.seconds,
            pooler.seconds() / seen.seconds if pooler else None,
            max(look[0] for look in looks),
            max(look[1] for look in looks),
        )
        for one in self.servers:
            one.settle()
        self.dataset.restore()
        return stage


@contextmanager
def service(
    processes: int, dataset: Dataset, cores: Cores, folder: Path, pooler: Pooler | None = None
) -> Iterator[Service]:
    """Serve meanwhile. The first process has a core for itself, further ones have the last core."""
    settings = pooler.settings if pooler else dataset.settings
    with ExitStack() as stack:
        servers = []
        for number in range(processes):
            own = folder / f"process-{number}"
            own.mkdir(exist_ok=True)
            core = cores.last if number else cores.server
            servers.append(stack.enter_context(serving(SHOPTRACK, core, settings, own)))
        yield Service(servers, dataset, pooler)


@contextmanager
def _watched(dataset: Dataset) -> Iterator[list[tuple[int, int]]]:
    """Collect how many connections ShopTrack has to PostgreSQL, and how many of them are busy."""
    looks: list[tuple[int, int]] = []
    over = threading.Event()

    def watch() -> None:
        address = dataset.backend.address(dataset.url)
        with psycopg.connect(address, autocommit=True) as connection:
            while True:
                looks.append(connection.execute(CONNECTIONS).fetchone())
                if over.wait(INTERVAL):
                    return

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield looks
    finally:
        over.set()
        thread.join()
