"""Who may knock: by the Host and the Origin that a request names, or by a token."""

import hmac
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from proxy.errors import ProxyError

LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))
TOKEN_HEADER: Final = "x-lynkr-token"
TOKEN_ENV: Final = "LYNKR_TUI_TOKEN"
SHORTEST: Final = 16  # characters of a token

_AS_A_KEY: Final = ("authorization", "x-api-key")  # where clients put the key that they are given
_BEARER: Final = "Bearer "
_WEB: Final = ("http://", "https://", "null")  # origins of pages; an editor's own have others
_OTHER_SITE: Final = frozenset(("cross-site", "same-site"))


@lru_cache(64)
def is_loopback(host: str) -> bool:
    """Whether an address lets in nobody but this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Door(Struct, frozen=True):
    """Lets requests in that come to the address `bound`.

    On loopback a page that rebinds its own name to 127.0.0.1 is refused. Anywhere else a guest has
    to show the token: in a header of its own, or as the API key that the client was given. A web
    page of another origin may call nothing: it could spend, even where it can't read the answer.
    """

    bound: str
    token: str = ""

    @property
    def local(self) -> bool:
        return is_loopback(self.bound)

    def check(self, headers: Mapping[str, str]) -> None:
        """Raises ProxyError, 403 or 401, for who may not come in."""
        if self.local:
            host = headers.get("host", "")
            if not self._ours(host):
                raise ProxyError(
                    f"the Host header names {host[:100]!r}, not this proxy, {self.bound}",
                    403,
                )
        elif not self._shown(headers):
            raise ProxyError(
                f"this proxy wants its token: send it as {TOKEN_HEADER}, or as the API key", 401
            )
        origin = headers.get("origin", "")
        page = origin.startswith(_WEB) if origin else _from_elsewhere(headers)
        if page and not _same(origin, headers):
            raise ProxyError("a web page of another origin may not call this proxy", 403)

    def check_page(self, headers: Mapping[str, str]) -> None:
        """Raises ProxyError for any foreign origin, an editor's too. Programs send none."""
        origin = headers.get("origin", "")
        if origin and not _same(origin, headers):
            raise ProxyError("a page of another origin may not call the control API", 403)

    def admitted(self, headers: dict[str, str]) -> dict[str, str]:
        """The headers that go on: a token that came as a key is no key of any provider."""
        if self.local:
            return headers
        return {
            name: value
            for name, value in headers.items()
            if name != TOKEN_HEADER and not (name in _AS_A_KEY and self._is_token(value))
        }

    def _ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in LOOPBACK or name == self.bound

    def _shown(self, headers: Mapping[str, str]) -> bool:
        return any(self._is_token(headers.get(name, "")) for name in (TOKEN_HEADER, *_AS_A_KEY))

    def _is_token(self, value: str) -> bool:
        given = value.removeprefix(_BEARER).encode("utf-8", "surrogatepass")
        return bool(self.token) and hmac.compare_digest(given, self.token.encode())


def _same(origin: str, headers: Mapping[str, str]) -> bool:
    """Whether a page of `origin` came from here: the same host and port that it calls."""
    return origin.startswith("http") and origin.partition("//")[2] == headers.get("host")


def _from_elsewhere(headers: Mapping[str, str]) -> bool:
    """A browser names no Origin for an image or a script, but says that another site asked."""
    return headers.get("sec-fetch-site", "") in _OTHER_SITE
