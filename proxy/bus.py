"""Tells every listener what happened; a listener that fails never hurts an exchange."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from proxy.events import Event
from proxy.record import Fold, Record

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Listener = Callable[[Event], None]
RowListener = Callable[[Record], None]


class Bus:
    """Listeners are called in turn, on the loop: each only appends to a queue of its own.

    Events are folded into rows here, once for all who want an exchange as a whole.
    """

    def __init__(self) -> None:
        self.rows = Fold()
        self._listeners: tuple[Listener, ...] = ()
        self._enders: tuple[RowListener, ...] = ()
        self._kinds: dict[type[Event], tuple[Callable[[Any], None], ...]] = {}

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of every event from now on; call what is returned to stop."""
        self._listeners = (*self._listeners, listener)
        return lambda: self._drop(listener)

    def on(self, kind: type[E], listener: Callable[[E], None]) -> None:
        """Tell `listener` of every event of one kind."""
        self._kinds = self._kinds | {kind: (*self._kinds.get(kind, ()), listener)}

    def on_end(self, listener: RowListener) -> None:
        """Hand `listener` the row of every exchange that ends; it does not change any more."""
        self._enders = (*self._enders, listener)

    def publish(self, event: Event) -> None:
        _tell((*self._listeners, *self._kinds.get(type(event), ())), event)
        row = self.rows(event)
        if row is not None and row.ended:
            _tell(self._enders, row)

    def _drop(self, listener: Listener) -> None:
        self._listeners = tuple(other for other in self._listeners if other != listener)


def _tell(listeners: tuple[Callable[[Any], None], ...], what: object) -> None:
    for listener in listeners:
        try:
            listener(what)
        except Exception:
            log.exception("a listener failed on %s", type(what).__name__)
