"""Upstreams that misbehave, one a function; `FAULTS` names them all."""

import gzip
from typing import Any, Final

import orjson
from aiohttp import web

from tests.support import chat, messages, responses
from tests.support.upstream import Answer, Sent, stream

HELLO: Final = [messages.text("Hello from upstream")]
HTML: Final = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
HUGE: Final = 6 * 2**20  # bytes


def chunks_of(sent: Sent, blocks: list[messages.Block] = HELLO) -> list[bytes]:
    """The stream that a well-behaved upstream would send, in the dialect of the path."""
    model = sent.body["model"]
    if sent.path.endswith("/messages"):
        return messages.events(model, blocks)
    if sent.path.endswith("/responses"):
        return responses.events(model, blocks)
    return chat.chunks(model, blocks)


def answer_of(sent: Sent, blocks: list[messages.Block] = HELLO) -> Any:
    """The same in one piece."""
    model = sent.body["model"]
    if sent.path.endswith("/messages"):
        return messages.answer(model, blocks)
    if sent.path.endswith("/responses"):
        return responses.answer(model, blocks)
    return chat.answer(model, blocks)


def comment(size: int) -> bytes:
    """So many bytes of a stream that say nothing."""
    return b": %b\n\n" % (b"." * (size - 4))


async def well(request: web.Request, sent: Sent) -> web.StreamResponse:
    """As it should be."""
    if sent.body.get("stream"):
        return await stream(request, chunks_of(sent))
    return web.json_response(answer_of(sent))


