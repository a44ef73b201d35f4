"""Exchanges told as the bus tells them: events from receiving to the end."""

from collections.abc import Iterable, Iterator

from classifier.score import Part, Score
from classifier.tiers import Tier
from proxy.bus import Bus, Listener
from proxy.dialects.model import Usage
from proxy.events import (
    Completed,
    Event,
    Failed,
    FirstToken,
    Received,
    Rewritten,
    Routed,
    Scored,
)
from proxy.exchange import CacheState, Decision, ResultRewrite, Rewrite, Tokens
from proxy.ledger.ledger import Ledger
from proxy.record import Fold, Record
from proxy.routing.table import Target

NOON = 1_795_000_000.0  # a moment in November 2026

SCORE = Score(
    37.2, tuple(Part(f"dimension{n}", 30.0, 0.08, 2.4, "1,204 tokens") for n in range(13))
)
REWRITE = Rewrite(
    kept=("Read",),
    stripped=(("WebSearch", "small talk"),),
    results=(ResultRewrite("Bash", "toon", 100, 50), ResultRewrite("Grep", "toon", 40, 30)),
    saved=60,
)


def begun(
    id: str, at: float = NOON, session: str = "s1", tier: Tier = Tier.MEDIUM, client: str = "codex"
) -> list[Event]:
    decision = Decision(tier, "score", Target("local", f"model-{tier.name.lower()}"), ("Scored.",))
    return [
        Received(
            id=id,
            at=at,
            session=session,
            client=client,
            dialect="anthropic",
            asked_model="claude-opus-5-5",
            stream=True,
            turns=3,
            tools=2,
        ),
        Scored(id=id, at=at, score=SCORE),
        Routed(id=id, at=at, decision=decision),
        Rewritten(id=id, at=at, rewrite=REWRITE, cache=CacheState("miss", "has tools")),
        FirstToken(id=id, at=at, latency=12.5),
    ]


def completed(
    id: str,
    at: float = NOON,
    usage: Usage | None = None,
    cost: float | None = 0.001,
    cost_asked: float | None = 0.003,
    cost_as_came: float | None = 0.0015,
) -> Completed:
    return Completed(
        id=id,
        at=at,
        status=200,
        latency=100.0,
        usage=usage or Usage(input=100, output=20),
        before=Tokens(10, 20, 90),
        after=Tokens(10, 10, 40),
        cost=cost,
        cost_asked=cost_asked,
        cost_as_came=cost_as_came,
    )


def failed(id: str, at: float = NOON, error: str = "the provider hung up") -> Failed:
    return Failed(id=id, at=at, status=502, latency=5.0, error=error)


def whole(id: str, at: float = NOON) -> list[Event]:
    return [*begun(id, at), completed(id, at)]


def ended(events: Iterable[Event]) -> Iterator[Record]:
    """The rows of the exchanges that end within `events`."""
    fold = Fold()
    for event in events:
        row = fold(event)
        if row is not None and row.ended:
            yield row


def telling(ledger: Ledger) -> Listener:
    """What tells the ledger of events, as the bus does."""
    bus = Bus()
    bus.on_end(ledger.note)
    return bus.publish


def feed(ledger: Ledger, events: Iterable[Event]) -> None:
    """Tell the ledger of `events`."""
    tell = telling(ledger)
    for event in events:
        tell(event)
