"""A provider reached over HTTP: one row of the catalog, one base URL, one credential."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping

import aiohttp
import orjson
from yarl import URL

from proxy.config.model import ProviderConfig, TimeoutConfig
from proxy.errors import NotSent, Upstream
from proxy.providers.address import Address
from proxy.providers.base import Call
from proxy.providers.catalog import KINDS
from proxy.providers.credentials import SPENT, Credentials, Held
from proxy.providers.limits import Limits
from proxy.providers.way import Connector, Metadata, web_proxy

MOST_ANSWER = 256 * 2**20  # bytes; the longest real ones, streamed a token at a time, take 40 MiB
LONGEST_PLACE = 200  # characters of where a redirect leads


def new_session() -> aiohttp.ClientSession:
    """One connection pool for all providers: no limit, no cookies, no decoding."""
    return aiohttp.ClientSession(
        connector=Connector(),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
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
        left = MOST_ANSWER
        try:
            while chunk := await self._response.content.readany():
                left -= len(chunk)
                if left < 0:
                    raise endless(self._provider)
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise broken_off(self._provider, self._response.url, error) from error

    async def read(self) -> bytes:
        return b"".join([chunk async for chunk in self.chunks()])

    def close(self) -> None:
        self._response.close() if not self._response.content.at_eof() else self._response.release()


class HttpProvider:
    """Sends calls to one upstream account."""

    def __init__(
        self,
        name: str,
        config: ProviderConfig,
        session: aiohttp.ClientSession,
        alone: bool = True,
    ) -> None:
        self.name = name
        self.kind = KINDS[config.kind]
        self.dialect = self.kind.dialect
        self._session = session
        self._address = Address(self.kind, config)
        self._credentials = Credentials(name, self.kind, config, alone=alone)
        self._limits = Limits(name, config)
        self._timeout = _timeout(config.timeout)

    async def send(self, call: Call) -> HttpReply:
        """Raises Upstream: 502 where it can't be reached, 504 where it does not answer in time.

        A 401 or 429 is tried again at once where the provider has a key that was not tried.
        """
        tried: set[int] = set()
        while True:
            held = await self._credentials.hold(call.credential, tried)
            tried.add(held.number)
            await self._limits.wait(call.body)
            reply = await self._post(call, held)
            again = reply.headers.get("retry-after", "")
            if reply.status not in SPENT or not await self._credentials.spent(
                held, reply.status, again, tried
            ):
                return reply
            reply.close()

    def resting(self) -> Mapping[int, float]:
        """Its keys that were refused or limited lately: seconds that each still rests."""
        return self._credentials.resting()

    async def _post(self, call: Call, held: Held) -> HttpReply:
        url = self._address.of(call)
        headers = {**self.kind.headers, **call.headers, **await self._auth(url, call, held)}
        try:
            response = await self._session.post(
                url,
                data=call.body,
                headers=headers,
                allow_redirects=False,
                timeout=self._timeout,
                proxy=web_proxy(url),
            )
        except (ssl.CertificateError, aiohttp.ClientConnectorCertificateError) as error:
            raise untrusted(self.name, url, error) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(getattr(error, "os_error", None), Metadata):
                raise forbidden(self.name, error) from error
            raise unreachable(self.name, url, error) from error
        if 300 <= response.status < 400:
            response.close()
            raise moved(self.name, url, response)
        return HttpReply(self.name, response)

    async def _auth(self, url: URL, call: Call, held: Held) -> Mapping[str, str]:
        """The headers that say who asks."""
        return held.headers

    async def models(self) -> list[str]:
        """Model names that the provider reports; empty where it does not say within 5 s."""
        url = self._address.models
        if url is None:
            return []
        timeout = aiohttp.ClientTimeout(total=5)
        try:
            headers = {**self.kind.headers, **(await self._credentials.hold({})).headers}
            async with self._session.get(
                url,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                proxy=web_proxy(url),
            ) as response:
                body = orjson.loads(await response.read())
            return sorted(str(row["id"]) for row in body["data"])
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
            return []
        except Upstream:  # it has no credential at hand; a send will say so
            return []


def _timeout(limits: TimeoutConfig) -> aiohttp.ClientTimeout:
    """Who sends knows better when an answer is late; this only sees to it that none waits on."""
    latest = max(limits.first_byte, limits.silence)
    return aiohttp.ClientTimeout(total=None, connect=limits.connect, sock_read=latest)


def moved(provider: str, url: URL, response: aiohttp.ClientResponse) -> NotSent:
    """A 502 for a redirect, which is followed nowhere: a credential and a prompt would go along."""
    place = response.headers.get("location", "")[:LONGEST_PLACE].partition("?")[0]
    return NotSent(
        f"provider {provider} at {url.with_query(None)} answered {response.status}, a redirect to "
        f"{place or 'nowhere'}, which is not followed; correct its base_url"
    )


def untrusted(provider: str, url: URL, error: BaseException) -> NotSent:
    """A 502 for a server that does not prove to be the one that was asked for."""
    return NotSent(
        f"provider {provider} at {url.with_query(None)} shows a certificate that can't be trusted: "
        f"{_cause(error)}; check its base_url, and SSL_CERT_FILE where a company's own CA signs"
    )


def forbidden(provider: str, error: BaseException) -> NotSent:
    """A 502 for a name that leads where a cloud gives out its machine's credentials."""
    return NotSent(
        f"provider {provider}: {_cause(error)}, so nothing was sent; correct its base_url, or add "
        f"allow_metadata = true to [providers.{provider}]"
    )


def unreachable(provider: str, url: URL, error: BaseException) -> Upstream:
    """A 502 or 504 that names provider, URL and cause."""
    advice = "check that it runs and its base_url"
    return _failed(provider, url, error, f"could not be reached: {_cause(error)}; {advice}")


def broken_off(provider: str, url: URL, error: BaseException) -> Upstream:
    """The same for an answer that had begun."""
    return _failed(provider, url, error, f"broke off its answer: {_cause(error)}")


def endless(provider: str) -> Upstream:
    """A 502 for an answer that no model gives: it would fill the memory."""
    most = f"{MOST_ANSWER / 2**20:g} MiB"
    return Upstream(f"provider {provider} sent more than {most} in one answer; it was let go")


def _failed(provider: str, url: URL, error: BaseException, what: str) -> Upstream:
    place = f"provider {provider} at {url.with_query(None)}"
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return Upstream(f"{place} did not answer in time; it may be overloaded or down", 504)
    return Upstream(f"{place} {what}")


def _cause(error: BaseException) -> str:
    return str(getattr(error, "os_error", error)) or type(error).__name__
