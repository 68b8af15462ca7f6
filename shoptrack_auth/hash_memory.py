"""The memory that hashing passwords takes, against what the process may use."""

import logging
import os

from argon2 import DEFAULT_MEMORY_COST, PasswordHasher

from shoptrack.plugins.deploy_checks import Deployment
from shoptrack.settings.memory_limit import read_memory_limit
from shoptrack_auth.turns import AT_ONCE, MIB, Turns

RESERVED = 192 * MIB  # for everything else that the process does
LEAST = 16 * 1024  # KiB of a hash: with twelve passes still above what OWASP calls enough

log = logging.getLogger(__name__)


def allowed() -> int | None:
    """Return how many bytes the process may use: the least that its control groups and the machine allow."""
    limit = read_memory_limit()
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on this system
        return limit
    return machine if limit is None else min(limit, machine)


def fitting(hasher: PasswordHasher, limit: int | None) -> tuple[PasswordHasher, Turns]:
    """Return what to hash with in a process of limited memory.

    Where a hash does not fit, one of half the memory and twice the passes takes its place, and so on: guessing takes as
    long, and a household whose server is small keeps it. The kernel would end a process that took more.

    :param hasher: of the wanted cost
    :param limit: bytes that the process may use, ``None`` where nothing tells
    """
    wanted, passes = hasher.memory_cost, hasher.time_cost
    if limit is None:
        return hasher, Turns(AT_ONCE * wanted * 1024)
    room, kib = limit - RESERVED, wanted
    while kib * 1024 > room and kib // 2 >= LEAST:
        kib, passes = kib // 2, passes * 2
    if kib != wanted:
        log.warning(
            "The process may use %d MiB of memory, of which the rest of it needs %d: passwords are hashed with %d MiB "
            "instead of %d, in %d passes",
            limit // MIB,
            RESERVED // MIB,
            kib // 1024,
            wanted // 1024,
            passes,
        )
        hasher = PasswordHasher(time_cost=passes, memory_cost=kib, parallelism=hasher.parallelism)
    most = max(room, kib * 1024)
    return hasher, Turns(min(AT_ONCE * kib * 1024, most), most)


def check_hash_memory(deployment: Deployment) -> str | None:
    """Find a container that has no room for two hashes of the wanted cost beside the rest."""
    limit = deployment.memory_bytes
    needed = RESERVED + AT_ONCE * DEFAULT_MEMORY_COST * 1024
    if limit is None or limit >= needed:
        return None
    return (
        f"The container has {limit // MIB} MiB of memory, so that passwords are hashed one at a time, or with less. "
        f"Raise the limit to {needed // MIB} MiB."
    )
