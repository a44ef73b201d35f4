"""What is known of a proxy elsewhere, and the one way to have it do something."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from app.attach.far import SECONDS, Far, FarError
from app.attach.state import State
from proxy.tasks import Tasks
from proxy.values_json import read

log = logging.getLogger(__name__)
T = TypeVar("T")

STATE: Final = "/lynkr/state"
STRANGELY: Final = "answers in a way that this build does not know"
OLDER: Final = "the lynkr-tui at {} is older and can't do this from afar: bring it up to date"
STRANGE: Final = 2.0  # seconds that two clocks may differ before times are told by ours


class Hub:
    """`state` is as last told; orders change it at once, and the proxy has the last word."""

    def __init__(self, far: Far, tasks: Tasks) -> None:
        self.far = far
        self.state = State(version="", now=0.0)
        self.ahead = 0.0  # seconds that the proxy's clock is ahead of ours, where that is strange
        self._tasks = tasks
        self._loop = asyncio.get_running_loop()
        self._said: deque[str] = deque(maxlen=20)
        self._orders = 0

    async def refresh(self) -> None:
        """Ask for the state. Raises FarError."""
        began = time.time()
        told = await self.far.ask("GET", STATE)
        state = self._read(State, told)
        ahead = state.now - (began + time.time()) / 2
        self.ahead = ahead if abs(ahead) > STRANGE else 0.0
        if not self._orders:
            self.state = state

    async def told(
        self, kind: type[T], method: str, path: str, body: object = None, seconds: float = SECONDS
    ) -> T:
        """What a door answers that older proxies do not have. Raises FarError."""
        try:
            return self._read(kind, await self.far.ask(method, path, body, seconds))
        except FarError as error:
            if error.status == 404:
                raise FarError(OLDER.format(self.far.url), 404) from None
            raise

    def say(self, words: str) -> None:
        """Put something before the person."""
        log.warning("%s", words)
        self._said.append(words)

    def take(self) -> list[str]:
        """What was said since the last call."""
        said = list(self._said)
        self._said.clear()
        return said

    def order(self, state: State, failed: str, body: object, method: str, path: str) -> None:
        """Have the proxy do something that leads to `state`; say `failed` where it does not."""
        self.state = state
        self._tasks.spawn(self._carry_out(failed, body, method, path), "order")

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        self._tasks.spawn(work, name)

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` on the loop; for another thread, which waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def switch(self, body: object) -> None:
        """Put switches, and know the state that comes of it. Raises FarError."""
        self.state = self._read(State, await self.far.ask("PUT", STATE, body))

    async def _carry_out(self, failed: str, body: object, method: str, path: str) -> None:
        self._orders += 1
        try:
            await self.far.ask(method, path, body)
        except FarError as error:
            self.say(f"{failed}: {error}")
        finally:
            self._orders -= 1
        try:
            await self.refresh()
        except FarError:
            log.info("the state is not known at present")

    def _read(self, kind: type[T], told: dict[str, Any]) -> T:
        try:
            return read(kind, told)
        except ValueError as error:
            raise FarError(f"{self.far.url} {STRANGELY}: {error}") from None
