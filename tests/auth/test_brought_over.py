"""Users whose hashes Django wrote sign in as before, and nothing tells them from others."""

import hashlib
from collections import Counter

import bcrypt
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import User
from shoptrack_auth.stored_hashes import StoredHashes

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
        with database.read_engine.connect() as connection:
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


def test_hashing_anew_ends_no_sign_in(client, bring_over, auth_headers):
    ken = bring_over("ken", WRITTEN["bcrypt"])
    before = auth_headers(ken)
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
    monkeypatch.setitem(app.registry, UserPasswordHasher, UserPasswordHasher(hasher))
    monkeypatch.setitem(app.registry, StoredHashes, StoredHashes(app.registry))
    return computed


OWN = ("argon2", 8)
ARGON2, PBKDF2 = ("argon2", 64), ("sha256", 1000)
SHA1, SCRYPT, BCRYPT = ("sha1", 1000), ("scrypt", 16), ("bcrypt", b"04")
THEIRS = {
    "own": OWN,
    "gone": OWN,
    "cheaper": ("sha256", 500),
    "gone_pbkdf2": PBKDF2,
    "pbkdf2_sha256": PBKDF2,
    "pbkdf2_sha1": SHA1,
    "argon2": ARGON2,
    "scrypt": SCRYPT,
    "bcrypt_sha256": BCRYPT,
    "bcrypt": BCRYPT,
}
NOBODYS = ["nobody", "somebody", "unusable", "md5"]


@pytest.mark.parametrize("password", ["another", "x" * 4096], ids=["wrong", "long"])
@pytest.mark.parametrize("username", THEIRS)
def test_a_wrong_password_costs_the_users_own_hash_alone(client, computed, username, password):
    assert status(client, username, password) == 401
    assert computed == {THEIRS[username]: 1}


@pytest.mark.parametrize("username", ["gone", "gone_pbkdf2"])
def test_so_does_the_right_one_of_who_is_inactive(client, computed, username):
    assert status(client, username) == 401
    assert computed == {THEIRS[username]: 1}


@pytest.mark.parametrize("username", WRITTEN)
def test_who_gets_in_pays_for_the_new_hash_too(client, computed, username):
    assert status(client, username) == 200
    assert computed == {THEIRS[username]: 1, OWN: 1}


@pytest.mark.parametrize("username", NOBODYS)
def test_a_name_without_a_hash_costs_one_of_those_stored_and_always_the_same(
    client, computed, username
):
    for password in (PASSWORD, "another", "x" * 4096):
        assert status(client, username, password) == 401
    ((kind, times),) = computed.items()
    assert kind in THEIRS.values()
    assert times == 3


def test_such_names_share_the_kinds_as_users_do(app, computed, database):
    stored = StoredHashes.of(app.registry)
    hasher = app.registry[UserPasswordHasher]
    with database.read_engine.connect() as connection:
        names = [f"name {number}" for number in range(3000)]
        chosen = Counter(hasher.parse(stored.get_dummy(connection, name))[:2] for name in names)
        kinds = stored.load_overview(connection).kinds
    users = sum(kind.users for kind in kinds)
    assert {kind.hash[:2] for kind in kinds} == set(chosen)
    for kind in kinds:
        assert chosen[kind.hash[:2]] / 3000 == pytest.approx(kind.users / users, rel=0.25)


def test_what_is_computed_for_nobody_fits_nobody_and_is_nobodys(app, computed, database):
    with database.read_engine.connect() as connection:
        for kind in StoredHashes.of(app.registry).load_overview(connection).kinds:
            assert kind.hash.dummy not in WRITTEN.values()
            assert app.registry[UserPasswordHasher].parse(kind.hash.dummy)[:3] == kind.hash[:3]
            for password in (PASSWORD, "another", ""):
                assert not kind.hash.verify(password.encode())


@pytest.mark.database("sqlite", "postgresql")
def test_a_kind_that_nobody_has_any_more_is_computed_no_more(client, computed, app, database):
    stored = StoredHashes.of(app.registry)
    for username in ("scrypt", "bcrypt", "bcrypt_sha256"):
        assert status(client, username) == 200
    with database.read_engine.connect() as connection:
        left = {kind.hash.algorithm for kind in stored.load_overview(connection).kinds}
    assert left == {"argon2id", "pbkdf2_sha256", "pbkdf2_sha1"}
