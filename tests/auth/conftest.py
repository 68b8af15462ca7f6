"""Applications with other settings on the same database, tokens that nobody issued, and short ways to ask."""

import sys
import time
from types import ModuleType
from uuid import uuid4

import jwt
import pytest
from sqlalchemy import func, select, update

from shoptrack.db import Database
from shoptrack.testing import SECRET_KEY, Client
from shoptrack_auth.models import User, UserSession
from shoptrack_auth.testing import PASSWORD


@pytest.fixture
def build_app(database, plugins, built_apps):
    """Return a function that builds an application with other settings, on the test's database."""
    used = []

    def build_app(plugins=plugins, url=database.url, **ini):
        used.append(built_apps.get(url, plugins, **ini))
        return used[-1]

    yield build_app
    for app in used:
        Database.of(app.registry).dispose()


@pytest.fixture
def client_with(build_app):
    """Return a function that returns a client of an application with other settings."""
    return lambda **ini: Client(build_app(**ini))


@pytest.fixture
def plugin(monkeypatch):
    """Return a function that makes a plugin of an ``includeme``, and the same one of the same function."""

    def plugin(name: str, includeme) -> str:
        module = vars(includeme).setdefault("plugin", ModuleType(name))
        module.includeme = includeme
        module.__spec__ = sys.modules[__name__].__spec__
        monkeypatch.setitem(sys.modules, name, module)
        return name

    return plugin


class SignedIn:
    """The tokens of one sign-in."""

    def __init__(self, answer, database):
        self.access = answer.json["access"]
        self.refresh = cookie_of(answer).partition("=")[2]
        self.auth_headers = {"Authorization": f"Bearer {self.access}"}
        self.cookie = {"Cookie": f"refresh_token={self.refresh}"}
        self.sid = jwt.decode(self.access, options={"verify_signature": False})["sid"]
        with database.read_engine.connect() as connection:
            self.session_id = connection.scalar(
                select(UserSession.id).where(UserSession.sid == self.sid)
            )


def cookie_of(answer) -> str:
    """Return ``name=value`` of the one cookie that an answer sets."""
    (header,) = answer.headers.getall("Set-Cookie")
    return header.partition(";")[0]


@pytest.fixture
def sign_in(app, database):
    """Return a function that signs in by name and password."""

    def sign_in(username="ken", password=PASSWORD) -> SignedIn:
        # A client of its own: it keeps cookies.
        body = {"username": username, "password": password}
        return SignedIn(Client(app).post_json("/api/auth/token/", body), database)

    return sign_in


@pytest.fixture
def signed_in(user, sign_in) -> SignedIn:
    """Sign the user in."""
    return sign_in()


@pytest.fixture
def forge(signed_in, user):
    """Return a function that signs what nobody issued, with the application's own key.

    Claims are those of a token that holds but for what is given.
    """

    def forge(headers=None, key=SECRET_KEY, algorithm="HS256", without="", **claims) -> str:
        now = int(time.time())
        payload = {
            "token_type": "access",
            "exp": now + 300,
            "iat": now,
            "jti": uuid4().hex,
            "user_id": str(user.id),
            "sid": signed_in.sid,
            "sub": str(user.id),
            **claims,
        }
        payload.pop(without, None)
        return jwt.encode(payload, key, algorithm=algorithm, headers=headers)

    return forge


@pytest.fixture
def change_user(database, user):
    """Return a function that changes columns of the user."""

    def change_user(**values):
        with database.engine.begin() as connection:
            connection.execute(update(User).where(User.id == user.id).values(values))

    return change_user


@pytest.fixture
def delete_user(database, user):
    """Return a function that deletes the user."""

    def delete_user():
        with database.engine.begin() as connection:
            connection.execute(User.__table__.delete().where(User.id == user.id))

    return delete_user


@pytest.fixture
def sign_ins(database):
    """Return a function that counts the sign-ins that go on."""

    def sign_ins() -> int:
        with database.read_engine.connect() as connection:
            going_on = select(func.count()).where(UserSession.ended_at.is_(None))
            return connection.scalar(going_on.select_from(UserSession))

    return sign_ins


@pytest.fixture
def act(database):
    """Return a function that calls a service in a transaction of its own."""

    def act(service, *arguments, **options):
        with database.session() as db, db.begin():
            return service(db, *arguments, **options)

    return act


@pytest.fixture
def nameless(database, signed_in) -> int:
    """Make the session one of the release before, whose tokens name it by its id, and return that."""
    with database.engine.begin() as connection:
        named = update(UserSession).where(UserSession.id == signed_in.session_id)
        connection.execute(named.values(sid=None))
    return signed_in.session_id
