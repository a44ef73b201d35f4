"""Folds events into rows and totals: filter, follow, pause, sessions. Knows nothing of screens."""

import copy
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from app.filters import Filter
from proxy.events import Event
from proxy.record import Fold, Record

ROWS_KEPT = 10_000
SESSIONS_KEPT = 500
SECONDS_KEPT = 120
HITS = ("exact", "semantic")


def saved_tokens(row: Record) -> int:
    """Input tokens that did not go upstream, estimated: all of them where the cache answered."""
    if row.cache in HITS:
        return row.before.total
    return row.before.total - row.after.total if row.before.total else row.rewrite.saved


def billed_tokens(row: Record) -> int:
    """Tokens that the provider billed, measured: input, cached input and output."""
    usage = row.usage
    counts = (usage.input, usage.cache_read, usage.cache_write, usage.output)
    return sum(count for count in counts if count)


class Series:
    """One number for each of the last seconds, oldest first."""

    def __init__(self, seconds: int = SECONDS_KEPT) -> None:
        self.values: deque[float] = deque([0.0] * seconds, maxlen=seconds)

    def add(self, value: float) -> None:
        self.values[-1] += value

    def advance(self, seconds: int) -> None:
        self.values.extend([0.0] * min(seconds, len(self.values)))


@dataclass(slots=True)
class Totals:
    """Sums since the dashboard opened. Estimated and measured figures are never added up."""

    requests: int = 0
    done: int = 0
    failed: int = 0
    hits: int = 0
    saved: int = 0  # input tokens, estimated
    billed: int = 0  # tokens, measured
    money: float = 0.0  # dollars saved, over the exchanges with known prices
    spent: float = 0.0  # dollars
    priced: int = 0  # exchanges with both prices known
    unpriced: int = 0

    @property
    def in_flight(self) -> int:
        return self.requests - self.done - self.failed

    @property
    def money_saved(self) -> float | None:
        """Dollars; None while no exchange had a known price."""
        return self.money if self.priced else None


@dataclass(slots=True)
class Session:
    """One conversation at a glance."""

    id: str
    client: str = ""
    requests: int = 0
    tier: str = ""
    last: float = 0.0  # unix seconds
    saved: int = 0  # input tokens, estimated


@dataclass(slots=True)
class _Seconds:
    requests: Series = field(default_factory=Series)
    saved: Series = field(default_factory=Series)
    billed: Series = field(default_factory=Series)
    money: Series = field(default_factory=Series)
    hits: Series = field(default_factory=Series)
    failed: Series = field(default_factory=Series)
    in_flight: Series = field(default_factory=Series)

    def all(self) -> tuple[Series, ...]:
        return (
            self.requests,
            self.saved,
            self.billed,
            self.money,
            self.hits,
            self.failed,
            self.in_flight,
        )


