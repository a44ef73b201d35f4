"""Who may knock: the Host that a request names, and the Origin that a browser page has."""

from collections.abc import Mapping
from urllib.parse import urlsplit

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


def host_allowed(host: str, bound: str) -> bool:
    """True for loopback names and the address bound: a page that rebinds its own name to
    127.0.0.1 is refused."""
    name = urlsplit(f"//{host}").hostname or ""
    return name in LOOPBACK or name == bound


def origin_allowed(headers: Mapping[str, str], bound: str) -> bool:
    """True without an Origin, as programs send none, or with one of our own."""
    origin = headers.get("origin", "")
    return not origin or host_allowed(urlsplit(origin).netloc, bound)
