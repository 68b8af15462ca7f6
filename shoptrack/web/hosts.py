"""Allowed hosts. The setting works as Django's ALLOWED_HOSTS."""

import re
from collections.abc import Iterable
from typing import Any

from shoptrack.errors import BadRequest
from shoptrack.web.health import HEALTH_PATHS

HOST = re.compile(
    r"(?P<domain>[a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::[0-9]+)?", re.ASCII | re.IGNORECASE
)
ABSOLUTE_TARGET = re.compile(r"[a-z][a-z0-9+.-]*://(?P<host>[^/?#]*)", re.ASCII | re.IGNORECASE)
MAX_SHOWN_LENGTH = 100  # characters of a rejected host in the response


class AllowedHosts:
    """Allowed hosts: ``example.com``, ``.example.com`` with its subdomains, or ``*``."""

    def __init__(self, patterns: Iterable[str]):
        patterns = [pattern.lower() for pattern in patterns]
        self._any = "*" in patterns
        self._suffixes = tuple(pattern for pattern in patterns if pattern.startswith("."))
        self._exact = frozenset(patterns) | {suffix[1:] for suffix in self._suffixes}

    def check(self, environ: dict[str, Any]) -> None:
        """Check that the request's host is allowed. Health checks may use any host.

        A request without ``Host``, as in HTTP/1.0, gets the server's own name.

        :raises BadRequest: the host is malformed or not allowed, or the request names two
        """
        if environ.get("PATH_INFO") in HEALTH_PATHS:
            return
        host = environ.get("HTTP_HOST", environ.get("SERVER_NAME", ""))
        name = parse_domain(host)
        if not name:
            raise BadRequest(
                f"The host {_quote_host(host)} is malformed. Send a host name or an address, "
                "with or without a port."
            )
        if not self.allows(name):
            raise BadRequest(
                f"Host {_quote_host(host)} is not allowed. To allow it, add it to SHOPTRACK_ALLOWED_HOSTS."
            )
        # waitress ignores the host of an absolute request target, which has precedence over Host.
        target = ABSOLUTE_TARGET.match(environ.get("REQUEST_URI", ""))
        if target and parse_domain(target["host"]) != name:
            raise BadRequest(
                f"The request line names the host {_quote_host(target['host'])}, the Host header "
                f"{_quote_host(host)}. Send the same host in both."
            )

    def allows(self, name: str) -> bool:
        """Return whether a domain, in lower case and without port, is allowed."""
        return self._any or name in self._exact or name.endswith(self._suffixes)


def parse_domain(host: str) -> str:
    """Return a host in lower case without port and trailing dot, ``""`` if it is malformed."""
    match = HOST.fullmatch(host)
    return match["domain"].lower().removesuffix(".") if match else ""


def _quote_host(host: str) -> str:
    """Quote a client's text, so that it is harmless in a page, a terminal or a log."""
    return ascii(host if len(host) <= MAX_SHOWN_LENGTH else host[:MAX_SHOWN_LENGTH] + "...")
