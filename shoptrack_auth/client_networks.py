"""The networks by which the throttle counts the addresses of clients."""

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import NamedTuple

from shoptrack.web import parse_ip_address as read_address

Prefixes = tuple[tuple[int, int], ...]  # length of a prefix, and its weight


class Network(NamedTuple):
    """An address or a network.

    :param weight: factor of the limits; 1 for an address
    """

    name: str
    weight: int = 1


# A household has a /64, a /56 or a /48. Customers of a hosting company may share a /48.
IPV6: Prefixes = ((64, 1), (56, 2), (48, 4))
# IPv4 addresses are expensive, and the neighbours in a /24 are strangers.
IPV4: Prefixes = ((32, 1), (24, 4))


def get_client_networks(address: str) -> tuple[Network, ...]:
    """Return an IPv4 address or the /64 of an IPv6 address, then the networks around it.

    Every household and server has at least a /64 of IPv6 addresses, and could use a new address for each attempt. With
    a larger network, it could use a new /64. All clients without an address, as on a Unix socket, are one network.
    """
    match read_address(address):
        case IPv6Address() as ip_address:
            prefixes = IPV6
        case IPv4Address() as ip_address:
            prefixes = IPV4
        case _:
            return (Network(""),)
    smallest, *others = (
        Network(str(ip_network((ip_address, bits), strict=False)), weight)
        for bits, weight in prefixes
    )
    return (smallest._replace(name=smallest.name.removesuffix("/32")), *others)
