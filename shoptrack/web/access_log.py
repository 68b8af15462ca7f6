"""One line a request: method, path, status, milliseconds, user, client address, request id.

The query is left out, since it may hold what somebody searched for. What strangers chose is percent-encoded, so that no
request can forge a line. For a streamed answer the time is that until its first part.
"""

import logging
import re
from time import perf_counter
from typing import Any
from urllib.parse import quote

from shoptrack.security import known_identity
from shoptrack.web import request_id
from shoptrack.web.health import HEALTH_PATHS

USER = "shoptrack.user_id"
SHOWN = 1000  # characters of a path
PLAIN = re.compile(r"[\w/.:-]+", re.ASCII)
PATH_SAFE = "/~!$&'()*+,;=:@"

log = logging.getLogger("shoptrack.access")


def write(environ: dict[str, Any], status: str, started: float) -> None:
    """Log a request that has been answered.

    :param status: as in "200 OK"
    :param started: what ``time.perf_counter`` said when it came in
    """
    path = environ.get("PATH_INFO", "")
    log.log(
        logging.DEBUG if path in HEALTH_PATHS else logging.INFO,
        "%s %s %s %.1f ms user %s from %s request %s",
        _quoted(environ["REQUEST_METHOD"]),
        _quoted(path),
        status.partition(" ")[0],
        (perf_counter() - started) * 1000,
        environ.get(USER, "-"),
        _quoted(environ.get("REMOTE_ADDR") or "-"),
        request_id.of(environ),
    )


def _quoted(text: str) -> str:
    if len(text) <= SHOWN and PLAIN.fullmatch(text):
        return text
    return quote(text[:SHOWN].encode("latin-1", "replace"), safe=PATH_SAFE)


def user_tween_factory(handler, registry):
    """Make the tween that notes who is signed in, if the request asked; the log never asks."""

    def user_tween(request):
        try:
            return handler(request)
        finally:
            identity = known_identity(request)
            if identity is not None:
                request.environ[USER] = identity.id

    return user_tween
