"""CORS: which origins may read the API's responses.

The server responds to every origin. Browsers enforce the policy by the headers that are present or missing.
"""

from collections.abc import Iterable
from typing import Any

from pyramid.response import Response

from shoptrack.web.request_path import is_api_path

METHODS = "DELETE, GET, OPTIONS, PATCH, POST, PUT"
REQUEST_HEADERS = (
    "accept, authorization, content-type, idempotency-key, if-match, if-none-match, "
    "x-csrftoken, x-requested-with"
)
RESPONSE_HEADERS = "Total-Count, Link, ETag, Retry-After, Content-Disposition"
PREFLIGHT_SECONDS = 86400  # how long browsers may cache a preflight response


class CorsPolicy:
    """The allowed origins, each exactly as browsers send it."""

    def __init__(self, origins: Iterable[str]):
        # "null" is the origin of any sandboxed frame and local file.
        self._origins = frozenset(origins) - {"null"}

    def add_headers(self, environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
        """Add the CORS headers of a response."""
        if not is_api_path(environ):
            return
        varies, others = [], []
        for name, value in headers:
            if name.lower() == "vary":
                varies += [part.strip() for part in value.split(",")]
            elif not name.lower().startswith("access-control-"):
                others.append((name, value))
        if "origin" not in map(str.lower, varies):
            varies.append("Origin")
        headers[:] = [*others, ("Vary", ", ".join(varies))]
        origin = environ.get("HTTP_ORIGIN")
        if origin not in self._origins:
            return
        headers += [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", RESPONSE_HEADERS),
        ]
        if is_preflight(environ):
            headers += [
                ("Access-Control-Allow-Methods", METHODS),
                ("Access-Control-Allow-Headers", REQUEST_HEADERS),
                ("Access-Control-Max-Age", str(PREFLIGHT_SECONDS)),
            ]


def is_preflight(environ: dict[str, Any]) -> bool:
    """Return whether the request is a preflight of the API."""
    return (
        environ["REQUEST_METHOD"] == "OPTIONS"
        and "HTTP_ORIGIN" in environ
        and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
        and is_api_path(environ)
    )


def make_preflight_response() -> Response:
    """Return the response to a preflight; `CorsPolicy.add_headers` adds the permissions of the origin."""
    return Response(content_type="text/plain")
