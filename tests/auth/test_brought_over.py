"""Users whose hashes Django wrote sign in as before, and nothing tells them from others."""

import hashlib
from collections import Counter

import bcrypt
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from shoptrack_auth.models import User
from shoptrack_auth.passwords import Passwords

from .written_by_django import MD5, PASSWORD, WRITTEN

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def bring_over(make_user, database):
    """Return a function that makes a user with a hash that is not ours."""

    def bring_over(username: str, stored: str, **profile) -> User:
        user = make_user(username, **profile)
        with database.engine.begin() as connection:
            changed = User.__table__.update().where(User.id == user.id)
            connection.execute(changed.values(password=stored))
        return user

    return bring_over


@pytest.fixture
def stored(database):
    """Return a function that returns the hash and the password's version of a user."""

    def stored(user):
        with database.reads.connect() as connection:
            columns = select(User.password, User.password_version)
            return tuple(connection.execute(columns.where(User.id == user.id)).one())

    return stored


def status(client, username, password=PASSWORD) -> int:
    body = {"username": username, "password": password}
    return client.post_json("/api/auth/token/", body, status="*").status_int


@pytest.mark.parametrize("algorithm", WRITTEN)
def test_they_sign_in_with_their_passwords(client, bring_over, algorithm):
    bring_over("ken", WRITTEN[algorithm])
    assert status(client, "ken", "another") == 401
    assert status(client, "ken") == 200
    assert status(client, "ken") == 200


@pytest.mark.parametrize(
    "hash", ["!", "!" + "x" * 40, MD5, "x", "", "crypt$$ab", "pbkdf2_sha256$x$y"]
)
def test_what_fits_nobody_is_refused_like_a_wrong_password(client, bring_over, hash):
    bring_over("ken", hash)
    for password in (PASSWORD, hash or "x", "p"):
        assert status(client, "ken", password) == 401


def test_the_first_right_sign_in_hashes_anew(client, bring_over, stored):
    ken = bring_over("ken", WRITTEN["pbkdf2_sha256"])
    status(client, "ken", "another")
    assert stored(ken) == (WRITTEN["pbkdf2_sha256"], 1)
    status(client, "ken")
    hash, version = stored(ken)
    assert hash.startswith("$argon2id$")
    assert version == 1
    status(client, "ken")
    assert stored(ken) == (hash, 1)


def test_hashing_anew_ends_no_sign_in(client, bring_over, bearer):
    ken = bring_over("ken", WRITTEN["bcrypt"])
    before = bearer(ken)
    assert status(client, "ken") == 200
    client.get("/api/auth/user/", headers=before, status=200)


def test_who_is_inactive_keeps_the_old_hash(client, bring_over, stored):
    ken = bring_over("ken", WRITTEN["scrypt"], is_active=False)
    assert status(client, "ken") == 401
    assert stored(ken) == (WRITTEN["scrypt"], 1)


@pytest.fixture
def computed(app, monkeypatch, make_user, bring_over) -> Counter:
    """Count what is computed, by algorithm and cost; there are users of many kinds."""
    computed: Counter = Counter()

    class Counting(PasswordHasher):
        def hash(self, password, **options):
            computed["argon2", self.memory_cost] += 1
            return super().hash(password, **options)

        def verify(self, stored, password):
            computed["argon2", int(stored.split("m=")[1].split(",")[0])] += 1
            return super().verify(stored, password)

    pbkdf2, scrypt, checkpw = hashlib.pbkdf2_hmac, hashlib.scrypt, bcrypt.checkpw

    def counted_pbkdf2(digest, password, salt, iterations):
        computed[digest, iterations] += 1
        return pbkdf2(digest, password, salt, iterations)

    def counted_scrypt(password, **cost):
        computed["scrypt", cost["n"]] += 1
        return scrypt(password, **cost)

    def counted_bcrypt(password, stored):
        computed["bcrypt", stored[4:6]] += 1
        return checkpw(password, stored)

    monkeypatch.setattr(hashlib, "pbkdf2_hmac", counted_pbkdf2)
    monkeypatch.setattr(hashlib, "scrypt", counted_scrypt)
    monkeypatch.setattr(bcrypt, "checkpw", counted_bcrypt)
    monkeypatch.setattr("shoptrack_auth.django_hashes.PasswordHasher", Counting)
    make_user("own", PASSWORD)
    make_user("gone", PASSWORD, is_active=False)
    bring_over("unusable", "!")
    bring_over("md5", MD5)
    for algorithm, hash in WRITTEN.items():
        bring_over(algorithm, hash)
    bring_over("cheaper", WRITTEN["pbkdf2_sha256"].replace("1000", "500"))
    bring_over("gone_pbkdf2", WRITTEN["pbkdf2_sha256"], is_active=False)
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setitem(app.registry, Passwords, Passwords(hasher))
    return computed


ONE_OF_EACH = {
    ("argon2", 8): 1,
    ("argon2", 64): 1,
    ("sha256", 1000): 1,
    ("sha256", 500): 1,
    ("sha1", 1000): 1,
    ("scrypt", 16): 1,
    ("bcrypt", b"04"): 1,
}
WHOEVER = ["nobody", "own", "gone", "unusable", "md5", "cheaper", "gone_pbkdf2", *WRITTEN]


@pytest.mark.parametrize("username", WHOEVER)
def test_every_sign_in_computes_the_same(client, computed, username):
    for password in ("another", "x" * 4096, PASSWORD):  # the right one last: it hashes anew
        computed.clear()
        status(client, username, password)
        assert computed == ONE_OF_EACH


def test_a_kind_that_nobody_has_any_more_is_computed_no_more(client, computed):
    for username in ("scrypt", "bcrypt", "bcrypt_sha256"):
        assert status(client, username) == 200
    computed.clear()
    status(client, "nobody")
    left = {
        kind: count for kind, count in ONE_OF_EACH.items() if kind[0] not in ("scrypt", "bcrypt")
    }
    assert computed == left
