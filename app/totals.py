"""What all exchanges since the start add up to: sums, a value a second, and a line per session."""

from collections import deque

from msgspec import Struct, field

from app.figures import HITS, billed_tokens, saved_tokens
from proxy.record import Record

SECONDS_KEPT = 120
SESSIONS_KEPT = 500


class Series:
    """One number for each of the last seconds, oldest first."""

    def __init__(self, seconds: int = SECONDS_KEPT) -> None:
        self.values: deque[float] = deque([0.0] * seconds, maxlen=seconds)
        self._passed = 0

    def add(self, value: float, ago: int = 0) -> None:
        """Add to the second that was so many ago, if it is kept."""
        if ago < len(self.values):
            self.values[-1 - ago] += value

    def advance(self, seconds: int) -> None:
        self._passed += seconds
        self.values.extend([0.0] * min(seconds, len(self.values)))

    def buckets(self, count: int, each: int) -> list[float]:
        """The newest `count` sums over `each` seconds; their edges stay put as time passes."""
        values = list(self.values)
        newest = self._passed % each + 1  # seconds in the bucket still being filled
        ends = [len(values) - newest - each * back for back in range(-1, count - 1)]
        return [sum(values[max(end - each, 0) : max(end, 0)]) for end in reversed(ends)]

    def rate(self, seconds: int = 10) -> float:
        """The mean a second over the last `seconds`."""
        return sum(list(self.values)[-seconds:]) / seconds


class Session(Struct):
    """One conversation at a glance."""

    id: str
    client: str = ""
    requests: int = 0
    tier: str = ""
    last: float = 0.0  # unix seconds
    saved: int = 0  # input tokens, estimated
    billed: int = 0  # tokens, measured
    spent: float = 0.0  # dollars, over the exchanges with known prices
    unpriced: int = 0  # ended exchanges without one
    ended: int = 0
    failed: int = 0


def _series() -> dict[str, Series]:
    names = ("requests", "in_flight", "saved", "billed", "output", "money", "rewriting")
    return {name: Series() for name in (*names, "hits", "failed")}


class Totals(Struct):
    """Sums since the dashboard opened. Estimated and measured figures are never added up."""

    requests: int = 0
    done: int = 0
    failed: int = 0
    hits: int = 0
    saved: int = 0  # input tokens, estimated
    billed: int = 0  # tokens, measured
    spent: float = 0.0  # dollars, over the exchanges with known prices
    money: float = 0.0  # dollars saved, over the exchanges with both prices known
    rewriting: float = 0.0  # dollars saved by rewriting alone, estimated
    rewriting_known: int = 0  # ended exchanges that have such an estimate
    priced: int = 0
    unpriced: int = 0
    seconds: dict[str, Series] = field(default_factory=_series)
    sessions: dict[str, Session] = field(default_factory=dict)  # least recently active first

    @property
    def in_flight(self) -> int:
        return self.requests - self.done - self.failed

    @property
    def money_saved(self) -> float | None:
        """Dollars; None while no exchange had both its prices known."""
        return self.money if self.priced else None

    @property
    def rewriting_saved(self) -> float | None:
        """Dollars, estimated; None while it is known of no exchange."""
        return self.rewriting if self.rewriting_known else None

    def advance(self, seconds: int) -> bool:
        """Let time pass; True where a sparkline moves by it."""
        moving = any(any(series.values) for series in self.seconds.values())
        for series in self.seconds.values():
            series.advance(seconds)
        self.seconds["in_flight"].add(self.in_flight)
        return moving

    def seen(self, row: Record, first: bool, ago: int = 0) -> None:
        """Count an exchange that an event touched so many seconds ago; `first` the first time."""
        session = self._session(row)
        if first:
            self.requests += 1
            session.requests += 1
            self.seconds["requests"].add(1, ago)
        if row.ended:
            self._ended(row, session, ago)

    def _ended(self, row: Record, session: Session, ago: int) -> None:
        failed = row.state == "failed"
        self.done += not failed
        self.spent += row.cost or 0.0
        self._add("failed", int(failed), ago)
        self._add("hits", int(row.cache in HITS), ago)
        self._add("billed", billed_tokens(row), ago)
        self.seconds["output"].add(row.usage.output or 0, ago)
        _end(session, row)
        if not failed:
            self._add("saved", saved_tokens(row), ago)
            self._price(row.money_saved, ago)
            self._rewriting(row.money_by_rewriting, ago)

    def _add(self, name: str, value: int, ago: int) -> None:
        setattr(self, name, getattr(self, name) + value)
        self.seconds[name].add(value, ago)

    def _price(self, saved: float | None, ago: int) -> None:
        if saved is None:
            self.unpriced += 1
            return
        self.priced += 1
        self.money += saved
        self.seconds["money"].add(saved, ago)

    def _rewriting(self, saved: float | None, ago: int) -> None:
        if saved is not None:
            self.rewriting_known += 1
            self.rewriting += saved
            self.seconds["rewriting"].add(saved, ago)

    def _session(self, row: Record) -> Session:
        session = self.sessions.pop(row.session, None) or Session(row.session)
        self.sessions[row.session] = session
        session.client = row.client or session.client
        if not row.replayed:  # a person sent it to a tier that is not the session's
            session.tier = row.tier or session.tier
        session.last = max(row.at, session.last)
        if len(self.sessions) > SESSIONS_KEPT:
            del self.sessions[next(iter(self.sessions))]
        return session


def _end(session: Session, row: Record) -> None:
    failed = row.state == "failed"
    session.ended += 1
    session.failed += failed
    session.saved += 0 if failed else saved_tokens(row)
    session.billed += billed_tokens(row)
    session.spent += row.cost or 0.0
    session.unpriced += row.cost is None and not failed
