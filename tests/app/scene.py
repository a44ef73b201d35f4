"""A dashboard's surroundings for tests: real bus, real routing, and exchanges told as events."""

import itertools
import time
from pathlib import Path
from typing import Any

from app.holds.past import LedgerPast
from app.services import DashboardServices
from classifier.score import Part, Score
from classifier.tiers import Tier
from proxy.bus import Listener
from proxy.dialects.model import Usage
from proxy.events import (
    BreakerChanged,
    CacheHit,
    Completed,
    Failed,
    FellBack,
    FirstToken,
    Received,
    Retried,
    Rewritten,
    Routed,
    Scored,
)
from proxy.exchange import CacheState, Decision, ResultRewrite, Rewrite, Tokens
from proxy.providers.breaker import PAUSE, Standing, State
from proxy.routing.table import Routing, Table, Target

MODELS = {
    Tier.SIMPLE: Target("local", "small-7b"),
    Tier.MEDIUM: Target("local", "middle-32b"),
    Tier.COMPLEX: Target("cloud", "large-5"),
    Tier.REASONING: Target("cloud", "deep-5"),
}
PARTS = tuple(
    Part(name, 50.0, 1 / 13, round(50 / 13, 2), f"evidence of {name}")
    for name in (
        "token_count prompt_complexity technical_depth domain_specificity tool_count"
        " tool_complexity tool_chain_potential multi_step_reasoning code_generation"
        " analysis_depth conversation_depth prior_tool_usage ambiguity"
    ).split()
)
_numbers = itertools.count(1)


def services(tmp_path: Path, **more: Any) -> DashboardServices:
    from proxy.bus import Bus

    return DashboardServices(
        bus=Bus(),
        routing=Routing(Table(MODELS)),
        save=lambda table: None,
        past=LedgerPast(tmp_path / "ledger.db"),
        base_url="http://127.0.0.1:8081",
        **{"theme": "lynkr-dark", **more},
    )


def begin(tell: Listener, session: str = "5e551011", tier: Tier = Tier.MEDIUM, **more: Any) -> str:
    """An exchange up to the moment it goes upstream; gives back its id."""
    id, at = f"{next(_numbers):032x}", more.get("at") or time.time()
    asked = more.get("asked", "asked-model")
    tell(
        Received(
            id=id,
            at=at,
            session=session,
            client=more.get("client", "claude-code"),
            dialect="anthropic",
            asked_model=asked,
            stream=True,
            turns=3,
            tools=2,
            request_class=more.get("request_class", "main"),
        )
    )
    scored = Score(more.get("score", 42.0), PARTS)
    tell(Scored(id=id, at=at, score=scored, features=more.get("features")))
    steps = ("score: 42 → MEDIUM",)
    decision = Decision(tier, more.get("reason", "score"), MODELS[tier], steps)
    tell(Routed(id=id, at=at, decision=decision))
    rewrite = more.get("rewrite") or Rewrite(
        ("Read", "Edit"),
        (("WebSearch", "nothing to look up"),),
        (ResultRewrite("Grep", "toon", 900, 400),),
        700,
    )
    tell(Rewritten(id=id, at=at, rewrite=rewrite, cache=CacheState("skip", "offers tools")))
    return id


def finish(tell: Listener, id: str, **more: Any) -> None:
    """The rest of an exchange that went well: 1,000 tokens became 300."""
    at = time.time()
    tell(FirstToken(id=id, at=at, latency=120.0))
    tell(
        Completed(
            id=id,
            at=at,
            status=200,
            latency=more.get("latency", 480.0),
            usage=Usage(input=200, output=50, cache_read=100),
            before=more.get("before", Tokens(100, 300, 600)),
            after=more.get("after", Tokens(100, 100, 100)),
            cost=more.get("cost", 0.02),
            cost_asked=more.get("cost_asked", 0.05),
            cost_as_came=more.get("cost_as_came"),
        )
    )


def done(tell: Listener, session: str = "5e551011", tier: Tier = Tier.MEDIUM, **more: Any) -> str:
    id = begin(tell, session, tier, **more)
    finish(tell, id, **more)
    return id


def failed(tell: Listener, session: str = "5e551011", error: str = "overloaded") -> str:
    id = begin(tell, session)
    tell(Failed(id=id, at=time.time(), status=529, latency=90.0, error=error))
    return id


def hit(tell: Listener, session: str = "5e551011") -> str:
    id, at = begin(tell, session), time.time()
    tell(CacheHit(id=id, at=at, cache=CacheState("exact", "asked a minute ago")))
    finish(tell, id, cost=0.0)
    return id


def retried(tell: Listener, id: str, why: str = "529 overloaded", wait: float = 0.5) -> None:
    """The call of an open exchange failed and is made again."""
    tell(Retried(id=id, at=time.time(), target=MODELS[Tier.MEDIUM], wait=wait, why=why))


def fell_back(tell: Listener, id: str, why: str = "529 overloaded") -> None:
    """An open exchange goes on at spare/other-9b."""
    source, target = MODELS[Tier.MEDIUM], Target("spare", "other-9b")
    tell(FellBack(id=id, at=time.time(), source=source, target=target, why=why))


def breaker(
    tell: Listener, provider: str, state: State, why: str = "503 no capacity", at: float = 0.0
) -> None:
    """A provider's breaker changes; an open one rests for its full pause."""
    wait = PAUSE if state == "open" else 0.0
    standing = Standing(provider, state, 5, wait, "" if state == "closed" else why)
    tell(BreakerChanged(id="", at=at or time.time(), standing=standing))
