"""PostgreSQL goes, comes back, cuts connections, is full or waits for a lock: 503, and then all is as before."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from shoptrack.catalog.models import Store
from shoptrack.db.database_errors import POOL_EXHAUSTED, READ_ONLY, STATEMENT_TIMEOUT, UNREACHABLE

from ..pserve import PRODUCTION
from .cluster import Cluster
from .conftest import THREADS
from .load import BROKEN, Load, check_refusals
from .processes import eventually

pytestmark = pytest.mark.database("postgresql")

MANY_THREADS = 40  # more than the pool has connections, which are 30
POOL_SECONDS = 10  # how long a request waits for one of them
STORE = {"name": "Life", "location": "Kyoto"}


@contextmanager
def locked(household) -> Iterator[None]:
    """Hold a lock that whoever adds a store has to wait for."""
    with household.database.engine.connect() as connection:
        connection.execute(text("LOCK TABLE stores"))
        yield
        connection.rollback()


def enter(others: ExitStack, connection) -> bool:
    """Open one more connection, and return whether there was one."""
    try:
        others.enter_context(connection)
    except OperationalError:
        return False
    return True


def has_places(cluster: Cluster, connections: int) -> bool:
    """Tell whether there are no more connections than so many, and can be."""
    try:
        return cluster.backends() <= connections
    except OperationalError:
        return False


def names(household) -> set[str]:
    with household.database.read_engine.connect() as connection:
        return set(connection.scalars(select(Store.name)))


def test_connections_that_are_cut_are_made_anew(household, server, cluster):
    cut = 0
    with Load(server) as load:
        for _ in range(5):
            load.wait_for_more(40)
            cut += cluster.cut()
    assert cut > 5
    assert load.statuses[BROKEN] == 0
    check_refusals(load)
    assert set(load.acknowledged.values()) <= names(household)


def test_it_may_be_stopped_and_started(household, server, cluster):
    process = server.process.pid
    with Load(server) as load:
        load.wait(lambda: load.statuses[201] >= 40)
        cluster.stop()
        try:
            load.wait(lambda: load.statuses[503] >= 5 * THREADS)
            assert server.request("GET", "/healthz").status == 200
            assert server.request("GET", "/readyz").status == 503
        finally:
            cluster.start()
        load.wait_for_calm()
    assert server.process.pid == process
    assert server.request("GET", "/readyz").status == 200
    assert load.statuses[BROKEN] == 0
    check_refusals(load)
    assert UNREACHABLE in {answer.json["detail"] for answer in load.refusals}
    assert set(load.acknowledged.values()) <= names(household)


def test_a_standby_is_read_and_takes_no_changes(server, cluster):
    with cluster.standby():
        eventually(lambda: server.request("GET", "/api/stores/?limit=1").status == 200)
        answer = server.request("POST", "/api/stores/", STORE)
        assert (answer.status, answer.json["detail"]) == (503, READ_ONLY)
        assert int(answer.headers["Retry-After"]) > 0
        ready = server.request("GET", "/readyz")
        assert ready.status == 503
        checks = {"database": "ok", "database_writes": "failed", "migrations": "ok"}
        assert ready.json["checks"] == checks
    eventually(lambda: server.request("POST", "/api/stores/", STORE).status == 201)
    assert server.request("GET", "/readyz").status == 200


def test_it_may_take_no_more_connections(server, cluster):
    cluster.cut()
    before = cluster.backends()
    with ExitStack() as others:
        while enter(others, cluster.connect()):
            pass
        answer = server.request("GET", "/api/stores/?limit=1")
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert server.request("GET", "/healthz").status == 200
    # PostgreSQL learns of each end in its own time.
    eventually(lambda: has_places(cluster, before))
    assert server.request("GET", "/api/stores/?limit=1").status == 200


def test_who_waits_for_a_lock_is_told_to_come_again(household, server, cluster):
    with locked(household), ThreadPoolExecutor(2 * THREADS) as clients:
        answers = list(
            clients.map(lambda _: server.request("POST", "/api/stores/", STORE), range(2 * THREADS))
        )
    assert {(answer.status, answer.json["detail"]) for answer in answers} == {
        (503, STATEMENT_TIMEOUT)
    }
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert server.request("POST", "/api/stores/", STORE).status == 201


def test_a_pool_without_connections_hangs_no_thread(household, cluster, serve, tmp_path):
    ini = tmp_path / "many-threads.ini"
    ini.write_text(PRODUCTION.read_text().replace("threads = 8", f"threads = {MANY_THREADS}"))
    server = serve(household, ini, SHOPTRACK_STATEMENT_SECONDS=str(POOL_SECONDS + 5))
    with locked(household), ThreadPoolExecutor(MANY_THREADS) as clients:
        answers = list(
            clients.map(
                lambda _: server.request("POST", "/api/stores/", STORE), range(MANY_THREADS)
            )
        )
    assert {answer.status for answer in answers} == {503}
    assert POOL_EXHAUSTED in {answer.json["detail"] for answer in answers}
    with Load(server, MANY_THREADS) as load:
        load.wait(lambda: load.statuses[201] >= 2 * MANY_THREADS)
    assert load.refusals == []
    server.stop()
