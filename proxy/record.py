"""One exchange as a row: the fold of its events, shared by ledger, dashboard, printer and SSE."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from classifier.features import Features
from classifier.score import Part
from proxy.dialects.model import Usage
from proxy.events import (
    ApprovalAsked,
    ApprovalGiven,
    BudgetReached,
    CacheHit,
    CacheLost,
    Completed,
    Escalated,
    Event,
    Failed,
    FellBack,
    FirstToken,
    Received,
    Repaired,
    Retried,
    RewriteRefused,
    Rewritten,
    Routed,
    Scored,
    Served,
)
from proxy.exchange import CacheState, Candidate, Rewrite, Tokens
from proxy.routing.classes import REPLAY

MOST_OPEN = 10_000  # exchanges that a fold keeps in mind, about 30 MB


class Record(Struct):
    """What is known of one exchange so far; `state` is open, waiting, streaming, done
    or failed."""

    id: str
    at: float
    session: str = ""
    client: str = ""
    dialect: str = ""
    asked_model: str = ""
    stream: bool = False
    turns: int = 0
    request_class: str = ""
    score: float | None = None
    parts: tuple[Part, ...] = ()
    features: Features | None = None
    tier: str = ""
    reason: str = ""
    steps: tuple[str, ...] = ()
    retries: int = 0
    fell_back: bool = False
    provider: str = ""
    model: str = ""
    cache: str = ""
    cache_why: str = ""
    cache_candidates: tuple[Candidate, ...] = ()  # for the screen alone, not in the ledger
    moments: tuple[tuple[str, float], ...] = ()  # what happened, and milliseconds since it came in
    rewrite: Rewrite = field(default_factory=Rewrite)
    before: Tokens = field(default_factory=Tokens)
    after: Tokens = field(default_factory=Tokens)
    usage: Usage = field(default_factory=Usage)
    status: int = 0
    cost: float | None = None
    cost_asked: float | None = None
    cost_as_came: float | None = None
    first_byte: float | None = None  # milliseconds
    latency: float | None = None  # milliseconds
    error: str = ""
    state: str = "open"

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed")

    @property
    def replayed(self) -> bool:
        """Whether a person sent it, to look at: what it cost was spent, and it saves nothing."""
        return self.request_class == REPLAY

    @property
    def money_saved(self) -> float | None:
        """Dollars against the model that was asked for; None where a price is unknown."""
        if self.cost is None or self.cost_asked is None:
            return None
        return self.cost_asked - self.cost

    @property
    def money_by_rewriting(self) -> float | None:
        """Dollars that rewriting saved at the model that answered, estimated; None if unknown."""
        if self.cost is None or self.cost_as_came is None:
            return None
        return self.cost_as_came - self.cost


def _received(row: Record, event: Received) -> None:
    row.at, row.session, row.client, row.dialect = (
        event.at,
        event.session,
        event.client,
        event.dialect,
    )
    row.asked_model, row.stream, row.turns = event.asked_model, event.stream, event.turns
    row.request_class = event.request_class


def _scored(row: Record, event: Scored) -> None:
    row.score, row.parts = event.score.total, event.score.parts
    row.features = event.features


def _routed(row: Record, event: Routed) -> None:
    choice = event.decision
    row.tier, row.reason, row.steps = choice.tier.name, choice.reason, choice.steps
    row.provider, row.model = choice.target.provider, choice.target.model


def _cache(row: Record, cache: CacheState) -> None:
    row.cache, row.cache_why, row.cache_candidates = cache.state, cache.why, cache.candidates


def _cache_hit(row: Record, event: CacheHit) -> None:
    _cache(row, event.cache)


def _rewritten(row: Record, event: Rewritten) -> None:
    row.rewrite = event.rewrite
    _cache(row, event.cache)


def _first_token(row: Record, event: FirstToken) -> None:
    row.first_byte, row.state = event.latency, "streaming"


def _escalated(row: Record, event: Escalated) -> None:
    row.tier, row.reason = event.tier.name, "escalated"
    row.provider, row.model = event.target.provider, event.target.model
    if not any(event.reason in step for step in row.steps):  # a loop's stands there already
        step = f"{event.reason}: asked again of {event.tier.name}, {event.target}"
        row.steps = (*row.steps, step)


def _repaired(row: Record, event: Repaired) -> None:
    row.steps = (*row.steps, f"mended a call: {event.why}")


def _served(row: Record, event: Served) -> None:
    row.steps = (*row.steps, f"the model called {event.tool}: {event.asked}")


def _refused(row: Record, event: RewriteRefused) -> None:
    row.steps = (*row.steps, f"{event.target}: {event.why}; sent again as it came, and taken")


def _cache_lost(row: Record, event: CacheLost) -> None:
    names = ", ".join(event.techniques)
    lost = f"{event.target}: {event.tokens:,} tokens of its prompt cache were lost"
    row.steps = (*row.steps, f"{lost}; rewriting of {names} is off for this session")


def _budget(row: Record, event: BudgetReached) -> None:
    if event.why not in row.steps:
        row.steps = (*row.steps, event.why)


def _asked(row: Record, event: ApprovalAsked) -> None:
    row.state = "waiting"
    said = f"likely ${event.dollars:.2f}, more than ${event.above:g}: waits for a person"
    row.steps = (*row.steps, said)


def _let_go(row: Record, event: ApprovalGiven) -> None:
    row.state = "open"
    row.steps = (*row.steps, "let go")


def _retried(row: Record, event: Retried) -> None:
    row.retries += 1
    row.steps = (*row.steps, f"{event.target}: {event.why}; tried again after {event.wait:.1f} s")


def _fell_back(row: Record, event: FellBack) -> None:
    row.fell_back = True
    row.provider, row.model = event.target.provider, event.target.model
    row.steps = (*row.steps, f"{event.source}: {event.why}; fell back to {event.target}")


def _completed(row: Record, event: Completed) -> None:
    row.status, row.latency, row.usage = event.status, event.latency, event.usage
    row.before, row.after = event.before, event.after
    row.cost, row.cost_asked, row.cost_as_came = event.cost, event.cost_asked, event.cost_as_came
    row.state = "done"


def _failed(row: Record, event: Failed) -> None:
    row.status, row.latency, row.error = event.status, event.latency, event.error
    row.usage, row.state = event.usage, "failed"


_FOLDS: dict[type[Event], Callable[[Record, Any], None]] = {
    Received: _received,
    Scored: _scored,
    Routed: _routed,
    CacheHit: _cache_hit,
    Rewritten: _rewritten,
    FirstToken: _first_token,
    Escalated: _escalated,
    Repaired: _repaired,
    BudgetReached: _budget,
    ApprovalAsked: _asked,
    ApprovalGiven: _let_go,
    Served: _served,
    RewriteRefused: _refused,
    CacheLost: _cache_lost,
    Retried: _retried,
    FellBack: _fell_back,
    Completed: _completed,
    Failed: _failed,
}

# The events that an exchange's time is told by, in the words of the screen.
_MOMENTS: dict[type[Event], str] = {
    Scored: "scored",
    CacheHit: "cache hit",
    Rewritten: "sent",
    ApprovalAsked: "asked",
    ApprovalGiven: "let go",
    Retried: "tried again",
    FellBack: "fell back",
    Escalated: "escalated",
    FirstToken: "first byte",
    Completed: "end",
    Failed: "end",
}


def fold(row: Record, event: Event) -> None:
    """Write into `row` what `event` tells."""
    step = _FOLDS.get(type(event))
    if step:
        step(row, event)
    if name := _MOMENTS.get(type(event)):
        row.moments = (*row.moments, (name, _since(row, event)))


def _since(row: Record, event: Event) -> float:
    """Milliseconds from the request to the event: by its own clock where it has one."""
    if isinstance(event, FirstToken | Completed | Failed):
        return event.latency
    return max((event.at - row.at) * 1000, 0.0)


class Fold:
    """Open exchanges by id; gives back each row as an event changes it, and forgets ended ones.

    Of those that never end the oldest beyond 10,000 go too. `row` is the class of its rows.
    """

    def __init__(self, row: type[Record] = Record) -> None:
        self._row = row
        self._open: dict[str, Record] = {}

    def __len__(self) -> int:
        """Exchanges under way."""
        return len(self._open)

    def __call__(self, event: Event) -> Record | None:
        """The row that `event` belongs to, after the event; None for events of no exchange."""
        if not event.id:
            return None
        row = self._open.get(event.id)
        if row is None:
            row = self._open[event.id] = self._row(event.id, event.at)
        fold(row, event)
        if row.ended:
            del self._open[event.id]
        elif len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
        return row
