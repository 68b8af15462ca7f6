"""Open files: each connection needs one, and systems allow a process few of them unless it asks for more."""

import logging
import sys

RESERVED_FILES = 284  # for connections beyond the limit, the database's, modules, the log

log = logging.getLogger(__name__)


def raise_open_file_limit(connections: int) -> int:
    """Have the system allow as many open files as this many connections need, and return how many may be open.

    They are fewer than asked for where the system's hard limit is lower.
    """
    if sys.platform == "win32":
        return connections
    import resource

    needed = connections + RESERVED_FILES
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < needed:
        fewer = max(1, most - RESERVED_FILES)
        log.warning("The system allows %d open files: at most %d connections", most, fewer)
        connections, needed = fewer, most
    if allowed != resource.RLIM_INFINITY and allowed < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))
    return connections
