"""Folds events into rows and totals: order, filter, follow, pause. Knows nothing of screens."""

import copy
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable

from app.alerts import Alerts
from app.filters import Filter
from app.outages import Outages, folded
from app.row import Row
from app.tallies import Tallies
from app.totals import Totals
from proxy.events import BreakerChanged, Completed, Event, Failed
from proxy.record import Fold, Record

ROWS_KEPT = 2_000  # a long day; the exchanges screen reads what came before
PACKED_AT_ONCE = 50  # rows: 3 ms
MOST_UNPACKED = 100  # rows; beyond that each that ends has another one packed at once: 50 µs


class Store:
    """Listens to the bus; `tick` folds what came since the last one. Newest rows come last.

    `rows` are the newest exchanges, `view` those of them that the filter lets through,
    `tallies` what each provider did, `outages` those that are down, `alerts` what is worth a
    toast, and `version` grows whenever a row or a total changed.
    """

    def __init__(self, kept: int = ROWS_KEPT, clock: Callable[[], float] = time.time) -> None:
        self.rows: list[Record] = []
        self.view: list[Record] = []
        self.totals = Totals()
        self.tallies = Tallies()
        self.outages: Outages = {}
        self.alerts = Alerts(clock)
        self.filter = Filter()
        self.follow = True
        self.paused = False
        self.waiting = 0  # exchanges that came while paused and that the filter lets through
        self.version = 0
        self.chosen: Record | None = None  # the exchange that a person looks at
        self._events: deque[Event] = deque()
        self._fold = Fold(Row)
        self._ended: deque[Record] = deque(maxlen=kept)  # not packed yet
        self._flying: set[str] = set()
        self._places: dict[str, int] = {}  # id → running number, for rows and view
        self._shown: set[str] = set()
        self._count = 0
        self._kept = kept
        self._clock = clock
        self._second = int(clock())

    def __call__(self, event: Event) -> None:
        self._events.append(event)
        if len(self._ended) > MOST_UNPACKED and isinstance(event, Completed | Failed):
            self._pack(1)

    def tick(self) -> bool:
        """Fold the batch; True where a row or a total changed."""
        moved = self._advance()
        touched: dict[str, Record] = {}
        while self._events:
            event = self._events.popleft()
            if isinstance(event, BreakerChanged):
                self.outages = folded(self.outages, event)
            elif (row := self._fold(event)) is not None:
                touched[row.id] = row
                self._count_in(row, event)
                self.tallies.see(event, row)
                self.alerts.hear(event, row.session)
        for row in touched.values():
            self._show(row)
        self._trim()
        self._pack(PACKED_AT_ONCE)
        changed = moved or bool(touched)
        self.version += changed
        return changed

    def set_filter(self, chosen: Filter) -> None:
        """Show only the rows that `chosen` lets through, in a paused list too."""
        self.filter = chosen
        self._rebuild()
        if self.paused:
            self._freeze()

    def set_paused(self, paused: bool) -> None:
        """Freeze the list as it stands, or let it go on; the totals never stop."""
        self.paused = paused
        if paused:
            self._freeze()
        else:
            self._rebuild()

    def place(self, id: str) -> int | None:
        """Where in the view an exchange stands; None where it is not shown."""
        return self._position(self._places[id]) if id in self._shown else None

    def find(self, id: str) -> Record | None:
        """The row of an exchange as the view holds it; None where it is not shown."""
        place = self.place(id)
        return None if place is None else self.view[place]

    def row(self, id: str) -> Record | None:
        """The row of an exchange, shown or not; None where it is long ago."""
        return next((row for row in reversed(self.rows) if row.id == id), None)

    def _advance(self) -> bool:
        now = int(self._clock())
        gone, self._second = now - self._second, now
        return self.totals.advance(gone) if gone > 0 else False

    def _count_in(self, row: Record, event: Event) -> None:
        first = row.id not in self._flying and row.id not in self._places
        if first:
            self._count += 1
            self._places[row.id] = self._count
            self._flying.add(row.id)
            self.rows.append(row)
            self.waiting += self.paused and self.filter(row)
        if row.ended:
            self._flying.discard(row.id)
            self._ended.append(row)
        self.totals.seen(row, first, max(self._second - int(event.at), 0))

    def _show(self, row: Record) -> None:
        place = self._places.get(row.id)
        if self.paused or place is None:
            return
        wanted, shown = self.filter(row), row.id in self._shown
        if wanted and not shown:
            self._shown.add(row.id)
            self.view.insert(self._position(place), row)
        elif shown and not wanted:
            del self.view[self._position(place)]
            self._shown.discard(row.id)

    def _trim(self) -> None:
        gone = {row.id for row in self.rows[: max(len(self.rows) - self._kept, 0)]}
        if not gone:
            return
        del self.rows[: len(gone)]
        if not self.paused:
            del self.view[: len(gone & self._shown)]
            self._shown -= gone
        for id in gone - self._shown:
            del self._places[id]

    def _pack(self, most: int) -> None:
        for _ in range(min(len(self._ended), most)):
            row = self._ended.popleft()
            if isinstance(row, Row):
                row.pack()

    def _freeze(self) -> None:
        self.view = [row if row.ended else copy.copy(row) for row in self.view]
        self.version += 1

    def _rebuild(self) -> None:
        self.waiting = 0
        self.view = [row for row in self.rows if self.filter(row)]
        self._shown = {row.id for row in self.view}
        self._places = {row.id: self._places[row.id] for row in self.rows}
        self.version += 1

    def _position(self, place: int) -> int:
        return bisect_left(self.view, place, key=lambda row: self._places[row.id])
