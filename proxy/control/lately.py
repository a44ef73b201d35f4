"""What happened lately, numbered: for readers that come later, come back, or are slow."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from secrets import token_hex

from proxy.events import Completed, Event, Failed, Received
from proxy.record import MOST_OPEN

KEPT = 1_500  # events, of about 200 exchanges; they take 2 MB at most

Numbered = tuple[int, Event]


class Lately:
    """Listens to the bus. Numbers rise by one from 0; `boot` tells this process from the last.

    A reader holds nothing but the number that it is to be told next, so a slow one costs nothing,
    and misses what is kept no more.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self.boot = token_hex(4)
        self.next = 0  # the number that the next event gets
        self._events: deque[Event] = deque(maxlen=kept)
        self._open: dict[str, None] = {}
        self._waiting: list[asyncio.Future[None]] = []

    def __call__(self, event: Event) -> None:
        self._events.append(event)
        self.next += 1
        if isinstance(event, Received):
            self._open[event.id] = None
            if len(self._open) > MOST_OPEN:
                del self._open[next(iter(self._open))]
        elif isinstance(event, Completed | Failed):
            self._open.pop(event.id, None)
        if self._waiting:
            self._wake()

    @property
    def first(self) -> int:
        """The number of the oldest event that is kept."""
        return self.next - len(self._events)

    @property
    def open(self) -> tuple[str, ...]:
        """The exchanges under way, by id."""
        return tuple(self._open)

    def since(self, number: int, most: int) -> Sequence[Numbered]:
        """At most so many events from `number` on, or from the oldest that is kept."""
        at = max(number, self.first)
        found = islice(self._events, at - self.first, at - self.first + most)
        return list(enumerate(found, at))

    def recent(self, exchanges: int) -> Sequence[Numbered]:
        """The events of the last so many exchanges, and of none, in order."""
        wanted = set(islice(self._ids(), exchanges)) | {""}
        return [pair for pair in enumerate(self._events, self.first) if pair[1].id in wanted]

    def of(self, id: str) -> Sequence[Event]:
        """The events of one exchange; none where its beginning is kept no more."""
        found = [one for one in self._events if one.id == id]
        return found if found and isinstance(found[0], Received) else []

    async def news(self, seconds: float) -> bool:
        """Wait for the next event, at most so long; False where none came."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return False
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
        return True

    def _ids(self) -> Iterator[str]:
        """Exchanges that are known from their beginning on, the newest first."""
        return (one.id for one in reversed(self._events) if isinstance(one, Received))

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)
