"""A provider reached over HTTP: one row of the catalog, one base URL, one credential."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from urllib.request import getproxies

import aiohttp
import orjson
from yarl import URL

from proxy.config import ProviderConfig
from proxy.errors import Upstream
from proxy.headers import auth_header
from proxy.providers.base import Call
from proxy.providers.catalog import KINDS

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 300.0


def new_session() -> aiohttp.ClientSession:
    """One connection pool for all providers: no limit, no cookies, no decoding."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS
        ),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        trust_env=bool(getproxies()),  # else aiohttp looks for a netrc file at each request
    )


class HttpReply:
    """An aiohttp answer, not read yet; every failure while reading is an Upstream error."""

    def __init__(self, provider: str, response: aiohttp.ClientResponse) -> None:
        self._provider = provider
        self._response = response
        self.status = response.status

    @property
    def headers(self) -> Mapping[str, str]:
        return self._response.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unreachable(self._provider, self._response.url, error) from error

    async def read(self) -> bytes:
        try:
            return await self._response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unreachable(self._provider, self._response.url, error) from error

    def close(self) -> None:
        self._response.close() if not self._response.content.at_eof() else self._response.release()


class HttpProvider:
    """Sends calls to one upstream account."""

    def __init__(self, name: str, config: ProviderConfig, session: aiohttp.ClientSession) -> None:
        self.name = name
        self.kind = KINDS[config.kind]
        self.dialect = self.kind.dialect
        self._config = config
        self._session = session
        self._base = (config.base_url or self.kind.base_url).rstrip("/")
        self._urls: dict[tuple[str, str], URL] = {}

    async def send(self, call: Call) -> HttpReply:
        """Raises Upstream: 502 where it can't be reached, 504 where it does not answer in time."""
        url = self._url(self.kind.path or call.path, call.query)
        headers = {**self.kind.headers, **call.headers, **self._credential(call.credential)}
        try:
            response = await self._session.post(
                url, data=call.body, headers=headers, allow_redirects=False
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unreachable(self.name, url, error) from error
        return HttpReply(self.name, response)

    async def models(self) -> list[str]:
        """Model names that the provider reports; empty where it does not say within 5 s."""
        url = self._url(self.kind.models_path, "")
        headers = {**self.kind.headers, **self._credential({})}
        timeout = aiohttp.ClientTimeout(total=5)
        try:
            async with self._session.get(url, headers=headers, timeout=timeout) as response:
                body = orjson.loads(await response.read())
            return sorted(str(row["id"]) for row in body["data"])
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
            return []

    def _url(self, path: str, query: str) -> URL:
        known = self._urls.get((path, query))
        if known is None:
            base = self._base.removesuffix("/v1") if path.startswith("/v1/") else self._base
            known = URL(base + path + (f"?{query}" if query else ""), encoded=True)
            self._urls = {**self._urls, (path, query): known} if len(self._urls) < 100 else {}
        return known

    def _credential(self, callers: Mapping[str, str]) -> Mapping[str, str]:
        if self._config.key == "client":
            return callers
        name = self._config.key_env or self.kind.key_env
        key = os.environ.get(name, "") if name else ""
        if not key and self._config.key_env:
            raise Upstream(
                f"provider {self.name}: the environment variable {name} is not set; "
                f"export it and start lynkr-tui again",
                502,
            )
        return auth_header("bearer" if self.kind.auth == "none" else self.kind.auth, key)


def unreachable(provider: str, url: URL, error: BaseException) -> Upstream:
    """A 502 or 504 that names provider, URL and cause."""
    place = f"provider {provider} at {url.with_query(None)}"
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return Upstream(f"{place} did not answer in time; it may be overloaded or down", 504)
    cause = str(getattr(error, "os_error", error)) or type(error).__name__
    return Upstream(f"{place} could not be reached: {cause}; check that it runs and its base_url")
