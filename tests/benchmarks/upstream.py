"""A process that plays the provider: it answers at once, in one piece or event by event, or
streams at a steady pace."""

import asyncio
import re
import sys
from collections.abc import Iterator

import orjson
import uvloop

from tests.support import messages

PACE = 0.01  # seconds between the chunks of a paced stream
APART = "?apart"  # the query of a request that is answered event by event
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_STREAM = (b'"stream":true', b'"stream": true')  # as it came, and as some peers write it anew
_APART = f"{APART} ".encode()
_CHUNKS = re.compile(rb"\?chunks=(\d+) ")
_WORDS = "The sky scatters short waves more than long ones, so what reaches us is blue. "


def _delta(text: str) -> bytes:
    delta = {"type": "text_delta", "text": text}
    return messages.event("content_block_delta", index=0, delta=delta)


def _framed(event: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(event), event)


def _streamed() -> list[bytes]:
    """A whole stream: 20 pieces of text, each event a chunk of its own."""
    events = messages.events("model", [messages.text(_WORDS)])
    at = len(events) - 3
    events[at - 1 : at] = [_delta(_WORDS)] * 20
    return [STREAM_HEAD, *map(_framed, events), END]


def _plain() -> bytes:
    body = orjson.dumps(messages.answer("model", [messages.text(_WORDS)]))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)
END = b"0\r\n\r\n"
PIECES = _streamed()
STREAMED = b"".join(PIECES)
PLAIN = _plain()
PIECE = _framed(_delta(_WORDS))


class Provider(asyncio.Protocol):
    """Speaks as much HTTP/1.1 as the benchmarks need."""

    def __init__(self) -> None:
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._asked += data
        end = self._asked.find(b"\r\n\r\n")
        length = _LENGTH.search(self._asked, 0, end + 2)
        if end < 0 or length is None or len(self._asked) < end + 4 + int(length[1]):
            return
        asked, self._asked = self._asked, b""
        self._answer(asked, end)

    def _answer(self, asked: bytes, end: int) -> None:
        chunks = _CHUNKS.search(asked, 0, end)
        if _APART in asked[:end]:
            self._apart(iter(PIECES))
        elif chunks:
            self._transport.write(STREAM_HEAD)
            self._trickle(int(chunks[1]), asyncio.get_running_loop().time())
        else:
            self._transport.write(STREAMED if any(map(asked.__contains__, _STREAM)) else PLAIN)

    def _apart(self, pieces: Iterator[bytes]) -> None:
        """One piece a turn of the loop: what is written in one leaves together."""
        piece = next(pieces, None)
        if piece is not None and not self._transport.is_closing():
            self._transport.write(piece)
            asyncio.get_running_loop().call_soon(self._apart, pieces)

    def _trickle(self, left: int, due: float) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(PIECE if left else STREAMED[len(STREAM_HEAD) :])
        if left:
            loop = asyncio.get_running_loop()
            loop.call_at(due + PACE, self._trickle, left - 1, due + PACE)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", 0)
    print(f"listens on http://127.0.0.1:{server.sockets[0].getsockname()[1]};", file=sys.stderr)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
