"""Types that tables share. Each reads the text of a source, and takes a ready value as it is."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

from shoptrack.settings.errors import mask_password

_ON = {"true", "1", "yes", "on"}
_OFF = {"false", "0", "no", "off"}
_ORIGIN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def _parse_boolean(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lower() not in _ON | _OFF:
        raise ValueError("It is neither on nor off.")
    return value.lower() in _ON


def split_commas(value: Any) -> Any:
    """Return the texts between commas, without the spaces around them."""
    if not isinstance(value, str):
        return value
    return tuple(filter(None, map(str.strip, value.split(","))))


def _split_names(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _parse_origin(text: str) -> str:
    """Return the origin as browsers write it: in small letters, without a default port."""
    if text == "*":
        raise ValueError("'*' would let any website act for who is signed in: name each origin.")
    if text.lower() == "null":
        raise ValueError("'null' is what anybody's sandboxed pages send: name each origin.")
    match = _ORIGIN.fullmatch(text.lower().removesuffix("/"))
    if not match:
        raise ValueError(
            f"{mask_password(text)!r} is no origin: scheme://host or scheme://host:port, without a path."
        )
    if match["port"] and match["port"] == _DEFAULT_PORTS.get(match["scheme"]):
        return f"{match['scheme']}://{match['host']}"
    return match[0]


def _parse_network(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value == "*":
        raise ValueError(
            "'*' would trust everybody, so that anybody could forge the address that a request "
            "comes from: name the addresses of your proxies."
        )
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise ValueError(f"{mask_password(value)!r} is neither an address nor a network.") from None
    if network.prefixlen == 0:
        raise ValueError(
            f"{value!r} would trust everybody, as '*' would: name the addresses of your proxies."
        )
    address = value.partition("/")[0]
    if ip_address(address) != network.network_address:
        raise ValueError(f"{value!r} is an address in {network}: write {address} or {network}.")
    return network


def _parse_zone(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (LookupError, OSError, ValueError):
        raise ValueError("There is no time zone of this name.") from None


Boolean = Annotated[bool, BeforeValidator(_parse_boolean)]
"""true, false, 1, 0, yes, no, on, off, in any case."""

CommaList = Annotated[tuple[str, ...], BeforeValidator(split_commas)]
"""Texts separated by commas, with or without spaces."""

NameList = Annotated[tuple[str, ...], BeforeValidator(_split_names)]
"""Names separated by spaces, commas or line ends."""

OriginList = Annotated[
    tuple[Annotated[str, AfterValidator(_parse_origin)], ...], BeforeValidator(split_commas)
]
"""Origins, such as ``https://shop.example.com``, separated by commas."""

NetworkList = Annotated[
    tuple[Annotated[IPv4Network | IPv6Network, BeforeValidator(_parse_network)], ...],
    BeforeValidator(split_commas),
]
"""Networks and single addresses, IPv4 and IPv6, separated by commas."""

TimeZone = Annotated[ZoneInfo, BeforeValidator(_parse_zone)]
"""A name of the time zone database, such as ``Asia/Tokyo``."""
