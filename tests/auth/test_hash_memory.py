"""The memory of hashes against that of the container, as ``shoptrack check --deploy`` sees it."""

import pytest
from argon2 import PasswordHasher

from shoptrack.deploy_checks import MEBIBYTE, Deployment
from shoptrack_auth.hash_memory import check_hash_memory
from shoptrack_auth.passwords import Passwords


@pytest.fixture
def deployment(tmp_path):
    """Return a function that makes a container, in which passwords are hashed as in production."""
    folder = tmp_path / "sys/fs/cgroup"
    folder.mkdir(parents=True)
    hasher = PasswordHasher(time_cost=1, memory_cost=64 * 1024)

    def deployment(mebibytes: int) -> Deployment:
        (folder / "memory.max").write_text(str(mebibytes * MEBIBYTE))
        return Deployment({Passwords: Passwords(hasher)}, {"threads": "8"}, tmp_path)

    return deployment


def test_a_container_that_is_too_small_for_sign_ins_is_found(deployment):
    sentence = check_hash_memory(deployment(256))
    assert sentence == (
        "Sign-ins need 268 MiB of memory, and the container has 256 MiB. Raise its limit."
    )


def test_a_larger_one_is_not(deployment):
    assert check_hash_memory(deployment(512)) is None


def test_nothing_is_found_where_memory_has_no_limit(tmp_path):
    assert check_hash_memory(Deployment({}, {"threads": "8"}, tmp_path)) is None
