"""Fixtures for tests that sign in: ``pytest_plugins = ["shoptrack.testing", "shoptrack_auth.testing"]``.

With these fixtures, clients of ``shoptrack.testing`` are real users with real tokens.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher

from shoptrack_auth import sessions, users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission
from shoptrack_auth.names import make_group_key
from shoptrack_auth.tokens import Tokens
from shoptrack_auth.user_management import OPERATOR

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def settings() -> dict[str, str]:
    """Enforce permissions, so that a client without permissions gets 403. Override this fixture for other settings."""
    return {"shoptrack.api_permissions": "model"}


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hash passwords at argon2's lowest cost, in every application of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("shoptrack_auth.hashers.PasswordHasher", cheap)
        yield


@pytest.fixture
def hasher(app) -> UserPasswordHasher:
    """Return the application's password hasher."""
    return app.registry[UserPasswordHasher]


@pytest.fixture
def make_user(database, hasher):
    """Return a function that creates a user, by default with the password ``PASSWORD``."""

    def make_user(username: str = "ken", password: str | None = PASSWORD, **profile) -> User:
        with database.session() as db, db.begin():
            return users.create(db, hasher, username, password, by=OPERATOR, force=True, **profile)

    return make_user


@pytest.fixture
def user(make_user) -> User:
    """Create a user."""
    return make_user(email="ken@example.com")


@pytest.fixture
def grant(database):
    """Return a function that grants permissions to a user, without an actor."""

    def grant(user: User, *permissions: str) -> None:
        with database.session() as db, db.begin():
            db.add_all(UserPermission(user_id=user.id, permission=name) for name in permissions)

    return grant


@pytest.fixture
def make_group(database):
    """Return a function that creates a group with users, without an actor."""

    def make_group(name: str, *permissions: str, members: Iterable[User] = ()) -> Group:
        with database.session() as db, db.begin():
            group = Group(name=name, name_key=make_group_key(name))
            db.add(group)
            db.flush()
            db.add_all(GroupPermission(group_id=group.id, permission=name) for name in permissions)
            db.add_all(UserGroup(user_id=user.id, group_id=group.id) for user in members)
        return group

    return make_group


@pytest.fixture
def auth_headers(app, database):
    """Return a function that signs a user in, and returns the ``Authorization`` header."""

    def auth_headers(user: User) -> dict[str, str]:
        with database.session() as db, db.begin():
            verified = sessions.VerifiedPassword(user.id, user.password_version)
            session = sessions.create_session(
                db, verified, sessions.Device("127.0.0.1", "a test"), 86_400
            )
        assert session is not None, f"{user.username} cannot sign in"
        token = app.registry[Tokens].issue_access(user.id, session.claim)
        return {"Authorization": f"Bearer {token}"}

    return auth_headers


@pytest.fixture
def credentials_with(make_user, grant, auth_headers) -> Callable[..., dict[str, str]]:
    """Return a function that signs in a new user with these permissions, and returns the ``Authorization`` header."""
    numbers = itertools.count(1)

    def credentials_with(*permissions: str) -> dict[str, str]:
        user = make_user(f"user{next(numbers)}")
        grant(user, *permissions)
        return auth_headers(user)

    return credentials_with
