"""How much memory the process may use, and what hashing may take of it."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from argon2 import PasswordHasher

from shoptrack_auth.turns import AT_ONCE, MIB, Turns

RESERVED = 192 * MIB  # for everything else that the process does
LEAST = 16 * 1024  # KiB of a hash: with twelve passes still above what OWASP calls enough

CGROUPS = Path("/sys/fs/cgroup")
OWN_GROUPS = Path("/proc/self/cgroup")

log = logging.getLogger(__name__)


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


def allowed(groups: Path = CGROUPS, own: Path = OWN_GROUPS) -> int | None:
    """Return how many bytes the process may use: the least that its control groups and the machine allow."""
    limits = [*_of_groups(groups, own), *_of_machine()]
    return min(limits, default=None)


def _of_machine() -> Iterator[int]:
    try:
        yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on this system
        return


def _of_groups(groups: Path, own: Path) -> Iterator[int]:
    """Yield each limit of version 2, then 1, from the process's own group up to the root."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number == "0":
            root, name = groups, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = groups / "memory", "memory.limit_in_bytes"
        else:
            continue
        group = PurePosixPath(path.lstrip("/"))
        # In a container the root may be the process's own group, while the path is that of the host.
        for folder in (group, *group.parents):
            try:
                text = (root / folder / name).read_text().strip()
            except OSError:
                continue
            if text.isdecimal():  # else "max"
                yield int(text)
