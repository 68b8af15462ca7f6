"""The limit of open files: each connection needs one."""

import logging
import sys

RESERVED_FILES = 284  # for connections beyond the limit, database connections, modules, logs

log = logging.getLogger(__name__)


def raise_open_file_limit(connections: int) -> int:
    """Raise the limit of open files for a number of connections.

    :returns: how many connections fit, which are fewer if the hard limit is lower
    """
    if sys.platform == "win32":
        return connections
    import resource

    needed = connections + RESERVED_FILES
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < needed:
        fewer = max(1, most - RESERVED_FILES)
        log.warning(
            "The system allows %d open files, so the server accepts at most %d connections",
            most,
            fewer,
        )
        connections, needed = fewer, most
    if allowed != resource.RLIM_INFINITY and allowed < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))
    return connections
