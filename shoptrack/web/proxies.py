"""Who is really asking, and by which address: ``X-Forwarded-*`` counts only when a trusted proxy says it.

Afterwards ``REMOTE_ADDR``, ``wsgi.url_scheme``, ``HTTP_HOST`` and ``SCRIPT_NAME`` say what the client sees, so
``request.client_addr`` and every address that is made of the request are right. None of the headers is left to be
believed by mistake.

Each proxy appends a value to a header, or replaces all of them, or leaves them alone. ``X-Forwarded-For`` tells the
way: it is walked from the right, through the proxies that are trusted. Of every other header the value of the
outermost of these counts, which is as many values from the right. Values further left come from strangers.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple

from shoptrack.web.request_path import is_application_path

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
    """Somebody on the way of a request: an address in its usual form, and whether it is trusted."""

    address: str
    is_trusted: bool


class ForwardedBy(NamedTuple):
    """Who handed a request over, and what it said of the scheme, believed or not.

    :param address: as text, also where it is none, as on a Unix socket
    :param said: ``http``, ``https``, something else; "" where only other ``X-Forwarded-*`` came, ``None`` for none
    """

    address: str
    is_trusted: bool
    said: str | None


class TrustedProxies:
    """The networks whose word about a request is taken."""

    def __init__(self, networks: Sequence[IPv4Network | IPv6Network]):
        self._networks = networks
        self._known_peer = lru_cache(1000)(self._peer)

    def resolve_client(self, environ: dict[str, Any]) -> ForwardedBy:
        """Write into ``environ`` what trusted proxies say, and drop all such headers from it.

        A peer that has no address, as on a Unix socket, is never trusted.
        """
        told = {name: environ.pop(name) for name in FORWARDED if name in environ}
        said = _get_values(told, "HTTP_X_FORWARDED_PROTO", 1)[-1].lower() if told else None
        nearest = (environ.get("REMOTE_ADDR") or "")[:MAX_ADDRESS_LENGTH]
        peer = self._known_peer(nearest)
        if peer is None:
            return ForwardedBy(nearest, False, said)
        by = ForwardedBy(peer.address, peer.is_trusted, said)
        if told and peer.is_trusted:
            peer, hops = self._walk(peer, told.get("HTTP_X_FORWARDED_FOR", ""))
            _set_scheme(environ, _get_values(told, "HTTP_X_FORWARDED_PROTO", hops)[0].lower())
            _set_host(
                environ,
                _get_values(told, "HTTP_X_FORWARDED_HOST", hops)[0],
                _get_values(told, "HTTP_X_FORWARDED_PORT", hops)[0],
            )
            _set_prefix(environ, _get_values(told, "HTTP_X_FORWARDED_PREFIX", hops))
        environ["REMOTE_ADDR"] = peer.address
        return by

    def _walk(self, peer: Peer, forwarded_for: str) -> tuple[Peer, int]:
        """Return the client, and how many trusted proxies are on the way, 1 or more.

        The client is the nearest that is not trusted, or the last whose address could be read.
        """
        hops = 0
        for hop in reversed(forwarded_for.split(",")):
            if not peer.is_trusted:
                break
            hops += 1  # this one wrote the value
            said = self._known_peer(hop.strip()[:MAX_ADDRESS_LENGTH])
            if said is None:
                break
            peer = said
        return peer, hops

    def _peer(self, text: str) -> Peer | None:
        found = parse_ip_address(text)
        if found is None:
            return None
        return Peer(str(found), any(found in network for network in self._networks))


def parse_ip_address(text: str) -> IPv4Address | IPv6Address | None:
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


def _get_values(told: dict[str, str], name: str, hops: int) -> list[str]:
    """Return what trusted proxies said, the outermost first: one value at least, and one for each at most."""
    return [value.strip() for value in told.get(name, "").split(",")[-hops:]]


def _set_scheme(environ: dict[str, Any], scheme: str) -> None:
    if scheme in DEFAULT_PORTS:
        environ["wsgi.url_scheme"] = scheme


def _set_host(environ: dict[str, Any], host: str, port: str) -> None:
    """Take the host as it is: whether it is well-formed and served is asked of every host."""
    host = host or environ.get("HTTP_HOST", "")
    if port.isascii() and port.isdigit() and len(port) <= 5:
        environ["SERVER_PORT"] = port
        has_port = ":" in host.rpartition("]")[2]
        if host and not has_port and port != DEFAULT_PORTS.get(environ["wsgi.url_scheme"]):
            host = f"{host}:{port}"
    if host:
        environ["HTTP_HOST"] = host


def _set_prefix(environ: dict[str, Any], prefixes: Sequence[str]) -> None:
    """Take the path below which clients see the application: each proxy says what it has cut off."""
    prefix = "".join(each.rstrip("/") for each in prefixes)
    if is_application_path(prefix):
        environ["SCRIPT_NAME"] = prefix
