"""What the pipeline asks of a provider: send a call, list models."""

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from msgspec import Struct, field


class Call(Struct, frozen=True):
    """A request ready to go: JSON `body` in the provider's dialect. `credential` is the caller's
    own: a provider sends it on only where the config says that it belongs there."""

    path: str  # under the provider's base URL, e.g. /v1/messages
    body: bytes
    headers: Mapping[str, str]
    stream: bool
    query: str = ""
    model: str = ""  # some providers have it in the URL
    credential: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Call({self.path!r}, {self.model!r})"  # no body, no credential


class Reply(Protocol):
    """An upstream's answer, not read yet. Use `chunks` or `read`, once, then `close`."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives."""
        ...

    async def read(self) -> bytes:
        """The whole body."""
        ...

    def close(self) -> None:
        """Let go of the connection; cancels an answer that is still on its way."""
        ...


class Provider(Protocol):
    """An upstream account under the name the user gave it."""

    name: str
    dialect: str

    async def send(self, call: Call) -> Reply:
        """Send; raises errors.Upstream (502 or 504) naming provider and URL."""
        ...

    async def models(self) -> list[str]:
        """Model names that the provider reports; empty where it can't say."""
        ...
