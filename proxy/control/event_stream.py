"""GET /lynkr/events: what happens, as server-sent events, to as many readers as ask."""

from collections.abc import Iterable
from typing import Final, NoReturn

from aiohttp import web
from msgspec import Struct

from proxy.control.lately import Lately, Numbered
from proxy.control.wire_events import as_line
from proxy.dialects.sse import encode
from proxy.errors import BadRequest
from proxy.house import House
from proxy.values_json import plain, write

HEARTBEAT = 10.0  # seconds; so that a reader that left is noticed
AT_ONCE = 100  # events in one write
MOST_RECENT = 1_000  # exchanges that a reader may ask for
LAST_ID: Final = "Last-Event-ID"


class InStep(Struct, frozen=True):
    """Told to a reader that has caught up: how many events it missed, which exchanges are open."""

    missed: int
    open: tuple[str, ...]


IN_STEP: Final = InStep.__name__


async def stream_events(request: web.Request, house: House) -> web.StreamResponse:
    """Every event from now on, until the reader leaves or the proxy stops.

    `?recent=N` first tells the last N exchanges, Last-Event-ID goes on where the reader was. A
    reader that asked for either, or that was too slow, is told once it is in step how many events
    it missed, and which exchanges are under way. `?hold=texts` holds the newest exchanges' texts
    in memory as long as the stream is open.
    """
    reader, holds = _Reader(request, house.lately), _holds(request.query.get("hold", ""))
    if holds:
        house.recent.want()
    try:
        await _tell(request, reader)
    finally:
        if holds:
            house.recent.leave()


async def _tell(request: web.Request, reader: "_Reader") -> NoReturn:
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write(b": connected\n\n")
    while True:
        await response.write(await reader.more())


class _Reader:
    """One reader's place in what happened lately."""

    def __init__(self, request: web.Request, lately: Lately) -> None:
        self._lately = lately
        self._missed = 0
        recent = _number(request.query.get("recent", "0"))
        last = _place(request.headers.get(LAST_ID, ""), lately)
        self._next = lately.next if last is None else last
        self._before = lately.recent(recent) if recent and last is None else []
        self._to_tell = bool(recent) or last is not None

    async def more(self) -> bytes:
        """What is to be written next; waits for it, and is a comment after HEARTBEAT seconds."""
        if self._before:
            now, self._before = self._before[:AT_ONCE], self._before[AT_ONCE:]
            return self._written(now)
        self._missed += max(self._lately.first - self._next, 0)
        if found := self._lately.since(self._next, AT_ONCE):
            self._next = found[-1][0] + 1
            return self._written(found)
        if self._to_tell or self._missed:
            return self._in_step()
        if not await self._lately.news(HEARTBEAT):
            return b": nothing happened\n\n"
        return await self.more()

    def _in_step(self) -> bytes:
        said = InStep(self._missed, self._lately.open)
        self._missed, self._to_tell = 0, False
        return encode(IN_STEP, write({"event": IN_STEP, **plain(said)}))

    def _written(self, events: Iterable[Numbered]) -> bytes:
        boot = self._lately.boot
        return b"".join(
            b"id: %b-%d\n%b" % (boot.encode(), number, encode(type(one).__name__, as_line(one)))
            for number, one in events
        )


def _holds(text: str) -> bool:
    if text not in ("", "texts"):
        raise BadRequest(f"hold: {text[:40]!r} is not known; texts is")
    return bool(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:9]) <= MOST_RECENT):
        raise BadRequest(f"recent: {text[:40]!r} is no number of exchanges, 0 to {MOST_RECENT:,}")
    return int(text)


def _place(last: str, lately: Lately) -> int | None:
    """The number after the last one that a reader was told; None where that was another process."""
    boot, _, number = last.partition("-")
    if boot != lately.boot or not (number.isascii() and number.isdecimal()):
        return None
    return min(int(number[:18]) + 1, lately.next)
