import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# What is compiled is kept, for the processes that tests start as well: compiling takes as long as a test file.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

gc.disable()  # until all is imported and collected, of which nothing is garbage

ONE_PROCESS_FILES = 6  # more are worth the seconds that each further process takes to start

# Each example is a request or two to one application on one database.
settings.register_profile(
    "shoptrack",
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("shoptrack")

pytest_plugins = ["shoptrack.testing", "shoptrack_auth.testing", "shoptrack_admin.testing"]


def pytest_xdist_auto_num_workers(config) -> int | None:
    """Run a few files in this process, and many on all cores."""
    is_small = config.option.keyword or len(list(_find_files(config.args))) <= ONE_PROCESS_FILES
    return 0 if is_small else None


def pytest_collection_finish() -> None:
    """Collect garbage seldom, and not what was imported: it took a third of the time.

    The oldest generation is collected about once for a hundred applications, of which each takes 9 MiB.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 10)
    gc.enable()


def _find_files(arguments):
    for argument in arguments:
        path = Path(argument.partition("::")[0])
        yield from path.rglob("test_*.py") if path.is_dir() else [path]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Have a skipped test fail in CI, where everything is there that a test may need."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        _, _, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"In CI no test may be skipped. {reason}"
    return report


@pytest.fixture(scope="session")
def plugins():
    return ("shoptrack_auth", "shoptrack_admin", "shoptrack_reports")


@pytest.fixture(scope="session")
def lender(plugins):
    """Lend applications to tests that need several, each with a database of its own."""
    from .lending import Lender  # pytest has to import the plugins above first

    return Lender(plugins)


@pytest.fixture(scope="session")
def settings():
    """A household that shares its data, as is the default."""
    return {"shoptrack.api_permissions": "authenticated"}


def pytest_configure(config):
    """Register the mark of tests of who may open which page."""
    config.addinivalue_line(
        "markers",
        "model_permissions: browsers are in a household in which permissions are required",
    )


@pytest.fixture
def browser_of(browser_of, request, build_app):
    """Have browsers in tests with the mark ``model_permissions`` require permissions."""
    if request.node.get_closest_marker("model_permissions") is None:
        return browser_of
    app = build_app(shoptrack__api_permissions="model")

    def strict_browser_of(user):
        client = browser_of(user)
        client.app = app
        return client

    return strict_browser_of


@pytest.fixture(scope="session")
def app_with_tables(new_database):
    """Return a function that builds an application whose plugins have these models, and no migrations."""
    from shoptrack.db import Database, migrations  # pytest has to import the plugins above first
    from shoptrack.db.migrations import Lineages
    from shoptrack.testing import make_test_app, upgrade_database

    @contextmanager
    def build(plugins, models, **settings):
        app = make_test_app(new_database(), plugins, **settings)
        database = Database.of(app.registry)
        migrations.migrate(database, Lineages.of(app.registry).values())
        with database.engine.begin() as connection:
            for model in models:
                model.__table__.create(connection)
        upgrade_database(app)
        yield app
        database.dispose()

    return build


@pytest.fixture
def count_statements(database):
    """Return a function that counts the statements of a call."""

    from shoptrack.testing import capture_statements

    def count_statements(call, *arguments, **named) -> int:
        with capture_statements(database) as statements:
            call(*arguments, **named)
        return len(statements)

    return count_statements


@pytest.fixture
def credentials(user, auth_headers):
    """Those of a user who was given nothing."""
    return auth_headers(user)


@pytest.fixture
def bought(make):
    """Return a function that records what was bought, in one product of each category, and returns the record."""
    products = {}

    def bought(day: str, price: int, category: str = "Meat", **values):
        if category not in products:
            products[category] = make.product(category_id=make.category(name=category).id)
        return make.record(
            purchase_date=date.fromisoformat(day),
            price=price,
            product_id=products[category].id,
            **values,
        )

    return bought


@pytest.fixture
def entries(database):
    """Return a function that reads the history's entries, the oldest first; there are none at first."""

    from sqlalchemy import select

    from shoptrack.history import HistoryEntry, delete_entries

    def entries(**wanted):
        named = (getattr(HistoryEntry, name) == value for name, value in wanted.items())
        with database.read_engine.connect() as connection:
            statement = select(*HistoryEntry.__table__.columns).where(*named)
            return connection.execute(statement.order_by(HistoryEntry.id)).all()

    with database.engine.begin() as connection:
        delete_entries(connection)
    return entries


@pytest.fixture
def at_once(api) -> Callable[..., list[Any]]:
    """Return a function that calls each ``call(client)`` in a thread of its own, all at once.

    It returns what they return.
    """

    from shoptrack.testing import Client

    def at_once(*calls: Callable[[Client], Any]) -> list[Any]:
        barrier = Barrier(len(calls))

        def run(call: Callable[[Client], Any]) -> Any:
            client = Client(api.app, extra_environ=api.extra_environ)
            barrier.wait(60)
            return call(client)

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(run, calls))

    return at_once
