"""One line a request: method, path, status, milliseconds, user, client address, request id.

Where logs are JSON, each of these is a member of its own.

The query is left out, since it may hold what somebody searched for. What strangers chose is percent-encoded, so that no
request can forge a line. For a streamed answer the time is that until its first part.
"""

import logging
import re
from typing import Any
from urllib.parse import quote

from shoptrack.permissions import known_identity
from shoptrack.web import request_id
from shoptrack.web.health import HEALTH_PATHS
from shoptrack.web.metrics.requests import ROUTE

USER = "shoptrack.user_id"
SHOWN = 1000  # characters of a path
PLAIN = re.compile(r"[\w/.:-]+", re.ASCII)
PATH_SAFE = "/~!$&'()*+,;=:@"
LINE = (
    "%(method)s %(path)s %(status)s %(milliseconds).1f ms user %(user)s from %(address)s "
    "request %(request)s"
)

log = logging.getLogger("shoptrack.access")


def write(environ: dict[str, Any], status: str, seconds: float) -> None:
    """Log a request that has been answered.

    :param status: as in "200 OK"
    """
    path = environ.get("PATH_INFO", "")
    level = logging.DEBUG if path in HEALTH_PATHS else logging.INFO
    if not log.isEnabledFor(level):
        return
    told = {
        "method": _quoted(environ["REQUEST_METHOD"]),
        "path": _quoted(path),
        "status": status.partition(" ")[0],
        "milliseconds": round(seconds * 1000, 1),
        "user": environ.get(USER, "-"),
        "address": _quoted(environ.get("REMOTE_ADDR") or "-"),
        "request": request_id.of(environ),
    }
    log.log(level, LINE, told, extra=told)


def _quoted(text: str) -> str:
    if len(text) <= SHOWN and PLAIN.fullmatch(text):
        return text
    return quote(text[:SHOWN].encode("latin-1", "replace"), safe=PATH_SAFE)


def note_tween_factory(handler, registry):
    """Make the tween that notes which route was matched and, if the request asked, who is signed in."""

    def note_tween(request):
        try:
            return handler(request)
        finally:
            if request.matched_route is not None:
                request.environ[ROUTE] = request.matched_route.pattern
            identity = known_identity(request)
            if identity is not None:
                request.environ[USER] = identity.id

    return note_tween
