"""``shoptrack auth hashes``: which kinds are left, and what they cost."""

import re
from functools import partial

import pytest
from sqlalchemy import update

from shoptrack_auth.auth_commands import auth
from shoptrack_auth.models import User

from ..written_by_django import MD5, WRITTEN


@pytest.fixture
def run(run):
    """Return a function that runs ``shoptrack auth`` on an application."""
    return partial(run, command=auth)


@pytest.fixture
def store(database, make_user):
    """Return a function that makes a user with a hash that is not ours."""

    def store(username, hash):
        user = make_user(username)
        with database.engine.begin() as connection:
            connection.execute(update(User).where(User.id == user.id).values(password=hash))

    return store


def test_each_kind_is_listed_with_its_users_and_its_time(run, store, make_user):
    make_user("own")
    make_user("another")
    make_user("without", None)
    store("md5", MD5)
    store("excessive", "pbkdf2_sha256$99999999999$salt$x")
    for name, hash in WRITTEN.items():
        store(name, hash)
    store("twin", WRITTEN["scrypt"].replace("0ecD", "abcd"))
    store("large", "scrypt$16384$salt$8$1$eCJpafSx")
    result = run("hashes")
    assert result.exit_code == 0, result.output
    lines = [
        re.sub(r"\d+ ms", "N ms", re.sub("  +", "  ", line)) for line in result.output.splitlines()
    ]
    assert lines == [
        "ALGORITHM  COST  USERS  MEMORY  TIME",
        "argon2id  m=64,t=1,p=2  1  -  N ms  old",
        "argon2id  m=8,t=1,p=1  2  -  N ms",
        "bcrypt  2^4 rounds  1  -  N ms  old",
        "bcrypt_sha256  2^4 rounds  1  -  N ms  old",
        "pbkdf2_sha1  1000 iterations  1  -  N ms  old",
        "pbkdf2_sha256  1000 iterations  1  -  N ms  old",
        "scrypt  n=16,r=8,p=5  2  -  N ms  old",
        "scrypt  n=16384,r=8,p=1  1  16 MiB  N ms  old",
        "1 user without a password.",
        "2 users with an unknown hash, which matches no password.",
    ]


def test_where_nobody_is_it_says_so(run):
    result = run("hashes")
    assert (result.exit_code, result.output) == (0, "No passwords are stored.\n")
