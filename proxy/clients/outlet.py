"""The way back of an answer: in one piece, or as a stream started once and ended."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from aiohttp import web

Copy = Callable[[bytes], None]


class Outlet(Protocol):
    """Takes an answer piece by piece."""

    @property
    def streaming(self) -> bool:
        """A stream has begun."""
        ...

    def whole(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """An answer in one piece."""
        ...

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """The head of a stream."""
        ...

    async def write(self, data: bytes) -> None:
        """More of the stream. Raises ConnectionResetError where the client has left."""
        ...

    async def end(self) -> None:
        """The end of the stream; nothing to do for an answer in one piece."""
        ...


class ToClient:
    """Wraps an aiohttp request; `response` is what its handler returns. `copy` gets the bytes of
    the answer too."""

    def __init__(self, request: web.Request, copy: Copy | None = None) -> None:
        self._request = request
        self._copy = copy
        self.response: web.StreamResponse | None = None

    @property
    def streaming(self) -> bool:
        return self.response is not None and self.response.prepared

    def whole(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """aiohttp sends it when the handler returns."""
        self.response = web.Response(status=status, headers=headers, body=body)
        if self._copy is not None:
            self._copy(body)

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        self.response = web.StreamResponse(status=status, headers=headers)
        await self.response.prepare(self._request)

    async def write(self, data: bytes) -> None:
        if data and self.response is not None:
            if self._copy is not None:
                self._copy(data)
            await self.response.write(data)

    async def end(self) -> None:
        if self.streaming and self.response is not None:
            with suppress(ConnectionResetError):  # the client has all of it and left
                await self.response.write_eof()


class ToNobody:
    """The end of a replay: no client waits, the bytes are only copied."""

    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self.streaming = False

    def whole(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self._copy(body)

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        self.streaming = True

    async def write(self, data: bytes) -> None:
        self._copy(data)

    async def end(self) -> None:
        """Nobody is told."""
