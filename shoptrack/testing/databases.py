"""Databases for tests: selecting, creating and emptying them."""

import itertools
from collections.abc import Callable, Collection, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import URL, Connection, Table, inspect

from shoptrack.db import Base, Database
from shoptrack.testing import adverse, templates
from shoptrack.testing.postgresql_server import (
    OPTION_ADVERSE,
    TEST_DATABASE_PREFIX,
    connect_to_server,
    drop_databases,
)

DATABASES = ("sqlite", "postgresql")
ADVERSE = "adverse"  # PostgreSQL with the settings of `shoptrack.testing.adverse`
KINDS = (*DATABASES, ADVERSE)

CreateDatabase = Callable[..., URL]
NewDatabase = Callable[[], URL]


def pytest_configure(config) -> None:
    """Register the marker, so that pytest lists it and accepts it with strict markers.

    Also set the root of the templates, which each checkout keeps separately.
    """
    templates.set_root(config.rootpath)
    config.addinivalue_line(
        "markers",
        f"database(*names): run on these databases alone, of {', '.join(KINDS)} (default: on "
        f"{' and '.join(DATABASES)}, if the test needs one).",
    )


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem():
    """Collect a test only for the databases that its closest ``database`` marker names.

    The collected items keep the parameters of ``new_database``, even if a folder overrides this fixture.
    """
    collected = yield
    return (
        [item for item in collected if _is_wanted(item)]
        if isinstance(collected, list)
        else collected
    )


def _is_wanted(item: pytest.Item) -> bool:
    """Return whether a test runs on the item's database: one of its marker, or by default any but the adverse one."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    kind = parameters.get("new_database")
    marker = item.get_closest_marker("database")
    if marker is None:
        return kind != ADVERSE
    if not marker.args or not set(marker.args) <= set(KINDS):
        found = ", ".join(map(repr, marker.args)) or "nothing"
        pytest.fail(f"The marker database takes {', '.join(KINDS)}, not {found}.", pytrace=False)
    return kind in (None, *marker.args)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql: URL, pytestconfig) -> Iterator[CreateDatabase]:
    """Return a function that creates a database on the server. All are dropped at the end of the session."""
    created: list[URL] = []

    def create(template: str | None = None, *, is_adverse: bool = False) -> URL:
        is_adverse = is_adverse or pytestconfig.getoption(OPTION_ADVERSE)
        # Unique, since other test runs may use the server at the same time.
        name = f"{TEST_DATABASE_PREFIX}{adverse.NAME if is_adverse else ''}{uuid4().hex}"
        with connect_to_server(postgresql) as connection:
            # As in the documentation, independent of the server's locale and encoding.
            kind = template or "template0 ENCODING 'UTF8' LOCALE 'C'"
            if is_adverse and not template:
                kind += adverse.make_provider_clause(connection)
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {kind} STRATEGY FILE_COPY")
        created.append(postgresql.set(database=name))
        if is_adverse:
            adverse.make_adverse(created[-1])
        return created[-1]

    yield create
    if created:
        with connect_to_server(created[0]) as connection:
            drop_databases(connection, [str(url.database) for url in created])


@pytest.fixture(scope="session")
def create_database(request, tmp_path_factory) -> CreateDatabase:
    """Return a function that creates an empty database of a kind and returns its URL.

    ``create_database("postgresql", template="…")`` copies another database of the same server.
    ``create_database("adverse")`` applies the settings of `shoptrack.testing.adverse`.
    """
    folder, numbers = tmp_path_factory.mktemp("sqlite"), itertools.count(1)

    def create_database(kind: str, template: str | None = None) -> URL:
        if kind == "sqlite":
            return URL.create("sqlite", database=str(folder / f"{next(numbers)}.sqlite3"))
        create = request.getfixturevalue("postgresql_databases")
        return create(template, is_adverse=kind == ADVERSE)

    return create_database


@pytest.fixture(scope="session", params=KINDS)
def new_database(request, create_database: CreateDatabase) -> NewDatabase:
    """Return a function that creates an empty database and returns its URL."""
    return lambda: create_database(request.param)


def delete_all_rows(database: Database) -> None:
    """Delete every row of every model's table."""
    with database.engine.begin() as connection:
        existing = set(inspect(connection).get_table_names())
        tables = [
            table
            for table in reversed(Base.metadata.sorted_tables)
            if table.name in existing and not table.info.get("outlives_tests")
        ]
        for table in _find_nonempty(connection, tables):
            if clear := table.info.get("clear"):  # for tables that do not allow a plain DELETE
                clear(connection)
            else:
                connection.execute(table.delete())


def _find_nonempty(connection: Connection, tables: Collection[Table]) -> list[Table]:
    """Return the tables with rows, in the given order. Most tests leave most tables empty."""
    if not tables:
        return []
    quoted = connection.dialect.identifier_preparer.format_table
    conditions = ", ".join(f"EXISTS (SELECT 1 FROM {quoted(table)})" for table in tables)
    answer = connection.exec_driver_sql(f"SELECT {conditions}").one()
    return [table for table, filled in zip(tables, answer, strict=True) if filled]


@pytest.fixture
def database(app) -> Database:
    """Return the application's database."""
    return Database.of(app.registry)
