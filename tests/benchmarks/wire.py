"""A load client on raw sockets, kept alive: light, for the client is not what is measured."""

import asyncio
import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class Connection(asyncio.Protocol):
    """One request at a time; `heard` is told the clock at each piece of an answer."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._pieces = b""
        self.heard: Callable[[float], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    async def ask(self, request: bytes) -> bytes:
        """Send a whole request; its whole answer. ConnectionError if the status is not 200."""
        self._answer = asyncio.get_running_loop().create_future()
        self._pieces = b""
        self._transport.write(request)  # type: ignore[attr-defined]  # it is a WriteTransport
        answer = await self._answer
        if not answer.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(answer[:400])
        return answer

    def data_received(self, data: bytes) -> None:
        if self.heard:
            self.heard(time.perf_counter())
        self._pieces += data
        if _is_whole(self._pieces) and not self._answer.done():
            self._answer.set_result(self._pieces)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(error or ConnectionError("the server hung up"))

    def close(self) -> None:
        self._transport.close()


def _is_whole(answer: bytes) -> bool:
    if answer.endswith(_LAST_CHUNK):
        return True
    end = answer.find(b"\r\n\r\n")
    length = _LENGTH.search(answer, 0, end + 2) if end > 0 else None
    return length is not None and len(answer) >= end + 4 + int(length[1])


async def connect(url: str) -> Connection:
    """A connection to the server at `url`."""
    place = urlsplit(url)
    loop = asyncio.get_running_loop()
    host, port = str(place.hostname), int(place.port or 80)
    _, connection = await loop.create_connection(Connection, host, port)
    return connection


def post(body: bytes, query: str = "", **headers: str) -> bytes:
    """A Messages request on the wire, with the headers that an SDK sends."""
    lines = [
        f"POST /v1/messages{query} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        "Accept: application/json",
        "User-Agent: benchmark/1.0",
        "Anthropic-Version: 2023-06-01",
        "X-Api-Key: none",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
