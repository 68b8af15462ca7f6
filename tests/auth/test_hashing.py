"""Who measures the time of a sign-in learns nothing: every one costs one computation of the same hash."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")


class CountingHasher(PasswordHasher):
    """A real hasher, cheap, that notes what it computes."""

    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.computed = []

    def hash(self, password, **options):
        stored = super().hash(password, **options)
        self.computed.append(extract_parameters(stored))
        return stored

    def verify(self, stored, password):
        self.computed.append(extract_parameters(stored))
        return super().verify(stored, password)


@pytest.fixture
def counting_hasher(app, make_user, monkeypatch) -> CountingHasher:
    """Hash by a hasher that counts; there are an active and an inactive user."""
    make_user("ken")
    make_user("gone", is_active=False)
    counting_hasher = CountingHasher()
    monkeypatch.setitem(app.registry, UserPasswordHasher, UserPasswordHasher(counting_hasher))
    monkeypatch.setitem(app.registry, StoredHashes, StoredHashes(app.registry))
    return counting_hasher


@pytest.mark.parametrize(
    ("username", "password", "status"),
    [
        ("nobody", PASSWORD, 401),
        ("k" * 15_000, PASSWORD, 401),
        ("ken", "wrong", 401),
        ("gone", "wrong", 401),
        ("gone", PASSWORD, 401),
        ("ken", PASSWORD, 200),
    ],
    ids=["unknown", "no name at all", "wrong", "inactive and wrong", "inactive", "right"],
)
def test_every_sign_in_computes_one_hash_of_one_cost(
    counting_hasher, client, username, password, status
):
    body = {"username": username, "password": password}
    client.post_json("/api/auth/token/", body, status=status)
    (cost,) = counting_hasher.computed
    assert cost == extract_parameters(CountingHasher().hash("x"))


@pytest.mark.parametrize("username", ["nobody", "gone", "ken"])
def test_a_password_that_no_user_can_have_costs_nothing_for_anybody(
    counting_hasher, client, username
):
    body = {"username": username, "password": "x" * 4097}
    client.post_json("/api/auth/token/", body, status=401)
    assert counting_hasher.computed == []


def test_the_application_hashes_as_argon2_advises(build_app, monkeypatch):
    monkeypatch.setattr("shoptrack_auth.hashers.PasswordHasher", PasswordHasher)  # not the tests'
    # Of settings that no other test has, whose application would hash at the tests' cost.
    hasher = build_app(shoptrack__access_token_seconds="299").registry[UserPasswordHasher]
    stored = hasher.hash("x")
    assert extract_parameters(stored) == RFC_9106_LOW_MEMORY
    assert hasher.verify(stored, "x")


@pytest.mark.parametrize("password", ["", "x", PASSWORD])
def test_nobody_has_a_password(hasher, password):
    assert not hasher.verify(None, password)


@pytest.mark.parametrize("stored", ["!", "$argon2id$", "argon2$x", "x"])
def test_what_is_no_hash_matches_nothing(hasher, stored):
    assert not hasher.verify(stored, stored)
