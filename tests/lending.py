"""Applications that tests borrow one after the other, each time for another database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL

from shoptrack.db import Database
from shoptrack.testing import make_test_app


class Lender:
    """Lends applications with the same plugins and settings, since building one takes 0.3 s."""

    def __init__(self, plugins: Sequence[str]):
        self._plugins = plugins
        self._free: dict[str, list[Any]] = {}

    @contextmanager
    def lend(self, url: URL) -> Iterator[Any]:
        """Lend an application on a database to the block."""
        free = self._free.setdefault(url.get_backend_name(), [])
        app = free.pop() if free else make_test_app(url, self._plugins)
        if Database.of(app.registry).url != url:
            app.registry[Database] = Database(url, app.registry, sqlite_synchronous="normal")
        try:
            yield app
        finally:
            Database.of(app.registry).dispose()
            free.append(app)