def body(text: bytes, kind: str, status: int = 200, **headers: str) -> Answer:
    """The same bytes, whatever was asked, under the content type `kind` ("": without one)."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in names.items()]
    lines += [f"Content-Type: {kind}"] * bool(kind)
    head = f"HTTP/1.1 {status} So\r\nContent-Length: {len(text)}\r\nConnection: close\r\n"
    wire = (head + "".join(f"{line}\r\n" for line in lines) + "\r\n").encode() + text

    async def says(request: web.Request, sent: Sent) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(wire)
        request.transport.close()
        return web.Response()

    return says


def labelled(kind: str) -> Answer:
    """The right answer under a wrong content type."""

    async def mislabels(request: web.Request, sent: Sent) -> web.StreamResponse:
        text = b"".join(chunks_of(sent)) if sent.body.get("stream") else dumped(sent)
        return web.Response(body=text, headers={"Content-Type": kind})

    return mislabels


def dumped(sent: Sent) -> bytes:
    """A whole answer on the wire."""
    return orjson.dumps(answer_of(sent))


async def swapped(request: web.Request, sent: Sent) -> web.StreamResponse:
    """A stream where a whole answer was asked for, and the other way round."""
    if sent.body.get("stream"):
        return web.json_response(answer_of(sent))
    return await stream(request, chunks_of(sent))


async def zipped(request: web.Request, sent: Sent) -> web.StreamResponse:
    """Compressed, though nobody asked for that."""
    text = gzip.compress(b"".join(chunks_of(sent)) if sent.body.get("stream") else dumped(sent))
    kind = "text/event-stream" if sent.body.get("stream") else "application/json"
    return web.Response(body=text, headers={"Content-Type": kind, "Content-Encoding": "gzip"})


async def one_huge_event(request: web.Request, sent: Sent) -> web.StreamResponse:
    """All of the text, megabytes of it, in one event of one chunk."""
    blocks = [messages.text("x" * HUGE)]
    if sent.body.get("stream"):
        return await stream(request, [b"".join(chunks_of(sent, blocks))])
    return web.json_response(answer_of(sent, blocks))


async def trickles(request: web.Request, sent: Sent) -> web.StreamResponse:
    """A byte at a time, whether streamed or whole."""
    streamed = bool(sent.body.get("stream"))
    text = b"".join(chunks_of(sent)) if streamed else dumped(sent)
    kind = "text/event-stream" if streamed else "application/json"
    response = web.StreamResponse(headers={"Content-Type": kind})
    await response.prepare(request)
    for at in range(len(text)):
        await response.write(text[at : at + 1])
    return response


async def cuts_mid_event(request: web.Request, sent: Sent) -> web.StreamResponse:
    """Hangs up in the middle of an event, or of the JSON of a whole answer."""
    if sent.body.get("stream"):
        first, *others = chunks_of(sent)
        return await stream(request, [first, *others[:1], others[1][:20]], end=False)
    text = dumped(sent)
    response = web.StreamResponse(headers={"Content-Length": str(len(text))})
    response.content_type = "application/json"
    await response.prepare(request)
    await response.write(text[:30])
    assert request.transport is not None
    request.transport.close()
    return response


def garbled(*lines: bytes, keeps: int = 2) -> Answer:
    """A stream that begins well, then has `lines` for events, and ends there."""

    async def garbles(request: web.Request, sent: Sent) -> web.StreamResponse:
        begun = chunks_of(sent)[:keeps]
        return await stream(request, [*begun, *(line + b"\n\n" for line in lines)])

    return garbles


async def no_end(request: web.Request, sent: Sent) -> web.StreamResponse:
    """All the text, but neither why it ended nor that it did."""
    if not sent.body.get("stream"):
        return await cuts_mid_event(request, sent)
    return await stream(request, chunks_of(sent)[:2])


SSE: Final = "text/event-stream"
JSON: Final = "application/json"

# How each is to end.
KINDS: Final = ("anthropic_compatible", "openai_compatible", "openai_responses_compatible")

FAULTS: Final[dict[str, tuple[Answer, str]]] = {
    "well": (well, "whole"),
    "trickles": (trickles, "whole"),
    "swapped": (swapped, "whole"),
    "zipped unasked": (zipped, "whole"),
    "one huge event": (one_huge_event, "whole"),
    "under text/plain": (labelled("text/plain"), "whole"),
    "under octet-stream": (labelled("application/octet-stream"), "whole"),
    "cut in mid-event": (cuts_mid_event, "error"),
    "no end": (no_end, "error"),
    "JSON that is none": (garbled(b"data: {not json}"), "error"),
    "lines without colons": (garbled(b"hello", b"\x00\xff\xfe", b"data"), "error"),
    "JSON of no object": (garbled(b"data: [1]", b"data: null", b'data: "x"', b"data: 7"), "error"),
    "events of no known shape": (garbled(b'data: {"type": 7}', b'data: {"choices": 5}'), "error"),
    "a stream of HTML": (body(HTML, SSE), "error"),
    "a stream of nothing": (body(b"", SSE), "error"),
    "a stream of comments": (body(b": hello\n\n: hello\n\n", SSE), "error"),
    "HTML with 200": (body(HTML, "text/html"), "error"),
    "HTML with 200, called JSON": (body(HTML, JSON), "error"),
    "HTML with 502": (body(HTML, "text/html", 502), "error"),
    "HTML with 404": (body(HTML, "text/html", 404), "error"),
    "nothing with 200": (body(b"", JSON), "error"),
    "nothing with 204": (body(b"", "", 204), "error"),
    "nothing with 500": (body(b"", "", 500), "error"),
    "a list": (body(b"[]", JSON), "error"),
    "half a JSON": (body(b'{"id": "x", "cont', JSON), "error"),
    "no content type": (body(HTML, ""), "error"),
    "bytes that are no text": (body(bytes(range(256)), JSON, 500), "error"),
    "a redirect": (body(b"", "", 302, location="https://elsewhere.example/login"), "error"),
    "a redirect that keeps the method": (body(HTML, "text/html", 307, location="/v2"), "error"),
    "not modified": (body(b"", "", 304), "error"),
    "overloaded": (body(b'{"error": {"message": "busy"}}', JSON, 529), "error"),
    "a limit": (body(b'{"error": {"message": "slow"}}', JSON, 429, retry_after="70"), "error"),
}
