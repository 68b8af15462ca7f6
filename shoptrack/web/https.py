"""Enforces https, if configured.

Pages are redirected to https. The API responds with an error instead: a redirect would hide from the client that it has
sent its token unencrypted.
"""

import logging
from typing import Any
from urllib.parse import quote

from pyramid.response import Response

from shoptrack.errors import BadRequest
from shoptrack.settings import Settings
from shoptrack.web.health import HEALTH_PATHS
from shoptrack.web.hosts import parse_domain
from shoptrack.web.logs import LogLimit
from shoptrack.web.proxies import ForwardedBy, parse_ip_address
from shoptrack.web.request_path import is_api_path
from shoptrack.web.trailing_slash import QUERY_SAFE

log = logging.getLogger(__name__)


class HttpsPolicy:
    """Redirects or rejects plain http, and sends the HSTS header.

    :param only: whether https is required
    :param hsts_seconds: max-age of the HSTS header; 0 for none
    """

    def __init__(self, only: bool, hsts_seconds: int):
        self._only = only
        self._hsts = f"max-age={hsts_seconds}" if hsts_seconds else None
        self._log_limit = LogLimit()

    def redirect_to_https(self, environ: dict[str, Any], by: ForwardedBy) -> Response | None:
        """Return the redirect for a request over plain http, ``None`` to serve it.

        Health checks are served over http, too: they come from the local network.

        :param by: the peer that forwarded the request
        :raises BadRequest: the request cannot be redirected
        """
        if not self._only or _is_https(environ) or environ.get("PATH_INFO") in HEALTH_PATHS:
            return None
        self._log_reason(by)
        if is_api_path(environ) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise BadRequest("HTTPS is required.")
        full_path = environ.get("SCRIPT_NAME", "") + (environ.get("PATH_INFO") or "/")
        path = quote(full_path.encode("latin-1"))
        query = quote(environ.get("QUERY_STRING", "").encode("latin-1"), safe=QUERY_SAFE)
        host = parse_domain(environ.get("HTTP_HOST", environ["SERVER_NAME"]))
        location = f"https://{host}{path}"
        return Response(
            status=301,
            location=f"{location}?{query}" if query else location,
            content_type="text/plain",
        )

    def add_hsts_header(self, environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
        """Add the HSTS header to responses over https; browsers ignore it over plain http."""
        if self._hsts and _is_https(environ):
            headers.append(("Strict-Transport-Security", self._hsts))

    def _log_reason(self, by: ForwardedBy) -> None:
        """Log why a request over https may count as plain http, which would redirect its client forever."""
        if by.scheme == "http" or (by.scheme is None and not by.is_trusted):
            return  # it is plain http
        if not self._log_limit.allow():
            return
        if by.is_trusted:
            log.warning(
                "The proxy %s sends no X-Forwarded-Proto, so a request counts as plain http and is rejected "
                "(SHOPTRACK_HTTPS_ONLY). Configure the proxy to send that header.",
                by.address,
            )
        elif parse_ip_address(by.address) is None:
            log.warning(
                "X-Forwarded-* from %r was ignored, so a request counts as plain http and is rejected "
                "(SHOPTRACK_HTTPS_ONLY). It came by a socket without an address: let the proxy use a port.",
                by.address,
            )
        else:
            log.warning(
                "X-Forwarded-* from %s was ignored, so a request counts as plain http and is rejected "
                "(SHOPTRACK_HTTPS_ONLY). If this is your proxy, add its address to SHOPTRACK_TRUSTED_PROXIES.",
                by.address,
            )


def warn_at_start(settings: Settings) -> None:
    """Log a warning if https is required and no proxy is trusted."""
    if settings.https_only and not settings.trusted_proxies:
        log.warning(
            "SHOPTRACK_HTTPS_ONLY is on, but no proxy is trusted, so all pages redirect forever. Add the address of "
            "your proxy to SHOPTRACK_TRUSTED_PROXIES."
        )


def _is_https(environ: dict[str, Any]) -> bool:
    return environ["wsgi.url_scheme"] == "https"
