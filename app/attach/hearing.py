"""What the event stream says, told on the bus of this process."""

import logging
from collections.abc import Callable
from typing import Final

import orjson
from msgspec.structs import replace

from proxy.bus import Bus
from proxy.control.event_stream import IN_STEP, InStep
from proxy.control.wire_events import event_of
from proxy.events import Completed, Event, Failed, RoutingChanged
from proxy.record import MOST_OPEN
from proxy.routing.table import Table
from proxy.values_json import read

log = logging.getLogger(__name__)

UNSEEN: Final = "its end was not seen from here: the proxy stopped, or the connection was too slow"


class Hearing:
    """Publishes events as the proxy's own bus does; `ahead` seconds are taken off their times.

    `missed` is told the number of events that the proxy left out, because we were too slow.
    """

    def __init__(
        self, bus: Bus, changed: Callable[[Table], None], missed: Callable[[int], None]
    ) -> None:
        self.ahead = 0.0
        self._bus, self._changed, self._missed = bus, changed, missed
        self._open: dict[str, float] = {}  # exchange → unix seconds
        self._strange: set[str] = set()
        self._heard = 0.0  # when the last thing happened that was told

    def take(self, name: str, data: bytes) -> None:
        """One event of the stream; one that this build does not know, or can't read, is passed
        over."""
        try:
            if name == IN_STEP:
                self._in_step(read(InStep, orjson.loads(data)))
                return
            event = event_of(data)
        except ValueError as error:
            self._wonder(name, error)
            return
        if event is None:
            self._wonder(name, "this build is older than the proxy")
        else:
            self._tell(replace(event, at=event.at - self.ahead) if self.ahead else event)

    def _tell(self, event: Event) -> None:
        self._heard = max(self._heard, event.at)
        if isinstance(event, Completed | Failed):
            self._open.pop(event.id, None)
        elif event.id:
            self._open.setdefault(event.id, event.at)
            if len(self._open) > MOST_OPEN:
                del self._open[next(iter(self._open))]
        if isinstance(event, RoutingChanged):
            self._changed(event.table)
        self._bus.publish(event)

    def _in_step(self, said: InStep) -> None:
        """All was told; what is open here and not there ended unseen."""
        for id in self._open.keys() - set(said.open):
            latency = max(self._heard - self._open[id], 0.0) * 1000  # at least
            self._tell(Failed(id=id, at=self._heard, status=0, latency=latency, error=UNSEEN))
        if said.missed:
            self._missed(said.missed)

    def _wonder(self, name: str, why: object) -> None:
        if name not in self._strange:
            self._strange.add(name)
            log.warning("events called %r are passed over: %s", name, why)
