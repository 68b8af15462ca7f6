"""Databases for tests: which ones a test runs on, empty ones of both kinds, and emptying them again."""

import itertools
from collections.abc import Callable, Collection, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import URL, Connection, NullPool, Table, create_engine, inspect

from shoptrack.db import Base, Database
from shoptrack.testing import templates
from shoptrack.testing.postgresql_server import TEST_DATABASE_PREFIX

DATABASES = ("sqlite", "postgresql")

NewDatabase = Callable[[], URL]


def pytest_configure(config) -> None:
    """Register the marker, so that pytest lists it and accepts it where markers are strict.

    Each checkout keeps templates of its own.
    """
    templates.use(config.rootpath)
    config.addinivalue_line(
        "markers",
        f"database(*names): run on these databases alone, of {' and '.join(DATABASES)} "
        "(default: on each, if the test needs one).",
    )


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem():
    """Collect a test for the databases that its closest ``database`` marker names, and for no other.

    What is left keeps the parameters of ``new_database``, also those of a folder that overrides it.
    """
    collected = yield
    return [item for item in collected if _runs(item)] if isinstance(collected, list) else collected


def _runs(item: pytest.Item) -> bool:
    """Whether the test's marker, if any, names the database that the item is for."""
    marker = item.get_closest_marker("database")
    if marker is None:
        return True
    if not marker.args or not set(marker.args) <= set(DATABASES):
        found = ", ".join(map(repr, marker.args)) or "nothing"
        pytest.fail(
            f"The marker database takes {' and '.join(DATABASES)}, not {found}.", pytrace=False
        )
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return parameters.get("new_database") in (None, *marker.args)


@pytest.fixture(scope="session", params=DATABASES)
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
        name = f"{TEST_DATABASE_PREFIX}{uuid4().hex}"  # others may use the server at the same time
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
        tables = [
            table
            for table in reversed(Base.metadata.sorted_tables)
            if table.name in there and not table.info.get("outlives_tests")
        ]
        for table in _filled(connection, tables):
            if clear := table.info.get("clear"):  # its rows are not deleted as others are
                clear(connection)
            else:
                connection.execute(table.delete())


def _filled(connection: Connection, tables: Collection[Table]) -> list[Table]:
    """Return the tables that have rows, in the given order: most tests leave most tables empty."""
    if not tables:
        return []
    quoted = connection.dialect.identifier_preparer.format_table
    asked = ", ".join(f"EXISTS (SELECT 1 FROM {quoted(table)})" for table in tables)
    answer = connection.exec_driver_sql(f"SELECT {asked}").one()
    return [table for table, filled in zip(tables, answer, strict=True) if filled]


@pytest.fixture
def database(app) -> Database:
    """Return the application's database."""
    return Database.of(app.registry)
