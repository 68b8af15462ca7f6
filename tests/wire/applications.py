"""The applications that are asked: one for each name, built when the first transcript names it."""

from contextlib import ExitStack
from typing import Any

from sqlalchemy import URL

from shoptrack.db import Database
from shoptrack.testing import make_test_app, serve_app
from shoptrack_auth.hashers import UserPasswordHasher
from tests.security.conftest import server_options

FAILING = "tests.security.failing"  # views that fail

# Settings by name, as an .ini has them with dots as double underscores.
SETTINGS: dict[str, dict[str, str]] = {
    "default": {},
    "model": {"shoptrack__api_permissions": "model"},
    "body": {"shoptrack__refresh_transport": "body"},
    "cookie": {"shoptrack__refresh_transport": "cookie"},
    "debug": {"shoptrack__debug": "true", "shoptrack__cors_allowed_origins": ""},
    "proxied": {
        "shoptrack__trusted_proxies": "127.0.0.1",
        "shoptrack__allowed_hosts": ".example.com",
    },
    "https": {"shoptrack__trusted_proxies": "127.0.0.1", "shoptrack__https_only": "true"},
    "throttled": {
        "shoptrack__failures_per_name": "2",
        "shoptrack__token_failures_per_address": "2",
    },
    "failing": {"shoptrack__plugins": FAILING},
    "alone": {"shoptrack__plugins": ""},
    "away": {"shoptrack__database_url": "sqlite:////nowhere/away.sqlite3"},
}


class Applications:
    """Servers of applications on one database, by the names of ``SETTINGS``.

    :param default: the application that a transcript asks unless it names another
    """

    def __init__(self, default: Any, plugins: tuple[str, ...]):
        self._default = default
        self._plugins = plugins
        self._ports: dict[str, int] = {}
        self._stack = ExitStack()

    def get_port(self, name: str, url: URL, hasher: UserPasswordHasher) -> int:
        """Return where an application listens.

        :raises KeyError: there is no application of this name
        """
        if name not in self._ports:
            app = self._default if name == "default" else self._build(SETTINGS[name], url)
            app.registry[UserPasswordHasher] = hasher
            self._ports[name] = self._stack.enter_context(serve_app(app, **server_options()))
        return self._ports[name]

    def close(self) -> None:
        """Stop all servers."""
        self._stack.close()

    def _build(self, settings: dict[str, str], url: URL) -> Any:
        ini = dict(settings)
        plugins = self._plugins
        if (named := ini.pop("shoptrack__plugins", None)) is not None:
            plugins = (*plugins, named) if named else ()
        app = make_test_app(url, plugins, **ini)
        self._stack.callback(Database.of(app.registry).dispose)
        return app
