"""HTTP to a proxy elsewhere: its address, its token, and what goes wrong in one sentence."""

import errno
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import orjson
from yarl import URL

from app.text import plain
from proxy.clients.guests import TOKEN_HEADER
from proxy.errors import NotSent
from proxy.providers.way import web_proxy

SECONDS: Final = 10.0  # for a whole answer
CONNECT: Final = 5.0
SILENCE: Final = 30.0  # in a stream; a heartbeat comes every 10 s
LONGEST: Final = 300  # characters of what it says
NOT_OURS: Final = "but not as lynkr-tui does; check the host and the port"


class FarError(OSError):
    """A sentence that names the proxy, what is wrong, and the fix. `status` is 0 where no answer
    came."""

    def __init__(self, said: str, status: int = 0) -> None:
        super().__init__(said)
        self.status = status


class Far:
    """The proxy at `url`; `variable` names where the token came from."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, token: str = "", variable: str = ""
    ) -> None:
        self.url = url
        self._session = session
        self._headers = {TOKEN_HEADER: token} if token else {}
        self._variable = variable

    @property
    def shows_token(self) -> bool:
        return bool(self._headers)

    async def ask(
        self, method: str, path: str, body: object = None, seconds: float = SECONDS
    ) -> dict[str, Any]:
        """The JSON object that it answers with. Raises FarError."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT)
        async with self._open(method, path, {}, timeout, body) as answer:
            try:
                said = orjson.loads(await answer.read())
            except orjson.JSONDecodeError:
                said = None
        if not isinstance(said, dict):
            raise FarError(f"{self.url} answers, {NOT_OURS}")
        return said

    @asynccontextmanager
    async def stream(self, path: str, headers: Mapping[str, str]) -> AsyncIterator[Any]:
        """Chunks of a body without end. FarError where it breaks off, also within the block."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=SILENCE)
        async with self._open("GET", path, headers, timeout) as answer:
            yield answer.content.iter_any()

    @asynccontextmanager
    async def _open(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        timeout: aiohttp.ClientTimeout,
        body: object = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._session.request(
                method,
                self.url + path,
                headers={**self._headers, **headers},
                data=None if body is None else orjson.dumps(body),
                timeout=timeout,
                allow_redirects=False,  # the token would go along
                proxy=web_proxy(URL(self.url)),
            ) as answer:
                if answer.status != 200:
                    raise await self._refused(answer)
                yield answer
        except FarError:
            raise
        except aiohttp.ClientConnectorCertificateError as error:
            why = plain(error.certificate_error, LONGEST)
            fix = "SSL_CERT_FILE names a CA of your own"
            said = f"{self.url} shows a certificate that can't be trusted: {why}; {fix}"
            raise FarError(said) from error
        except NotSent as error:
            raise FarError(error.message) from error
        except TimeoutError as error:
            raise FarError(f"{self.url} does not answer in time") from error
        except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError) as error:
            raise FarError(f"{self.url} broke off the connection") from error
        except (aiohttp.ClientError, OSError) as error:
            raise FarError(f"nothing answers at {self.url}: {_cause(error)}") from error

    async def _refused(self, answer: aiohttp.ClientResponse) -> FarError:
        said, status = _message(await answer.read()), answer.status
        if status == 401 and not self._headers:
            return FarError(f"{self.url} wants its token: set {self._variable} to it", status)
        if status == 401:
            return FarError(f"{self.url} refuses the token in {self._variable}", status)
        if 300 <= status < 400:
            to = plain(answer.headers.get("location", "").partition("?")[0], LONGEST)
            return FarError(f"{self.url} leads on to {to}; attach to that", status)
        if status in (400, 409) and said:
            return FarError(said, status)
        if said:
            return FarError(f"{self.url} answers {status}: {said}", status)
        return FarError(f"{self.url} answers {status}, {NOT_OURS}", status)


def _message(body: bytes) -> str:
    """What an error of ours says; empty for another's."""
    try:
        return plain(orjson.loads(body)["error"]["message"], LONGEST)
    except (ValueError, KeyError, TypeError):
        return ""


def _cause(error: BaseException) -> str:
    """In the words of the system, where it has any."""
    number = getattr(getattr(error, "os_error", error), "errno", None)
    if isinstance(number, int) and number in errno.errorcode:
        return os.strerror(number)
    return plain(str(error) or type(error).__name__, LONGEST)
