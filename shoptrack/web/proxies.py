"""Resolves the client behind proxies. ``X-Forwarded-*`` counts only if a trusted proxy sent it.

Afterwards ``REMOTE_ADDR``, ``wsgi.url_scheme``, ``HTTP_HOST`` and ``SCRIPT_NAME`` are as the client sees them, and so
are ``request.client_addr`` and generated URLs. All such headers are removed from the request.

Each proxy appends a value to a header, replaces the header or leaves it. ``X-Forwarded-For`` is read from the right,
through the trusted proxies. In the other headers, the value of the outermost trusted proxy counts, which is as many
values from the right. Values further left are not trusted.

Plugins add headers that only a trusted proxy may send (``config.add_proxy_header``). The nearest peer decides: what it
may not send is removed, whatever ``X-Forwarded-For`` says.
"""

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple

from shoptrack.web.logs import LogLimit
from shoptrack.web.request_path import is_application_path

log = logging.getLogger(__name__)

FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_BY",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_REAL_IP",
)
MAX_ADDRESS_LENGTH = 100  # characters
DEFAULT_PORTS = {"http": "80", "https": "443"}


class Peer(NamedTuple):
    """A hop of a request: its normalized IP address, and whether it is trusted."""

    address: str
    is_trusted: bool


class ForwardedBy(NamedTuple):
    """The nearest peer, and the scheme that it claims, trusted or not.

    :param address: as text; on a Unix socket not an IP address
    :param scheme: ``http``, ``https`` or another text; "" if only other ``X-Forwarded-*`` were sent, ``None`` for none
    """

    address: str
    is_trusted: bool
    scheme: str | None


class ProxyHeaders(dict[str, str]):
    """Further headers that only a trusted proxy may send, such as ``Remote-User``, by their names in ``environ``."""

    @classmethod
    def of(cls, registry: Any) -> "ProxyHeaders":
        """Return the headers of an application."""
        return registry.setdefault(cls, cls())


class TrustedProxies:
    """The networks whose ``X-Forwarded-*`` headers are trusted.

    :param headers: names in ``environ`` of further headers that only these may send
    """

    def __init__(self, networks: Sequence[IPv4Network | IPv6Network], headers: Iterable[str] = ()):
        self._networks = networks
        self._headers = tuple(headers)
        self._log_limit = LogLimit()
        self._cached_peer = lru_cache(1000)(self._peer)

    def resolve_client(self, environ: dict[str, Any]) -> ForwardedBy:
        """Apply the headers of trusted proxies to ``environ``, and remove all such headers.

        A peer without an IP address, as on a Unix socket, is never trusted.
        """
        headers = {name: environ.pop(name) for name in FORWARDED if name in environ}
        scheme = _get_values(headers, "HTTP_X_FORWARDED_PROTO", 1)[-1].lower() if headers else None
        nearest = (environ.get("REMOTE_ADDR") or "")[:MAX_ADDRESS_LENGTH]
        peer = self._cached_peer(nearest)
        if peer is None or not peer.is_trusted:
            self._remove_headers(environ, nearest)
        if peer is None:
            return ForwardedBy(nearest, False, scheme)
        by = ForwardedBy(peer.address, peer.is_trusted, scheme)
        if headers and peer.is_trusted:
            peer, hops = self._walk(peer, headers.get("HTTP_X_FORWARDED_FOR", ""))
            _set_scheme(environ, _get_values(headers, "HTTP_X_FORWARDED_PROTO", hops)[0].lower())
            _set_host(
                environ,
                _get_values(headers, "HTTP_X_FORWARDED_HOST", hops)[0],
                _get_values(headers, "HTTP_X_FORWARDED_PORT", hops)[0],
            )
            _set_prefix(environ, _get_values(headers, "HTTP_X_FORWARDED_PREFIX", hops))
        environ["REMOTE_ADDR"] = peer.address
        return by

    def _remove_headers(self, environ: dict[str, Any], peer: str) -> None:
        """Remove the headers that only a trusted proxy may send, and log which, once a minute at most."""
        removed = [name for name in self._headers if environ.pop(name, None) is not None]
        if removed and self._log_limit.allow():
            log.warning(
                "%s from %r was ignored. If this is your proxy, add its address to SHOPTRACK_TRUSTED_PROXIES.",
                ", ".join(name.removeprefix("HTTP_").replace("_", "-").title() for name in removed),
                peer,
            )

    def _walk(self, peer: Peer, forwarded_for: str) -> tuple[Peer, int]:
        """Return the client and the number of trusted proxies in front of it, 1 or more.

        The client is the nearest untrusted hop, or the last one with a valid address.
        """
        hops = 0
        for hop in reversed(forwarded_for.split(",")):
            if not peer.is_trusted:
                break
            hops += 1  # this hop wrote the value
            next_peer = self._cached_peer(hop.strip()[:MAX_ADDRESS_LENGTH])
            if next_peer is None:
                break
            peer = next_peer
        return peer, hops

    def _peer(self, text: str) -> Peer | None:
        found = parse_ip_address(text)
        if found is None:
            return None
        return Peer(str(found), any(found in network for network in self._networks))


def parse_ip_address(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an IP address, also with a port, in brackets, with a zone, or as mapped IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _get_values(headers: dict[str, str], name: str, hops: int) -> list[str]:
    """Return the values of trusted proxies, the outermost first: one at least, and at most one each."""
    return [value.strip() for value in headers.get(name, "").split(",")[-hops:]]


def _set_scheme(environ: dict[str, Any], scheme: str) -> None:
    if scheme in DEFAULT_PORTS:
        environ["wsgi.url_scheme"] = scheme


def _set_host(environ: dict[str, Any], host: str, port: str) -> None:
    """Set the host as it is: whether it is valid and allowed is checked later."""
    host = host or environ.get("HTTP_HOST", "")
    if port.isascii() and port.isdigit() and len(port) <= 5:
        environ["SERVER_PORT"] = port
        has_port = ":" in host.rpartition("]")[2]
        if host and not has_port and port != DEFAULT_PORTS.get(environ["wsgi.url_scheme"]):
            host = f"{host}:{port}"
    if host:
        environ["HTTP_HOST"] = host


def _set_prefix(environ: dict[str, Any], prefixes: Sequence[str]) -> None:
    """Set the path prefix of the application: each proxy sends what it has removed."""
    prefix = "".join(each.rstrip("/") for each in prefixes)
    if is_application_path(prefix):
        environ["SCRIPT_NAME"] = prefix
