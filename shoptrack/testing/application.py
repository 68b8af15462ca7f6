"""The application under test, with the plugins that the tests enable."""

import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
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
MAX_BUILT_APPS = 24  # of one process


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the enabled plugins. Override this fixture."""
    return ()


@pytest.fixture(scope="session")
def settings() -> dict[str, str]:
    """Return settings as in an .ini file, such as ``{"shoptrack.max_streams": "1"}``. Override this fixture.

    An override may have any scope. Its settings are merged with those of the fixtures that it overrides.
    """
    return {}


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """Merge the value of each fixture ``settings`` with the one that it overrides."""
    value = yield
    if fixturedef.argname != "settings" or not isinstance(value, Mapping):
        return value
    try:
        overridden = request.getfixturevalue("settings")
    except pytest.FixtureLookupError:  # it overrides none
        return value
    if not isinstance(overridden, Mapping):  # of another plugin for pytest
        return value
    merged = {**overridden, **value}
    _, key, error = fixturedef.cached_result
    fixturedef.cached_result = (merged, key, error)
    return merged


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


class SharedApps:
    """Applications that tests share, cached by their plugins and settings.

    Those with the same plugins share a database.

    :param new_database: creates an empty database
    """

    def __init__(self, new_database: NewDatabase):
        self._new_database = new_database
        self._urls: dict[tuple[str, ...], URL] = {}
        self._apps: dict[tuple, Any] = {}

    def get(self, plugins: Sequence[str], settings: Mapping[str, str]) -> Any:
        """Return an application on a migrated database."""
        names, ini = tuple(plugins), {"pyramid.includes": IDENTITY_PLUGIN, **settings}
        key = (names, *sorted(ini.items()))
        if key not in self._apps:
            url = self._urls.get(names) or self._new_database()
            app = make_test_app(url, names, **ini)
            if names not in self._urls:
                upgrade_database(app)
                self._urls[names] = url
            self._apps[key] = app
        return self._apps[key]

    def close(self) -> None:
        """Close the connections of all applications."""
        for app in self._apps.values():
            Database.of(app.registry).dispose()


@pytest.fixture(scope="session")
def shared_apps(new_database: NewDatabase) -> Iterator[SharedApps]:
    """Return the applications that tests share."""
    apps = SharedApps(new_database)
    yield apps
    apps.close()


@pytest.fixture
def shared_app(shared_apps: SharedApps, plugins: Sequence[str], settings: Mapping[str, str]) -> Any:
    """Return the application, built once for each kind of database and for each merged ``settings``."""
    return shared_apps.get(plugins, settings)


@pytest.fixture
def app(shared_app):
    """Return the application, and empty its tables after the test."""
    yield shared_app
    delete_all_rows(Database.of(shared_app.registry))


class BuiltApps:
    """Applications besides the shared one, cached by their settings as long as the modules of their plugins stay.

    The least recently used ones are dropped, since each takes 9 MiB.
    """

    def __init__(self) -> None:
        self._apps: OrderedDict[tuple, tuple[list[ModuleType | None], Any]] = OrderedDict()

    def get(self, url: URL, plugins: Sequence[str], **ini: str):
        """Return a cached or new application. The caller closes its connections."""
        key = (url, tuple(plugins), *sorted(ini.items()))
        modules, app = self._apps.pop(key, (None, None))
        # A test may write a plugin anew, under the same name.
        if modules != [sys.modules.get(name) for name in plugins]:
            app = make_test_app(url, plugins, **ini)
        self._apps[key] = [sys.modules.get(name) for name in plugins], app
        if len(self._apps) > MAX_BUILT_APPS:
            self._apps.popitem(last=False)
        return app


@pytest.fixture(scope="session")
def built_apps() -> BuiltApps:
    """Return the cache of applications that tests have built."""
    return BuiltApps()


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
