"""SQLite's file cannot grow, or another process writes and does not end: 503, and then all is as before."""

import resource
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, NullPool, create_engine, select, text

from shoptrack.catalog.models import Store
from shoptrack.db.database_errors import DISK_FULL, LOCK_TIMEOUT

from .conftest import STATEMENT_SECONDS, THREADS, settle
from .load import BROKEN, Load, check_refusals

pytestmark = pytest.mark.database("sqlite")

DISK = 16  # megabytes
STORE = {"name": "Life", "location": "Kyoto"}


@pytest.fixture
def disk(tmp_path):
    """Mount a small disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    size = f"size={DISK}m"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"mounting a disk takes rights: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill_up(folder: Path) -> Path:
    """Fill a disk to the last byte, and return the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        part = bytes(4096)
        while True:
            try:
                file.write(part)
            except OSError:
                return filler


def check(household, load: Load) -> None:
    """Fail unless everything that was acknowledged is there, and the file is sound."""
    with household.database.read_engine.connect() as connection:
        names = set(connection.scalars(select(Store.name)))
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    assert set(load.acknowledged.values()) <= names
    assert load.statuses[BROKEN] == 0


@contextmanager
def another_process_writes(household) -> Iterator[None]:
    """Hold SQLite's write lock for as long as the block goes on."""
    other = create_engine(
        household.database.url, poolclass=NullPool, connect_args={"isolation_level": None}
    )
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.exec_driver_sql("ROLLBACK")


def test_who_waits_for_another_process_is_told_to_come_again(household, server):
    with another_process_writes(household), ThreadPoolExecutor(THREADS - 1) as clients:
        writers = [
            clients.submit(server.request, "POST", "/api/stores/", STORE)
            for _ in range(THREADS - 1)
        ]
        assert server.request("GET", "/api/stores/?limit=1").status == 200
        answers = [writer.result() for writer in writers]
    assert {(answer.status, answer.json["detail"]) for answer in answers} == {(503, LOCK_TIMEOUT)}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert server.request("POST", "/api/stores/", STORE).status == 201


def test_reads_go_on_while_as_many_writers_wait_as_there_are_threads(household, server):
    with another_process_writes(household), Load(server, clients=THREADS) as writers:
        writers.wait(lambda: writers.statuses[503] >= THREADS)
        with Load(server, clients=1, writes=False) as readers:
            readers.wait(lambda: readers.statuses[200] >= 20)
    assert readers.refusals == []
    assert readers.slowest < float(STATEMENT_SECONDS) / 2
    check_refusals(writers)
    assert {answer.json["detail"] for answer in writers.refusals} == {LOCK_TIMEOUT}
    # Half of the threads wait for as long as they may; everybody else is told at once.
    patient = [
        answer for answer in writers.refusals if answer.seconds > float(STATEMENT_SECONDS) / 2
    ]
    assert 0 < len(patient) < len(writers.refusals)
    assert server.request("POST", "/api/stores/", STORE).status == 201


def test_a_quota_that_is_used_up_loses_nothing(household, server):
    size = Path(household.database.url.database).stat().st_size
    process = server.process.pid
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    # The log of changes beside the file grows up to here.
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size // 4, before[1]))
    with Load(server) as load:
        try:
            load.wait(lambda: load.statuses[503] >= 20)
        finally:
            resource.prlimit(process, resource.RLIMIT_FSIZE, before)
        load.wait_for_more(40)
    check_refusals(load)
    assert {answer.json["detail"] for answer in load.refusals} == {DISK_FULL}
    check(household, load)


def test_a_full_disk_loses_nothing_and_is_used_again(disk, serve):
    household = settle(URL.create("sqlite", database=str(disk / "shoptrack.sqlite3")), records=0)
    server = serve(household)
    with Load(server) as load:
        load.wait(lambda: load.statuses[201] >= 40)
        filler = fill_up(disk)
        load.wait(lambda: load.statuses[503] >= 20)
        assert server.request("GET", "/api/stores/?limit=1").status == 200
        filler.unlink()
        load.wait_for_more(40)
    check_refusals(load)
    assert {answer.json["detail"] for answer in load.refusals} == {DISK_FULL}
    check(household, load)
    household.database.dispose()
    server.stop()
