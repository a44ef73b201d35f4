"""Whether a host is where a cloud gives out its machine's own credentials."""

import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

_NAMES: Final = frozenset(
    ("metadata", "metadata.google.internal", "metadata.goog", "instance-data")
)
_ADDRESSES: Final = frozenset(
    map(ip_address, ("fd00:ec2::254", "fd00:ec2::23", "100.100.100.200", "168.63.129.16"))
)


def is_metadata(host: str) -> bool:
    """Whether a name or an address, in whatever spelling, is a cloud's metadata service."""
    name = host.lower().rstrip(".")
    address = address_of(name)
    if address is None:
        return name in _NAMES
    return address in _ADDRESSES or (address.version == 4 and address.is_link_local)


@lru_cache(256)
def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The address that `host` is; None for a name."""
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return _spelt_oddly(host)
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _spelt_oddly(host: str) -> IPv4Address | None:
    """An IPv4 address as one number, or in hex or octal, which sockets take too."""
    if not host[:1].isdigit():
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None
