"""The memory limit of the process, from its control groups."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

UNLIMITED = 2**60  # greater values mean no limit in version 1
WHOLE = ("0::/", "1:memory:/")  # for a process whose groups cannot be read


def read_memory_limit(root: Path = Path("/")) -> int | None:
    """Return the lowest limit in bytes; ``None`` without a limit, or if none can be read.

    :param root: of the file system, which tests replace
    """
    return min((limit for limit in _limits(root) if limit < UNLIMITED), default=None)


def _limits(root: Path) -> Iterator[int]:
    """Yield each limit of versions 2 and 1, from the process's own group up to the root.

    In a container the root may be the process's own group, while its path is that of the host.
    """
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        lines = list(WHOLE)
    groups = root / "sys/fs/cgroup"
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number == "0":
            top, name = groups, "memory.max"
        elif "memory" in controllers.split(","):
            top, name = groups / "memory", "memory.limit_in_bytes"
        else:
            continue
        group = PurePosixPath(path.lstrip("/"))
        for folder in (group, *group.parents):
            try:
                yield int((top / folder / name).read_text())
            except (OSError, ValueError):  # "max"
                continue
