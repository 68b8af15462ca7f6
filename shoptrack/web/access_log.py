"""The access log: method, path, status, milliseconds, user, IP address and request ID of each request.

In JSON logs each of these is a field. The query string is left out, as it may contain search terms. Client input is
percent-encoded, so that no request can forge a line. The time of a streamed response is that until its first chunk.
"""

import logging
import re
from typing import Any
from urllib.parse import quote

from shoptrack.permissions import get_cached_identity
from shoptrack.web import request_id
from shoptrack.web.health import HEALTH_PATHS
from shoptrack.web.metrics.requests import ROUTE

USER_KEY = "shoptrack.user_id"
MAX_LOGGED_LENGTH = 1000  # characters of a path
PLAIN = re.compile(r"[\w/.:-]+", re.ASCII)
PATH_SAFE = "/~!$&'()*+,;=:@"
LINE_FORMAT = (
    "%(method)s %(path)s %(status)s %(milliseconds).1f ms user %(user)s from %(address)s "
    "request %(request)s"
)

log = logging.getLogger("shoptrack.access")


def log_request(environ: dict[str, Any], status: str, seconds: float) -> None:
    """Log a request after its response.

    :param status: as in "200 OK"
    """
    path = environ.get("PATH_INFO", "")
    level = logging.DEBUG if path in HEALTH_PATHS else logging.INFO
    if not log.isEnabledFor(level):
        return
    fields = {
        "method": _quote(environ["REQUEST_METHOD"]),
        "path": _quote(path),
        "status": status.partition(" ")[0],
        "milliseconds": round(seconds * 1000, 1),
        "user": environ.get(USER_KEY, "-"),
        "address": _quote(environ.get("REMOTE_ADDR") or "-"),
        "request": request_id.get_request_id(environ),
    }
    log.log(level, LINE_FORMAT, fields, extra=fields)


def _quote(text: str) -> str:
    if len(text) <= MAX_LOGGED_LENGTH and PLAIN.fullmatch(text):
        return text
    return quote(text[:MAX_LOGGED_LENGTH].encode("latin-1", "replace"), safe=PATH_SAFE)


def log_context_tween_factory(handler, registry):
    """Make the tween that records the matched route, and the user if the request looked one up."""

    def note_tween(request):
        try:
            return handler(request)
        finally:
            if request.matched_route is not None:
                request.environ[ROUTE] = request.matched_route.pattern
            identity = get_cached_identity(request)
            if identity is not None:
                request.environ[USER_KEY] = identity.id

    return note_tween
