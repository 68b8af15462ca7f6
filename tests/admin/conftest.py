"""The rows of sign-ins, as the administration's pages leave them, and applications with a plugin."""

import sys
import types
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update

from shoptrack.db import Database
from shoptrack_auth.models import User, UserSession


@pytest.fixture
def sessions(database):
    """Return a function that reads the sign-ins there are, oldest first."""

    def sessions() -> list:
        with database.read_engine.connect() as connection:
            return list(connection.execute(select(UserSession.__table__).order_by(UserSession.id)))

    return sessions


@pytest.fixture
def alter(database):
    """Return functions that change a user, or all sign-ins, behind the application's back."""

    def user(user: User, **values) -> None:
        with database.engine.begin() as connection:
            connection.execute(update(User).where(User.id == user.id).values(values))

    def sign_ins(**values) -> None:
        with database.engine.begin() as connection:
            connection.execute(update(UserSession).values(values))

    return SimpleNamespace(user=user, sign_ins=sign_ins)


@pytest.fixture
def said():
    """Return a function that returns the messages of a page."""

    def said(page) -> list[str]:
        return [message.text for message in page.html.select(".messages .message")]

    return said


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    """Return the folder of the templates of a plugin that `with_plugin` makes, such as ``stranger:panel.jinja2``."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def with_plugin(database, plugins, settings, built_apps, monkeypatch, templates):
    """Return a function that builds an application with a plugin made of an ``includeme``; of the same one, once."""
    built = []

    def with_plugin(includeme, **ini):
        module = vars(includeme).setdefault("plugin", types.ModuleType("stranger"))
        module.includeme = includeme
        module.__file__ = str(templates / "stranger.py")
        module.__spec__ = types.SimpleNamespace(name="stranger", submodule_search_locations=None)
        monkeypatch.setitem(sys.modules, "stranger", module)
        app = built_apps.get(database.url, (*plugins, "stranger"), **(settings | ini))
        built.append(app)
        return app

    yield with_plugin
    for app in built:
        Database.of(app.registry).dispose()


@pytest.fixture
def number_of(database):
    """Return a function that counts the rows of a model."""

    def number_of(model) -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(model))

    return number_of
