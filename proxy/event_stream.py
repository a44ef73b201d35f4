"""GET /lynkr/events: what happens, as server-sent events, to as many readers as ask."""

import asyncio

from aiohttp import web

from proxy.events import Event
from proxy.house import House
from proxy.sse import encode
from proxy.wire_events import as_line

QUEUED = 1_000  # events that a slow reader may be behind; then it misses the oldest
HEARTBEAT = 10.0  # seconds; so that a reader that left is noticed


class _Reader:
    """One reader's queue; full, it drops the oldest, and never waits."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[Event] = asyncio.Queue(QUEUED)

    def __call__(self, event: Event) -> None:
        if self.waiting.full():
            self.waiting.get_nowait()
        self.waiting.put_nowait(event)

    async def next(self) -> bytes:
        """The next event, or a comment after HEARTBEAT seconds without one."""
        try:
            event = await asyncio.wait_for(self.waiting.get(), HEARTBEAT)
        except TimeoutError:
            return b": nothing happened\n\n"
        return encode(type(event).__name__, as_line(event))


async def stream_events(request: web.Request, house: House) -> web.StreamResponse:
    """Every event from now on, until the reader leaves or the proxy stops."""
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
    response = web.StreamResponse(headers=headers)
    reader = _Reader()
    drop = house.bus.subscribe(reader)
    try:
        await response.prepare(request)
        await response.write(b": connected\n\n")
        while not house.closing:
            await response.write(await reader.next())
    finally:
        drop()
    return response
