"""Encrypted or not at all, where the settings say so.

A page that is asked for over plain http leads to its https address. The API refuses instead: a redirect would
hide from a client that its token has travelled in the open.
"""

from typing import Any
from urllib.parse import quote

from pyramid.response import Response

from shoptrack.errors import BadRequest
from shoptrack.web.address import is_api
from shoptrack.web.health import HEALTH_PATHS
from shoptrack.web.hosts import domain
from shoptrack.web.slash import QUERY_SAFE


class Https:
    """The rules about https.

    :param only: whether plain http is turned away
    :param hsts_seconds: how long browsers shall use nothing else; 0 tells them nothing
    """

    def __init__(self, only: bool, hsts_seconds: int):
        self._only = only
        self._hsts = f"max-age={hsts_seconds}" if hsts_seconds else None

    def turn_away(self, environ: dict[str, Any]) -> Response | None:
        """Return the redirect that a request over plain http gets, or ``None`` to serve it.

        Health is told over http as well: who asks for it comes from within.

        :raises BadRequest: it is no request that a redirect would serve
        """
        if not self._only or _is_https(environ) or environ.get("PATH_INFO") in HEALTH_PATHS:
            return None
        if is_api(environ) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise BadRequest("This server is used over https only. Send the request there.")
        path = quote(environ.get("PATH_INFO", "").encode("latin-1")) or "/"
        query = quote(environ.get("QUERY_STRING", "").encode("latin-1"), safe=QUERY_SAFE)
        host = domain(environ.get("HTTP_HOST", environ["SERVER_NAME"]))
        location = f"https://{host}{path}"
        return Response(
            status=301,
            location=f"{location}?{query}" if query else location,
            content_type="text/plain",
        )

    def mark(self, environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
        """Tell browsers to use https from now on; over plain http they would not listen."""
        if self._hsts and _is_https(environ):
            headers.append(("Strict-Transport-Security", self._hsts))


def _is_https(environ: dict[str, Any]) -> bool:
    return environ["wsgi.url_scheme"] == "https"
