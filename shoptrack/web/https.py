"""Encrypted or not at all, where the settings say so.

A page that is asked for over plain http leads to its https address. The API refuses instead: a redirect would
hide from a client that its token has travelled in the open.
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
    """The rules about https.

    :param only: whether plain http is turned away
    :param hsts_seconds: how long browsers shall use nothing else; 0 tells them nothing
    """

    def __init__(self, only: bool, hsts_seconds: int):
        self._only = only
        self._hsts = f"max-age={hsts_seconds}" if hsts_seconds else None
        self._log_limit = LogLimit()

    def redirect_to_https(self, environ: dict[str, Any], by: ForwardedBy) -> Response | None:
        """Return the redirect that a request over plain http gets, or ``None`` to serve it.

        Health is told over http as well: who asks for it comes from within.

        :param by: who handed the request over
        :raises BadRequest: it is no request that a redirect would serve
        """
        if not self._only or _is_https(environ) or environ.get("PATH_INFO") in HEALTH_PATHS:
            return None
        self._tell(by)
        if is_api_path(environ) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise BadRequest("HTTPS is required.")
        asked = environ.get("SCRIPT_NAME", "") + (environ.get("PATH_INFO") or "/")
        path = quote(asked.encode("latin-1"))
        query = quote(environ.get("QUERY_STRING", "").encode("latin-1"), safe=QUERY_SAFE)
        host = parse_domain(environ.get("HTTP_HOST", environ["SERVER_NAME"]))
        location = f"https://{host}{path}"
        return Response(
            status=301,
            location=f"{location}?{query}" if query else location,
            content_type="text/plain",
        )

    def add_hsts_header(self, environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
        """Tell browsers to use https from now on; over plain http they would not listen."""
        if self._hsts and _is_https(environ):
            headers.append(("Strict-Transport-Security", self._hsts))

    def _tell(self, by: ForwardedBy) -> None:
        """Log why a request may count as plain http that came by https: its client is redirected for ever."""
        if by.said == "http" or (by.said is None and not by.is_trusted):
            return  # it did come by http
        if not self._log_limit.allow():
            return
        if by.is_trusted:
            log.warning(
                "The proxy %s does not say by X-Forwarded-Proto whether a request came by https, so it counts as "
                "plain http and is turned away (SHOPTRACK_HTTPS_ONLY). Have the proxy send that header.",
                by.address,
            )
        elif parse_ip_address(by.address) is None:
            log.warning(
                "X-Forwarded-* from %r was not believed, so a request counts as plain http and is turned away "
                "(SHOPTRACK_HTTPS_ONLY). It came by a socket without an address: have the proxy use a port.",
                by.address,
            )
        else:
            log.warning(
                "X-Forwarded-* from %s was not believed, so a request counts as plain http and is turned away "
                "(SHOPTRACK_HTTPS_ONLY). If this is your proxy, add its address to SHOPTRACK_TRUSTED_PROXIES.",
                by.address,
            )


def warn_at_start(settings: Settings) -> None:
    """Log that plain http is turned away while no proxy is trusted to say what came by https."""
    if settings.https_only and not settings.trusted_proxies:
        log.warning(
            "SHOPTRACK_HTTPS_ONLY turns plain http away, and no proxy is trusted to say what came by https: all pages "
            "redirect for ever. Name the address of your proxy in SHOPTRACK_TRUSTED_PROXIES."
        )


def _is_https(environ: dict[str, Any]) -> bool:
    return environ["wsgi.url_scheme"] == "https"
