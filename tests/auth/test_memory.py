"""What hashing takes of the memory that the process may use, and what a real process does that gets no more."""

import subprocess
import sys

import pytest
from argon2 import PasswordHasher

from shoptrack_auth import memory
from shoptrack_auth.passwords import Passwords

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
    hasher, turns = memory.fitting(PasswordHasher(), limit)
    assert (hasher.memory_cost // 1024, hasher.time_cost) == cost
    assert (turns.together // MIB, turns.most and turns.most // MIB) == (together, most)
    assert ("instead of 64" in caplog.text) == (cost[0] < 64)


def test_a_smaller_hash_is_a_real_one_and_the_larger_stays_valid():
    small = Passwords(*memory.fitting(PasswordHasher(memory_cost=64 * 1024), 210 * MIB))
    stored = small.hash("x")
    assert "m=16384,t=12" in stored
    assert small.verify(stored, "x")
    large = Passwords(PasswordHasher(memory_cost=8, time_cost=1, parallelism=1))
    assert small.verify(large.hash("x"), "x")
    assert not small.is_own(large.hash("x"))


@pytest.fixture
def groups(tmp_path):
    """Return a function that writes control groups, and returns what they allow."""

    def groups(own: str, **limits: str) -> int | None:
        (tmp_path / "own").write_text(own)
        for name, text in limits.items():
            file = tmp_path / name.replace("__", "/").replace("_D_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return memory.allowed(tmp_path, tmp_path / "own")

    return groups


V1 = "9:name=systemd:/\n4:cpu,memory:/docker/x\n0::/\n"


@pytest.mark.parametrize(
    ("own", "limits", "allowed"),
    [
        ("0::/\n", {"memory_D_max": "536870912\n"}, 512),
        ("0::/a/b\n", {"a__b__memory_D_max": "max\n", "a__memory_D_max": "268435456\n"}, 256),
        ("0::/../other\n", {"memory_D_max": "268435456\n"}, 256),
        (V1, {"memory__docker__x__memory_D_limit_in_bytes": "268435456\n"}, 256),
        (V1, {"memory__memory_D_limit_in_bytes": "268435456\n"}, 256),
    ],
)
def test_the_least_of_all_groups_decides(groups, own, limits, allowed):
    assert groups(own, **limits) == allowed * MIB


@pytest.mark.parametrize(
    ("own", "limits"),
    [
        ("0::/\n", {"memory_D_max": "max\n"}),
        (V1, {"memory__memory_D_limit_in_bytes": "9223372036854771712\n"}),
        ("", {}),
    ],
)
def test_without_any_it_is_the_machine(groups, own, limits):
    allowed = groups(own, **limits)
    assert allowed is None or 64 * MIB < allowed < 2**50


STARVED = """
import resource, sys
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.turns import NoMemory
passwords = Passwords()
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
