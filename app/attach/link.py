"""Keeps the event stream of a proxy elsewhere open, and says how it stands."""

import asyncio
import logging
import math
import time
from typing import Final

from app.attach.far import FarError
from app.attach.hearing import Hearing
from app.attach.hub import Hub
from app.attach.routing import PATH, FarRouting, told
from proxy.control.event_stream import LAST_ID
from proxy.dialects.sse import SseReader

log = logging.getLogger(__name__)

RECENT: Final = 200  # exchanges that came before
WAITS: Final = (1.0, 2.0, 3.0, 5.0)  # seconds, each time that it fails again
STREAM: Final = f"/lynkr/events?recent={RECENT}&hold=texts"  # what R sends again
STATE_SECONDS: Final = 1.0
ENDED: Final = "it closed the connection"


class Link:
    """`run` never ends: where the stream does, it waits a little, and opens it again."""

    def __init__(self, hub: Hub, hearing: Hearing, routing: FarRouting) -> None:
        self._hub, self._hearing, self._routing = hub, hearing, routing
        self._why = ""
        self._again = 0.0  # monotonic seconds
        self._last = ""  # the id of the last event
        self._failed = 0  # times in a row

    @property
    def problem(self) -> str:
        if not self._why:
            return ""
        left = math.ceil(self._again - time.monotonic())
        when = f"trying again in {left} s" if left > 0 else "trying again now"
        url = self._hub.far.url
        why = self._why if url in self._why else f"{url}: {self._why}"
        return f"{why}; {when}"

    @property
    def log(self) -> str:
        return self._hub.state.log

    def take(self) -> list[str]:
        return self._hub.take()

    async def run(self) -> None:
        """Follow the stream; for a task of its own."""
        while True:
            try:
                await self._follow()
                why = ENDED
            except FarError as error:
                why = str(error)
            wait = WAITS[min(self._failed, len(WAITS) - 1)]
            self._failed += 1
            self._why, self._again = why, time.monotonic() + wait
            log.warning("not connected: %s", why)
            await asyncio.sleep(wait)

    async def keep_state(self) -> None:
        """Ask for the state now and then, while connected; for a task of its own."""
        while True:
            await asyncio.sleep(STATE_SECONDS)
            if not self._why:
                try:
                    await self._hub.refresh()
                except FarError as error:
                    log.info("the state is not known at present: %s", error)

    async def _follow(self) -> None:
        reader, headers = SseReader(), {LAST_ID: self._last} if self._last else {}
        async with self._hub.far.stream(STREAM, headers) as chunks:
            await self._catch_up()
            async for chunk in chunks:
                for name, data in reader.feed(chunk):
                    self._hearing.take(name, data)
                self._last = reader.last_id.decode("latin-1") or self._last

    async def _catch_up(self) -> None:
        """Learn what no event tells; those that come meanwhile wait in the stream."""
        await self._hub.refresh()
        self._hearing.ahead = self._hub.ahead
        self._routing.adopt(told(await self._hub.far.ask("GET", PATH)))
        if self._why:
            log.warning("connected again")
        self._why, self._failed = "", 0
