"""The application that is tested: the real one, with the plugins that the tests name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import URL

from shoptrack import make_app
from shoptrack.db import Database
from shoptrack.settings import Sources
from shoptrack.testing.databases import NewDatabase, empty
from shoptrack.testing.templates import bring_up_to_date

KEY = "a-key-for-tests-that-is-long-enough-to-sign-with"
IDENTITY = "shoptrack.testing.identity"


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Name the plugins that are switched on. Override it."""
    return ()


@pytest.fixture(scope="session")
def settings() -> dict[str, str]:
    """Return settings as an .ini has them, such as ``{"shoptrack.max_streams": "1"}``. Override it."""
    return {}


def build(url: URL, plugins: Sequence[str] = (), **ini: str):
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


@pytest.fixture(scope="session")
def shared_app(
    new_database: NewDatabase, plugins: Sequence[str], settings: Mapping[str, str]
) -> Iterator[Any]:
    """Build the application once for each kind of database."""
    app = build(new_database(), plugins, **{"pyramid.includes": IDENTITY, **settings})
    bring_up_to_date(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def app(shared_app):
    """Give a test the application, and empty its tables afterwards."""
    yield shared_app
    empty(Database.of(shared_app.registry))


@pytest.fixture
def build_app(
    database: Database, plugins: Sequence[str], settings: Mapping[str, str]
) -> Iterator[Callable]:
    """Return a function that builds another application on the test's database.

    ``build_app(shoptrack__max_streams="1")`` sets what an .ini would, dots as double underscores.
    """
    built = []

    def build_app(plugins: Sequence[str] = plugins, url: URL = database.url, **ini: str):
        app = build(url, plugins, **{"pyramid.includes": IDENTITY, **settings, **ini})
        built.append(app)
        return app

    yield build_app
    for app in built:
        Database.of(app.registry).dispose()
