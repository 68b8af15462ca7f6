"""Whatever ends an import half-way, nothing of it is left, and another one works."""

import gc
import subprocess
import sys
from threading import Barrier, Thread

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from shoptrack_django_import import source
from shoptrack_django_import.importer import TABLES, DjangoImporter, ImportTargetNotEmpty

KILLED = """
import sys, time
from sqlalchemy import make_url
from shoptrack.db import Database
from shoptrack_django_import import source
from shoptrack_django_import.importer import DjangoImporter

def wait(rows):
    print("some are written", flush=True)
    time.sleep(60)

old, new = map(make_url, sys.argv[1:])
with source.open_source(old) as connection, Database(new).engine.begin() as target:
    DjangoImporter(connection).write(target, wait)
"""


@pytest.fixture
def rows(database):
    """Return a function that counts all rows of ShopTrack's own."""

    def rows() -> int:
        with database.read_engine.connect() as connection:
            return sum(connection.scalar(select(func.count()).select_from(t)) for t in TABLES)

    return rows


def write(old, database, progress) -> None:
    with source.open_source(old.url) as connection, database.engine.begin() as target:
        DjangoImporter(connection).write(target, progress)


def test_a_killed_process_leaves_nothing(old, database, run, rows):
    urls = [url.render_as_string(hide_password=False) for url in (old.url, database.url)]
    command = [sys.executable, "-c", KILLED, *urls]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "some are written\n"
        process.kill()
    assert rows() == 0
    assert run(old.address).exit_code == 0


def test_neither_does_one_that_is_interrupted(old, database, run, rows):
    steps = []

    def interrupt(count):
        steps.append(count)
        if len(steps) == 12:  # after the last table
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(old, database, interrupt)
    assert rows() == 0
    assert run(old.address).exit_code == 0
    assert rows() == sum(steps)


# psycopg warns of a cursor that it could not close on a connection that is gone.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("whose", ["shoptrack", "shoptrack import-django"])
@pytest.mark.database("postgresql")
def test_neither_does_one_whose_connection_breaks(old, database, postgresql, run, rows, whose):
    server = create_engine(postgresql, isolation_level="AUTOCOMMIT")

    def break_connection(count):
        terminate = text(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = :whose AND state = 'idle in transaction'"
        )
        with server.connect() as connection:
            assert connection.scalars(terminate, {"whose": whose}).all() == [True]

    with pytest.raises(DBAPIError):
        write(old, database, break_connection)
    gc.collect()  # the cursor, in this test rather than in a later one
    server.dispose()
    assert rows() == 0
    assert run(old.address).exit_code == 0


def test_of_two_at_once_one_is_refused(old, database, rows):
    start = Barrier(2)
    outcomes = []

    def run():
        start.wait()
        try:
            write(old, database, lambda count: None)
            outcomes.append("written")
        except ImportTargetNotEmpty:
            outcomes.append("refused")

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "written"]
    assert rows() == 81


def test_a_dry_run_writes_nothing(old, run, rows):
    result = run(old.address, "--dry-run")
    assert result.exit_code == 0
    assert "Nothing was written. Without --dry-run, 81 rows would be." in result.stdout
    assert rows() == 0
