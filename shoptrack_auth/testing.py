"""Fixtures for tests that sign in. ``pytest_plugins = ["shoptrack.testing", "shoptrack_auth.testing"]`` gives them.

With them, clients of ``shoptrack.testing`` are real users with real tokens.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher

from shoptrack_auth import sign_ins, users
from shoptrack_auth.delegation import OPERATOR
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission
from shoptrack_auth.names import group_key
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.tokens import Tokens

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def settings() -> dict[str, str]:
    """Ask for permissions really, so that a client that was given none is refused. Override it."""
    return {"shoptrack.api_permissions": "model"}


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Let every application of the tests hash at the lowest cost that argon2 takes."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("shoptrack_auth.passwords.PasswordHasher", cheap)
        yield


@pytest.fixture
def passwords(app) -> Passwords:
    """Return the hasher of passwords."""
    return app.registry[Passwords]


@pytest.fixture
def make_user(database, passwords):
    """Return a function that makes a user, whose password is ``PASSWORD`` unless one is given."""

    def make_user(username: str = "ken", password: str | None = PASSWORD, **profile) -> User:
        with database.session() as db, db.begin():
            return users.create(
                db, passwords, username, password, by=OPERATOR, force=True, **profile
            )

    return make_user


@pytest.fixture
def user(make_user) -> User:
    """Make a user."""
    return make_user(email="ken@example.com")


@pytest.fixture
def give(database):
    """Return a function that gives permissions to a user, as nobody's act."""

    def give(user: User, *permissions: str) -> None:
        with database.session() as db, db.begin():
            db.add_all(UserPermission(user_id=user.id, permission=name) for name in permissions)

    return give


@pytest.fixture
def make_group(database):
    """Return a function that makes a group with its members, as nobody's act."""

    def make_group(name: str, *permissions: str, members: Iterable[User] = ()) -> Group:
        with database.session() as db, db.begin():
            group = Group(name=name, name_key=group_key(name))
            db.add(group)
            db.flush()
            db.add_all(GroupPermission(group_id=group.id, permission=name) for name in permissions)
            db.add_all(UserGroup(user_id=user.id, group_id=group.id) for user in members)
        return group

    return make_group


@pytest.fixture
def bearer(app, database):
    """Return a function that signs a user in, and returns the headers to send."""

    def bearer(user: User) -> dict[str, str]:
        with database.session() as db, db.begin():
            proof = sign_ins.Proof(user.id, user.password_version)
            sign_in = sign_ins.start(db, proof, sign_ins.Device("127.0.0.1", "a test"), 86_400)
        assert sign_in is not None, f"{user.username} cannot sign in"
        token = app.registry[Tokens].access(user.id, sign_in.claim)
        return {"Authorization": f"Bearer {token}"}

    return bearer


@pytest.fixture
def credentials_with(make_user, give, bearer) -> Callable[..., dict[str, str]]:
    """Return a function that makes a user with just these permissions, and returns the headers to send."""
    numbers = itertools.count(1)

    def credentials_with(*permissions: str) -> dict[str, str]:
        user = make_user(f"user{next(numbers)}")
        give(user, *permissions)
        return bearer(user)

    return credentials_with
