"""Who is really asking: ``X-Forwarded-*`` counts only when a trusted proxy says it.

Afterwards ``REMOTE_ADDR``, ``wsgi.url_scheme`` and ``HTTP_HOST`` say what the client sees, so ``request.client_addr``
and every address that is made of the request are right. None of the headers is left to be believed by mistake.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple

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
LONGEST_ADDRESS = 100  # characters
DEFAULT_PORTS = {"http": "80", "https": "443"}


class Peer(NamedTuple):
    """Somebody on the way of a request: an address in its usual form, and whether it is trusted."""

    address: str
    trusted: bool


class TrustedProxies:
    """The networks whose word about a request is taken."""

    def __init__(self, networks: Sequence[IPv4Network | IPv6Network]):
        self._networks = networks
        self._known_peer = lru_cache(1000)(self._peer)

    def apply(self, environ: dict[str, Any]) -> None:
        """Write into ``environ`` what trusted proxies say, and drop all such headers from it.

        A peer that has no address, as on a Unix socket, is never trusted.
        """
        told = {name: environ.pop(name) for name in FORWARDED if name in environ}
        peer = self._known_peer((environ.get("REMOTE_ADDR") or "")[:LONGEST_ADDRESS])
        if peer is None:
            return
        if told and peer.trusted:
            peer = self._client(peer, told.get("HTTP_X_FORWARDED_FOR", ""))
            _take_scheme(environ, _last(told, "HTTP_X_FORWARDED_PROTO").lower())
            _take_host(
                environ,
                _last(told, "HTTP_X_FORWARDED_HOST"),
                _last(told, "HTTP_X_FORWARDED_PORT"),
            )
        environ["REMOTE_ADDR"] = peer.address

    def _client(self, peer: Peer, forwarded_for: str) -> Peer:
        """Return the nearest that is not trusted, or the last whose address could be read."""
        for hop in reversed(forwarded_for.split(",")):
            said = self._known_peer(hop.strip()[:LONGEST_ADDRESS]) if peer.trusted else None
            if said is None:
                break
            peer = said
        return peer

    def _peer(self, text: str) -> Peer | None:
        found = address(text)
        if found is None:
            return None
        return Peer(str(found), any(found in network for network in self._networks))


def address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address that may come with a port, in brackets, with a zone, or as mapped IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _last(told: dict[str, str], name: str) -> str:
    """Return what the nearest proxy said, where several wrote into one header."""
    return told.get(name, "").rpartition(",")[2].strip()


def _take_scheme(environ: dict[str, Any], scheme: str) -> None:
    if scheme in DEFAULT_PORTS:
        environ["wsgi.url_scheme"] = scheme


def _take_host(environ: dict[str, Any], host: str, port: str) -> None:
    """Take the host as it is: whether it is well-formed and served is asked of every host."""
    host = host or environ.get("HTTP_HOST", "")
    if port.isascii() and port.isdigit() and len(port) <= 5:
        environ["SERVER_PORT"] = port
        has_port = ":" in host.rpartition("]")[2]
        if host and not has_port and port != DEFAULT_PORTS.get(environ["wsgi.url_scheme"]):
            host = f"{host}:{port}"
    if host:
        environ["HTTP_HOST"] = host
