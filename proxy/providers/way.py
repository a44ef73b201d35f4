"""The way out to a provider: past the web proxy that the environment names, where there is one, and
never to the address where a cloud gives out its machine's own credentials."""

import logging
import os
import socket
import ssl
from collections.abc import Iterable
from typing import Final
from urllib.request import getproxies, proxy_bypass

from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from proxy.errors import NotSent
from proxy.providers.metadata import address_of, is_metadata

log = logging.getLogger(__name__)

# A company's own CA beside the usual ones, as clients' other programs are told of it. SSL_CERT_FILE
# and SSL_CERT_DIR stand in place of the usual ones, which OpenSSL sees to itself.
EXTRA_CAS: Final = ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")
_SCHEMES: Final = ("http", "https")

_allowed: frozenset[str] = frozenset()  # hosts that the config in force allows all the same


class Metadata(OSError):
    """A name that leads to a cloud's metadata service."""


class GuardedResolver(ThreadedResolver):
    """Resolves names, but to no cloud's metadata service."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises Metadata, an OSError, which names the address."""
        found = await super().resolve(host, port, family)
        for one in found if host not in _allowed else ():
            if is_metadata(one["host"]):
                raise Metadata(f"{host} resolves to {one['host']}, a cloud's metadata service")
        return found


def allow(hosts: Iterable[str]) -> None:
    """Let these hosts be metadata services, and no others."""
    global _allowed
    _allowed = frozenset(hosts)


def trust() -> ssl.SSLContext | bool:
    """How a server's certificate is checked; True is the library's own way."""
    extra = {name: path for name in EXTRA_CAS if (path := os.environ.get(name, ""))}
    if not extra:
        return True
    context = ssl.create_default_context()
    for name, path in extra.items():
        try:
            context.load_verify_locations(path)
        except OSError as error:  # ssl.SSLError is one
            log.warning("%s names %s, which can't be used: %s", name, path, error)
    return context


def web_proxy(url: URL) -> URL | None:
    """The web proxy for `url`, by HTTPS_PROXY, HTTP_PROXY or ALL_PROXY and NO_PROXY; None to go
    there straight, as to this machine always. Raises NotSent for a kind that is not spoken."""
    host = url.host or ""
    address = address_of(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return None
    found = getproxies()
    named = found.get(url.scheme) or found.get("all", "")
    if not named or proxy_bypass(host):
        return None
    proxy = URL(named if "://" in named else f"http://{named}")
    if proxy.scheme not in _SCHEMES or not proxy.host:
        raise NotSent(
            f"the web proxy that the environment names for {url.scheme} is no http:// one; "
            f"correct {url.scheme.upper()}_PROXY, or add {host} to NO_PROXY"
        )
    return proxy
