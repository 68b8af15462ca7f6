"""What the addresses of clients are counted by."""

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import NamedTuple

from shoptrack.web.proxies import parse_ip_address as read_address

Networks = tuple[tuple[int, int], ...]  # bits of each, and how many times as much it bears


class Place(NamedTuple):
    """An address or a network.

    :param bears: how many times as many failures as one address
    """

    name: str
    bears: int = 1


# A household has a /64, a /56 or a /48 of its own; a /48 may also be shared by the customers of who rents servers out.
IPV6: Networks = ((64, 1), (56, 2), (48, 4))
# An IPv4 address is dear, and one's neighbours in a /24 are strangers.
IPV4: Networks = ((32, 1), (24, 4))


def places_of(address: str) -> tuple[Place, ...]:
    """Return an IPv4 address or the smallest network of an IPv6 address, then the networks around it.

    Each household and each server has a whole /64 of IPv6 addresses, and could use a fresh one for every attempt;
    whoever has more could use a fresh /64. Clients without an address, as on a Unix socket, are one place.
    """
    match read_address(address):
        case IPv6Address() as found:
            networks = IPV6
        case IPv4Address() as found:
            networks = IPV4
        case _:
            return (Place(""),)
    narrow, *wide = (Place(str(ip_network((found, bits), strict=False)), n) for bits, n in networks)
    return (narrow._replace(name=narrow.name.removesuffix("/32")), *wide)
