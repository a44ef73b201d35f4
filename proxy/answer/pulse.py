"""The pulse of one stream: a ping for the client where it is quiet, an end where it stays so."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final

from proxy.clients.outlet import Outlet
from proxy.dialects.sse import encode

EVERY = 15.0  # seconds of quiet before a ping; Claude Code gives a stream up after 300

_PINGS: Final = {"anthropic": encode("ping", b'{"type": "ping"}')}
_COMMENT: Final = b": ping\n\n"  # any reader of event streams skips it
_ENDS: Final = (b"\n\n", b"\r\n\r\n", b"\r\r")


class Pulse:
    """Use as `async with`, around reading and writing. A TimeoutError means that the upstream
    said nothing for `silence` seconds. `spawn` starts a coroutine in the background.

    One timer a stream, not one a chunk: it looks now and then at when something was last heard.
    """

    def __init__(
        self,
        outlet: Outlet,
        dialect: str,
        silence: float,
        spawn: Callable[..., object],
    ) -> None:
        self._outlet = outlet
        self._ping = _PINGS.get(dialect, _COMMENT)
        self._silence = silence
        self._spawn = spawn
        self._loop = asyncio.get_running_loop()
        self._timeout = asyncio.timeout(None)
        self._timer: asyncio.TimerHandle | None = None
        self._heard = self._told = self._loop.time()
        self._writing = False
        self._reading = True
        self._tail = b""

    async def __aenter__(self) -> "Pulse":
        await self._timeout.__aenter__()
        self._beat()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._writing = True  # a ping on its way comes too late
        await self._timeout.__aexit__(kind, error, trace)

    async def write(self, data: bytes) -> None:
        """Bytes for the client; a slow one is no silence of the upstream."""
        self._writing = True
        await self._outlet.write(data)
        self._writing = False
        self._heard = self._loop.time()
        if data:
            self._told = self._heard
            self._tail = data[-4:] if len(data) >= 4 else (self._tail + data)[-4:]

    def all_heard(self) -> None:
        """The stream was read to its end: what comes now takes its time."""
        self._reading = False

    def _beat(self) -> None:
        now = self._loop.time()
        if self._writing or not self._reading:
            self._heard = now
        if now - self._heard >= self._silence:
            self._timeout.reschedule(now)
            return
        if now - self._told >= EVERY and not self._writing:
            self._told = now
            self._spawn(self._say_ping(), "ping")
        due = max(self._told + EVERY, now + 0.001) if not self._writing else now + EVERY
        self._timer = self._loop.call_at(min(due, self._heard + self._silence), self._beat)

    async def _say_ping(self) -> None:
        """Between two events only: what passes untouched may have stopped inside one."""
        if not self._writing and self._tail.endswith(_ENDS):
            with suppress(ConnectionError, RuntimeError):  # the client left, or has it all
                await self._outlet.write(self._ping)
