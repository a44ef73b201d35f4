"""Tells every listener what happened; a listener that fails never hurts an exchange."""

import logging
from collections.abc import Callable

from proxy.events import Event

log = logging.getLogger(__name__)

Listener = Callable[[Event], None]


class Bus:
    """Listeners are called in turn, on the loop: each only appends to a queue of its own."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of every event from now on; call what is returned to stop."""
        self._listeners = [*self._listeners, listener]
        return lambda: self._drop(listener)

    def publish(self, event: Event) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                log.exception("a listener failed on %s", type(event).__name__)

    def _drop(self, listener: Listener) -> None:
        self._listeners = [other for other in self._listeners if other != listener]
