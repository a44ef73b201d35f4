"""The way back to one client: an answer in one piece, or a stream started once and ended."""

from collections.abc import Mapping
from contextlib import suppress

from aiohttp import web


class Outlet:
    """Wraps an aiohttp request; `response` is what its handler returns."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self.response: web.StreamResponse | None = None

    @property
    def started(self) -> bool:
        return self.response is not None

    @property
    def streaming(self) -> bool:
        return self.response is not None and self.response.prepared

    def whole(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """An answer in one piece; aiohttp sends it when the handler returns."""
        self.response = web.Response(status=status, headers=headers, body=body)

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        self.response = web.StreamResponse(status=status, headers=headers)
        await self.response.prepare(self._request)

    async def write(self, data: bytes) -> None:
        """More of the stream. Raises ConnectionResetError where the client has left."""
        if data and self.response is not None:
            await self.response.write(data)

    async def end(self) -> None:
        """The end of the stream; nothing to do for an answer in one piece."""
        if self.streaming and self.response is not None:
            with suppress(ConnectionResetError):  # the client has all of it and left
                await self.response.write_eof()