class Store:
    """Listens to the bus; `tick` folds what came since the last one. Newest rows come last.

    `version` grows whenever something to be seen changed, `view` holds the rows that the filter
    lets through, and `dropped` counts the view's rows that fell off its old end.
    """

    def __init__(self, kept: int = ROWS_KEPT, clock: Callable[[], float] = time.time) -> None:
        self.rows: list[Record] = []
        self.view: list[Record] = []
        self.totals = Totals()
        self.seconds = _Seconds()
        self.sessions: dict[str, Session] = {}
        self.follow = True
        self.paused = False
        self.filter = Filter()
        self.version = 0
        self.changed: set[str] = set()  # ids touched by the last tick
        self._events: deque[Event] = deque()
        self._fold = Fold()
        self._order: dict[str, int] = {}
        self._shown: set[str] = set()
        self._count = 0
        self._kept = kept
        self._clock = clock
        self._second = int(clock())

    def __call__(self, event: Event) -> None:
        self._events.append(event)

    def tick(self) -> bool:
        """Fold the batch; True where anything changed."""
        moved = self._advance()
        touched: dict[str, Record] = {}
        while self._events:
            row = self._fold(self._events.popleft())
            if row is not None:
                self._count_in(row)
                touched[row.id] = row
        self.changed = set(touched)
        if touched:
            self._show(touched)
            self._trim()
        self.version += bool(touched or moved)
        return bool(touched or moved)

    def set_filter(self, chosen: Filter) -> None:
        """Show only the rows that `chosen` lets through."""
        self.filter = chosen
        self._rebuild()

    def set_paused(self, paused: bool) -> None:
        """Freeze the list as it stands, or let it go on; the totals never stop."""
        self.paused = paused
        if paused:
            self.view = [row if row.ended else copy.copy(row) for row in self.view]
            self.version += 1
        else:
            self._rebuild()

    def place(self, id: str) -> int | None:
        """Where in the view an exchange stands; None where it is not shown."""
        if id not in self._shown:
            return None
        return bisect_left(self.view, self._order[id], key=self._place)

    @property
    def waiting(self) -> int:
        """Rows that came while the list is paused."""
        return sum(1 for _ in self._unseen()) if self.paused else 0

    def _unseen(self) -> list[Record]:
        last = self._place(self.view[-1]) if self.view else -1
        start = bisect_left(self.rows, last + 1, key=self._place)
        return [row for row in self.rows[start:] if self.filter(row)]

    def _advance(self) -> bool:
        now = int(self._clock())
        gone, self._second = now - self._second, now
        if gone > 0:
            busy = any(any(series.values) for series in self.seconds.all())
            for series in self.seconds.all():
                series.advance(gone)
            self.seconds.in_flight.add(self.totals.in_flight)
            return busy
        return False

    def _count_in(self, row: Record) -> None:
        if row.id not in self._order:
            self._count += 1
            self._order[row.id] = self._count
            self.rows.append(row)
            self.totals.requests += 1
            self.seconds.requests.add(1)
        session = self._session(row)
        if row.ended:
            self._count_out(row, session)

    def _count_out(self, row: Record, session: Session) -> None:
        totals, seconds = self.totals, self.seconds
        failed, hit, saved = row.state == "failed", row.cache in HITS, saved_tokens(row)
        billed = billed_tokens(row)
        totals.failed += failed
        totals.done += not failed
        totals.hits += hit
        totals.billed += billed
        seconds.failed.add(failed)
        seconds.hits.add(hit)
        seconds.billed.add(billed)
        totals.spent += row.cost or 0.0
        if not failed:
            totals.saved += saved
            session.saved += saved
            seconds.saved.add(saved)
            self._count_money(row.money_saved)

    def _count_money(self, saved: float | None) -> None:
        if saved is None:
            self.totals.unpriced += 1
            return
        self.totals.priced += 1
        self.totals.money += saved
        self.seconds.money.add(saved)

    def _session(self, row: Record) -> Session:
        known = self.sessions.pop(row.session, None) or Session(row.session)
        self.sessions[row.session] = known
        known.client, known.tier = row.client or known.client, row.tier or known.tier
        known.requests += row.at > known.last
        known.last = max(row.at, known.last)
        if len(self.sessions) > SESSIONS_KEPT:
            del self.sessions[next(iter(self.sessions))]
        return known

    def _show(self, touched: dict[str, Record]) -> None:
        if self.paused:
            return
        for row in touched.values():
            wanted, shown = self.filter(row), row.id in self._shown
            if wanted and not shown:
                self._shown.add(row.id)
                self.view.insert(bisect_left(self.view, self._place(row), key=self._place), row)
            elif shown and not wanted:
                self._shown.discard(row.id)
                del self.view[bisect_left(self.view, self._place(row), key=self._place)]

    def _trim(self) -> None:
        gone = self.rows[: max(len(self.rows) - self._kept, 0)]
        if not gone:
            return
        del self.rows[: len(gone)]
        for row in gone:
            if row.id in self._shown and not self.paused:
                self._shown.discard(row.id)
                del self.view[0]
            if row.id not in self._shown:
                self._order.pop(row.id, None)

    def _rebuild(self) -> None:
        self.view = [row for row in self.rows if self.filter(row)]
        self._shown = {row.id for row in self.view}
        known = {row.id for row in self.rows}
        self._order = {id: place for id, place in self._order.items() if id in known}
        self.version += 1

    def _place(self, row: Record) -> int:
        return self._order.get(row.id, 0)
