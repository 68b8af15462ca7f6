"""The application under test, with the plugins that the tests enable."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import URL

from shoptrack import make_app
from shoptrack.db import Database
from shoptrack.settings import Sources
from shoptrack.testing.databases import NewDatabase, delete_all_rows
from shoptrack.testing.templates import upgrade_database

SECRET_KEY = "a-key-for-tests-that-is-long-enough-to-sign-with"
IDENTITY_PLUGIN = "shoptrack.testing.identity"


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the enabled plugins. Override this fixture."""
    return ()


@pytest.fixture(scope="session")
def settings() -> dict[str, str]:
    """Return settings as in an .ini file, such as ``{"shoptrack.max_streams": "1"}``. Override this fixture."""
    return {}


def make_test_app(url: URL, plugins: Sequence[str] = (), **ini: str):
    """Return an application on a database. It ignores environment variables and ``.env``.

    :param ini: settings as in an .ini file, with double underscores for dots
    """
    settings = {
        "shoptrack.database_url": url.render_as_string(hide_password=False),
        "shoptrack.plugins": " ".join(plugins),
        "shoptrack.secret_key": SECRET_KEY,
        "shoptrack.cors_allowed_origins": "http://app.example",
        "shoptrack.sqlite_synchronous": "normal",  # test databases need not survive a power failure
        **{name.replace("__", "."): value for name, value in ini.items()},
    }
    return make_app(Sources(ini=settings, environ={}, dotenv_path=None))


@pytest.fixture(scope="session")
def shared_app(
    new_database: NewDatabase, plugins: Sequence[str], settings: Mapping[str, str]
) -> Iterator[Any]:
    """Return the application, built once for each kind of database."""
    app = make_test_app(
        new_database(), plugins, **{"pyramid.includes": IDENTITY_PLUGIN, **settings}
    )
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def app(shared_app):
    """Return the application, and empty its tables after the test."""
    yield shared_app
    delete_all_rows(Database.of(shared_app.registry))


class BuiltApps:
    """Applications besides the shared one, cached by their settings.

    :param plugins: the plugins of the tests; applications with other plugins are not cached, since their code may
        change between tests
    """

    def __init__(self, plugins: Sequence[str]):
        self._plugins = frozenset(plugins)
        self._apps: dict[tuple, Any] = {}

    def get(self, url: URL, plugins: Sequence[str], **ini: str):
        """Return a cached or new application. The caller closes its connections."""
        if not self._plugins.issuperset(plugins):
            return make_test_app(url, plugins, **ini)
        key = (url, tuple(plugins), *sorted(ini.items()))
        if key not in self._apps:
            self._apps[key] = make_test_app(url, plugins, **ini)
        return self._apps[key]


@pytest.fixture(scope="session")
def built_apps(plugins: Sequence[str]) -> BuiltApps:
    """Return the cache of applications that tests have built."""
    return BuiltApps(plugins)


@pytest.fixture
def build_app(
    database: Database,
    plugins: Sequence[str],
    settings: Mapping[str, str],
    built_apps: BuiltApps,
) -> Iterator[Callable]:
    """Return a function that builds another application on the test's database.

    ``build_app(shoptrack__max_streams="1")`` sets settings as in an .ini file, with double underscores for dots. Tests
    with the same settings share an application.
    """
    used = []

    def build_app(plugins: Sequence[str] = plugins, url: URL = database.url, **ini: str):
        ini = {"pyramid.includes": IDENTITY_PLUGIN, **settings, **ini}
        used.append(built_apps.get(url, plugins, **ini))
        return used[-1]

    yield build_app
    for app in used:
        Database.of(app.registry).dispose()
