"""The upstream of a soak: it answers, or fails, as the plan in a request's text says, and bills."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from tests.proxy.faults import upstreams
from tests.soak.plans import bill, marked
from tests.support.upstream import Sent, as_json, stream

PIECES: Final = 10  # of a slow answer
LONGEST: Final = 20.0  # seconds that it waits for a client to leave


class Provider:
    """Call it as a `tests.support.upstream.Answer`; it speaks every dialect."""

    def __init__(self) -> None:
        self._failed: set[int] = set()

    async def __call__(self, request: web.Request, sent: Sent) -> web.StreamResponse:
        number, kind = marked(sent.raw)
        if kind == "once" and number not in self._failed:
            self._failed.add(number)
            return as_json({"error": {"message": "try again"}}, 500)
        self._failed.discard(number)
        odd = _ODD.get(kind)
        return await (odd(request, sent) if odd else _well(request, sent))


async def _well(request: web.Request, sent: Sent) -> web.StreamResponse:
    wire = _wire(sent)
    if sent.body.get("stream"):
        return await stream(request, [wire])
    return web.Response(body=wire, content_type="application/json")


async def _slow(request: web.Request, sent: Sent) -> web.StreamResponse:
    wire = _wire(sent)
    size = len(wire) // PIECES + 1
    kind = "text/event-stream" if sent.body.get("stream") else "application/json"
    response = web.StreamResponse(headers={"Content-Type": kind})
    await response.prepare(request)
    for at in range(0, len(wire), size):
        await response.write(wire[at : at + size])
        await asyncio.sleep(0.03)
    return response


async def _begins(request: web.Request, sent: Sent) -> web.StreamResponse:
    response = await stream(request, upstreams.chunks_of(sent)[:2])
    await asyncio.sleep(LONGEST)
    return response


async def _silent(request: web.Request, sent: Sent) -> web.StreamResponse:
    await asyncio.sleep(LONGEST)
    return await _well(request, sent)


_ODD: Final[dict[str, Callable[[web.Request, Sent], Awaitable[web.StreamResponse]]]] = {
    "slow": _slow,
    "cut": upstreams.cuts_mid_event,
    "garbled": upstreams.garbled(b"data: {not json}"),
    "page": upstreams.body(upstreams.HTML, "text/html", 502),
    "limit": upstreams.body(
        b'{"error": {"message": "slow"}}', "application/json", 429, retry_after="60"
    ),
    "leaves": _begins,
    "early": _silent,
}


def _wire(sent: Sent) -> bytes:
    """The whole answer, streamed or not, with this exchange's bill in it."""
    streamed = bool(sent.body.get("stream"))
    wire = b"".join(upstreams.chunks_of(sent)) if streamed else upstreams.dumped(sent)
    used = bill(marked(sent.raw)[0])
    both = used["input"] + used["cache_read"]
    for name, told, count in (
        *(
            ("input_tokens", 120, used["input"]),
            ("cache_read_input_tokens", 80, used["cache_read"]),
        ),
        *((name, 200, both) for name in ("input_tokens", "prompt_tokens")),
        *((name, 25, used["output"]) for name in ("output_tokens", "completion_tokens")),
        ("cached_tokens", 80, used["cache_read"]),
        ("total_tokens", 225, both + used["output"]),
    ):
        wire = wire.replace(b'"%b":%d' % (name.encode(), told), b'"%b":%d' % (name.encode(), count))
    return wire
