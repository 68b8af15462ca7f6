"""Hashes that Django wrote, and what only looks like one."""

import pytest

from shoptrack_auth import django_hashes

from .written_by_django import MD5, PASSWORD, WRITTEN

pytestmark = pytest.mark.database("sqlite")

SALT, DIGEST = "s" * 22, "JQ2A7mQRehehdqVaXIu/jUzk5iHukugdpJmnjrvTv9o="


@pytest.mark.parametrize("algorithm", WRITTEN)
def test_the_password_fits_and_no_other_does(hasher, algorithm):
    stored = WRITTEN[algorithm]
    assert hasher.verify(stored, PASSWORD)
    for other in (PASSWORD.strip(), PASSWORD.upper(), PASSWORD + " ", "", stored, "x" * 4096):
        assert not hasher.verify(stored, other)


def test_the_published_test_vector_fits(hasher):
    assert hasher.verify(f"pbkdf2_sha256$1${SALT}${DIGEST}", "p")


def test_bcrypt_never_counted_more_than_72_bytes(hasher):
    stored = "bcrypt$$2b$04$MpM4z/wxmZL3z.s4fseqbu6DJbW4RhPYoBaX6Fx.KDkZYqnbHvBWK"
    assert hasher.verify(stored, "x" * 72)
    assert hasher.verify(stored, "x" * 80)
    assert not hasher.verify(stored, "x" * 71)


@pytest.mark.parametrize("algorithm", WRITTEN)
def test_none_is_of_our_own_form_and_cost(hasher, algorithm):
    assert not hasher.is_own(WRITTEN[algorithm])
    assert hasher.is_own(hasher.hash(PASSWORD))


def test_one_of_our_own_at_another_cost_is_read(hasher):
    stored = WRITTEN["argon2"].removeprefix("argon2")
    assert stored.startswith("$argon2id$")
    assert not hasher.is_own(stored)
    assert hasher.verify(stored, PASSWORD)
    assert not hasher.verify(stored, "another")


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "!",
        "!jx2nR5kCzEhGkUvSTf6hLMGtWmPCUEtAnj40TRGq",
        "!" + WRITTEN["bcrypt"],
        MD5,
        "$",
        "x",
        "pbkdf2_sha256",
        f"pbkdf2_sha256$1${SALT}",
        f"pbkdf2_sha256$x${SALT}${DIGEST}",
        f"pbkdf2_sha256$0${SALT}${DIGEST}",
        f"pbkdf2_sha256$-1${SALT}${DIGEST}",
        f"pbkdf2_sha256$1000000000000${SALT}${DIGEST}",
        f"pbkdf2_sha256$1${SALT}${DIGEST}$x",
        f"pbkdf2_sha512$1${SALT}${DIGEST}",
        f"pbkdf2_sha256$1${SALT}$",
        f"pbkdf2_sha256$1${SALT}$é",
        "argon2$",
        "argon2$argon2id$v=19$m=64",
        WRITTEN["argon2"].replace("m=64", "m=4194304"),
        WRITTEN["argon2"].replace("t=1", "t=9999999"),
        "bcrypt$",
        "bcrypt$$2b$31$4w3p/gSEa.N28tXhGREJyeQ1x3WJf4Y4kP62YBj4ThYWyd8Ljc.n.",
        "bcrypt$$2b$03$4w3p/gSEa.N28tXhGREJyeQ1x3WJf4Y4kP62YBj4ThYWyd8Ljc.n.",
        "bcrypt$$2b$04$short",
        "bcrypt_sha256$$9z$04$4w3p/gSEa.N28tXhGREJyeQ1x3WJf4Y4kP62YBj4ThYWyd8Ljc.n.",
        "scrypt$16$salt$8$5$",
        "scrypt$16$salt$8$5$no base64",
        "scrypt$15$salt$8$5$eCJpafSx",
        "scrypt$0$salt$8$5$eCJpafSx",
        "scrypt$16$salt$0$5$eCJpafSx",
        "scrypt$16$salt$8$0$eCJpafSx",
        "scrypt$1073741824$salt$8$5$eCJpafSx",
        "scrypt$16$salt$8$99999999$eCJpafSx",
        "scrypt$65536$salt$1$1$eCJpafSx",
    ],
)
def test_what_is_no_hash_is_nobodys_password(hasher, stored):
    for password in ("p", PASSWORD, ""):
        assert not hasher.verify(stored, password)
        assert not hasher.verify(None, password, dummy=stored)


BCRYPT, ARGON2 = WRITTEN["bcrypt"], WRITTEN["argon2"]


@pytest.mark.parametrize(
    ("costly", "costlier"),
    [
        (f"pbkdf2_sha256$10000000${SALT}${DIGEST}", f"pbkdf2_sha256$10000001${SALT}${DIGEST}"),
        ("scrypt$16$salt$8$64$eCJpafSx", "scrypt$16$salt$8$65$eCJpafSx"),
        ("scrypt$2$salt$524288$4$eCJpafSx", "scrypt$2$salt$524289$4$eCJpafSx"),
        (ARGON2.replace("m=64", "m=524288"), ARGON2.replace("m=64", "m=524289")),
        (ARGON2.replace("t=1", "t=32"), ARGON2.replace("t=1", "t=33")),  # times two lanes
        (BCRYPT.replace("$04$", "$16$"), BCRYPT.replace("$04$", "$17$")),
    ],
)
def test_a_hash_takes_so_much_work_and_no_more(costly, costlier):
    assert django_hashes.parse_hash(costly) is not None
    assert django_hashes.parse_hash(costlier) is None


def test_hashes_of_one_algorithm_and_cost_are_of_one_kind():
    def kind(stored):
        return django_hashes.parse_hash(stored)[:2]

    kinds = [kind(stored) for stored in WRITTEN.values()]
    assert len(set(kinds)) == len(WRITTEN)
    costlier = WRITTEN["pbkdf2_sha256"].replace("1000", "2000")
    another = WRITTEN["pbkdf2_sha256"].replace("qvI", "xyz")
    assert kind(costlier) not in kinds
    assert kind(another) in kinds


def test_one_of_argons_first_version_is_read():
    first = WRITTEN["argon2"].replace("v=19$", "")
    assert django_hashes.parse_hash(first)[:2] == ("argon2id", "m=64,t=1,p=2")
    assert django_hashes.parse_hash(django_hashes.parse_hash(first).dummy)[:3] == (
        "argon2id",
        "m=64,t=1,p=2",
        65536,
    )
