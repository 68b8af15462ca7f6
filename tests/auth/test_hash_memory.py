"""The memory of hashes against that of the container, as ``shoptrack check --deploy`` sees it."""

import pytest
from argon2 import PasswordHasher

from shoptrack.deploy_checks import MEBIBYTE, Deployment
from shoptrack_auth.hash_memory import check_hash_memory
from shoptrack_auth.passwords import Passwords


@pytest.fixture
def deployment(tmp_path):
    """Make a container of 512 MiB, in which passwords are hashed as in production."""
    folder = tmp_path / "sys/fs/cgroup"
    folder.mkdir(parents=True)
    (folder / "memory.max").write_text(str(512 * MEBIBYTE))
    hasher = PasswordHasher(time_cost=1, memory_cost=64 * 1024)
    return lambda threads: Deployment(
        {Passwords: Passwords(hasher)}, {"threads": threads}, tmp_path
    )


def test_more_sign_ins_at_once_than_memory_are_found(deployment):
    sentence = check_hash_memory(deployment("8"))
    assert sentence.startswith(
        "8 sign-ins at once need 652 MiB of memory, and the container has 512"
    )


def test_fewer_are_not(deployment):
    assert check_hash_memory(deployment("4")) is None


def test_nothing_is_found_where_memory_has_no_limit(tmp_path):
    assert check_hash_memory(Deployment({}, {"threads": "8"}, tmp_path)) is None
