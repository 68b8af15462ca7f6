"""What hashing takes of the memory that the process may use, and what a real process does that gets no more."""

import subprocess
import sys

import pytest
from argon2 import PasswordHasher

from shoptrack.plugins.deploy_checks import Deployment
from shoptrack_auth import hash_limiter
from shoptrack_auth.hashers import UserPasswordHasher

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("limit", "cost", "together", "most"),
    [
        (None, (64, 3), 128, None),
        (512, (64, 3), 128, 320),
        (320, (64, 3), 128, 128),
        (256, (64, 3), 64, 64),
        (240, (32, 6), 48, 48),
        (210, (16, 12), 18, 18),
        (100, (16, 12), 16, 16),
    ],
)
def test_a_hash_takes_what_the_limit_leaves(limit, cost, together, most, caplog):
    limit = limit and limit * MIB
    hasher, limiter = hash_limiter.fit_hasher(PasswordHasher(), limit)
    assert (hasher.memory_cost // 1024, hasher.time_cost) == cost
    max_hash = limiter.max_hash_bytes and limiter.max_hash_bytes // MIB
    assert (limiter.max_total_bytes // MIB, max_hash) == (together, most)
    assert ("instead of 64" in caplog.text) == (cost[0] < 64)


def test_a_smaller_hash_is_a_real_one_and_the_larger_stays_valid():
    small = UserPasswordHasher(
        *hash_limiter.fit_hasher(PasswordHasher(memory_cost=64 * 1024), 210 * MIB)
    )
    stored = small.hash("x")
    assert "m=16384,t=12" in stored
    assert small.verify(stored, "x")
    large = UserPasswordHasher(PasswordHasher(memory_cost=8, time_cost=1, parallelism=1))
    assert small.verify(large.hash("x"), "x")
    assert not small.is_own(large.hash("x"))


STARVED = """
import resource, sys
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.hash_limiter import NoMemory
passwords = UserPasswordHasher()
own = passwords.hash("x")
with open("/proc/self/statm") as file:
    taken = int(file.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 8 * 2**20,) * 2)
for call in (
    lambda: passwords.hash("x"),
    lambda: passwords.verify(own, "x"),
    lambda: passwords.verify(None, "x"),
    lambda: passwords.verify(own.replace("t=3", "t=4"), "x"),
    lambda: passwords.verify("scrypt$65536$salt$8$1$eCJpafSx", "x"),
):
    try:
        print(call())
    except NoMemory as error:
        print(error.status)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit and /proc are Linux's")
def test_a_process_that_gets_no_memory_says_so_and_goes_on():
    done = subprocess.run(
        [sys.executable, "-c", STARVED], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == ["503"] * 5, done.stderr


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (320, None),
        (319, "The container has 319 MiB of memory, so passwords are hashed one at a time"),
    ],
)
def test_a_container_without_room_for_two_hashes_is_found(tmp_path, limit, sentence):
    folder = tmp_path / "sys/fs/cgroup"
    folder.mkdir(parents=True)
    (folder / "memory.max").write_text(str(limit * MIB))
    found = hash_limiter.check_hash_memory(Deployment({}, {"threads": "8"}, tmp_path))
    assert (found or "").startswith(sentence or "")
    assert (found is None) == (sentence is None)


def test_nothing_is_found_where_memory_has_no_limit(tmp_path):
    assert hash_limiter.check_hash_memory(Deployment({}, {"threads": "8"}, tmp_path)) is None
