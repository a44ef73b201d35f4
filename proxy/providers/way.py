"""The way out to a provider: past the web proxy that the environment names, where there is one, and
never to the address where a cloud gives out its machine's own credentials."""

import asyncio
import logging
import os
import socket
import ssl
import sys
import threading
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from aiohttp.tracing import Trace
from yarl import URL

from proxy.errors import NotSent
from proxy.providers.metadata import address_of, is_metadata

log = logging.getLogger(__name__)

# A company's own CA beside the usual ones, as clients' other programs are told of it. SSL_CERT_FILE
# and SSL_CERT_DIR stand in place of the usual ones, which OpenSSL sees to itself.
EXTRA_CAS: Final = ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")
_SCHEMES: Final = ("http", "https")
_NAMES: Final = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_VARIABLES: Final = (*_NAMES, *map(str.upper, _NAMES), "REQUEST_METHOD")

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


class Trust:
    """How a server's certificate is checked: by the machine's certificates, and a company's own.

    `context` trusts nobody until `load` has read them, which takes 0.1 s: who speaks to a model on
    this machine needs none.
    """

    def __init__(self) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.set_alpn_protocols(("http/1.1",))
        if sys.version_info >= (3, 13):  # as ssl.create_default_context has it
            self.context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
        self.loaded = False
        self._lock = threading.Lock()

    def load(self) -> None:
        """Read the certificates, once; for a thread."""
        with self._lock:
            if not self.loaded:
                self.context.load_default_certs()
                self._load_extra()
                self.loaded = True

    def _load_extra(self) -> None:
        """Several names of one file are read as one."""
        named = {path: name for name in EXTRA_CAS if (path := os.environ.get(name, ""))}
        for path, name in named.items():
            try:
                self.context.load_verify_locations(path)
            except OSError as error:  # ssl.SSLError is one
                log.warning("%s names %s, which can't be used: %s", name, path, error)


class Connector(aiohttp.TCPConnector):
    """Connections without a limit; the first one by TLS waits for the certificates."""

    def __init__(self) -> None:
        self._trust = Trust()
        super().__init__(
            limit=0, keepalive_timeout=60, resolver=GuardedResolver(), ssl=self._trust.context
        )

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,
    ) -> aiohttp.connector.Connection:
        if not self._trust.loaded and (req.is_ssl() or _is_tls(req.proxy)):
            await asyncio.to_thread(self._trust.load)
        return await super().connect(req, traces, timeout)


def _is_tls(proxy: URL | None) -> bool:
    return proxy is not None and proxy.scheme == "https"


def web_proxy(url: URL) -> URL | None:
    """The web proxy for `url`, by HTTPS_PROXY, HTTP_PROXY or ALL_PROXY and NO_PROXY; None to go
    there straight, as to this machine always. Raises NotSent for a kind that is not spoken."""
    host = url.host or ""
    address = address_of(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return None
    return _web_proxy(url.scheme, host, tuple(map(os.environ.get, _VARIABLES)))


@lru_cache(256)
def _web_proxy(scheme: str, host: str, environment: tuple[str | None, ...]) -> URL | None:
    """The same for another machine; `environment`, which is what decides, is part of the key."""
    found = getproxies()
    named = found.get(scheme) or found.get("all", "")
    if not named or proxy_bypass(host):
        return None
    proxy = URL(named if "://" in named else f"http://{named}")
    if proxy.scheme not in _SCHEMES or not proxy.host:
        raise NotSent(
            f"the web proxy that the environment names for {scheme} is no http:// one; "
            f"correct {scheme.upper()}_PROXY, or add {host} to NO_PROXY"
        )
    return proxy
