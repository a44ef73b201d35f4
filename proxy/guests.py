"""Who may knock: by the Host and the Origin that a request names, or by a token."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from proxy.errors import ProxyError

LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))
TOKEN_HEADER: Final = "x-lynkr-token"
TOKEN_ENV: Final = "LYNKR_TUI_TOKEN"
SHORTEST: Final = 16  # characters of a token

_AS_A_KEY: Final = ("authorization", "x-api-key")  # where clients put the key that they are given
_BEARER: Final = "Bearer "


def is_loopback(host: str) -> bool:
    """Whether an address lets in nobody but this machine."""
    return host in LOOPBACK or host.startswith("127.")


@dataclass(frozen=True, slots=True)
class Door:
    """Lets requests in that come to the address `bound`.

    On loopback a page that rebinds its own name to 127.0.0.1 is refused. Anywhere else a guest has
    to show the token: in a header of its own, or as the API key that the client was given.
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

    def check_page(self, headers: Mapping[str, str]) -> None:
        """Raises ProxyError for a web page of another origin. Programs send no Origin."""
        origin = headers.get("origin", "")
        if origin and not self._ours(urlsplit(origin).netloc):
            raise ProxyError("a web page of another origin may not call the control API", 403)

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
        name = urlsplit(f"//{host}").hostname or ""
        return name in LOOPBACK or name == self.bound

    def _shown(self, headers: Mapping[str, str]) -> bool:
        return any(self._is_token(headers.get(name, "")) for name in (TOKEN_HEADER, *_AS_A_KEY))

    def _is_token(self, value: str) -> bool:
        given = value.removeprefix(_BEARER).encode("utf-8", "surrogatepass")
        return bool(self.token) and hmac.compare_digest(given, self.token.encode())
