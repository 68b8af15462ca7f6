"""What the addresses of clients are counted by."""

from ipaddress import IPv6Address, ip_network

from shoptrack.web.proxies import address as read_address


def place_of(address: str) -> str:
    """Return an IPv4 address as it is, and the network of an IPv6 address.

    Each household and each server has a whole /64 of IPv6 addresses, and could use a fresh one for every attempt.
    Clients without an address, as on a Unix socket, are one place.
    """
    found = read_address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found or "")
