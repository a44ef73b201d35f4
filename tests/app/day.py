"""The same day each time, for pictures: a clock that stands still, and what happened before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

from classifier.features import extract
from classifier.tiers import Tier
from proxy.bus import Listener
from proxy.events import CacheHit, CacheLost, Escalated
from proxy.exchange import CacheState, ResultRewrite, Rewrite, Tokens
from proxy.ledger.ledger import Ledger
from tests.app.scene import MODELS, begin, breaker, done, failed, fell_back, finish, retried
from tests.classifier.asks import CODING_TOOLS, said
from tests.proxy.told import telling

NOW = datetime(2026, 11, 20, 9, 41, tzinfo=ZoneInfo("UTC"))
AT = NOW.timestamp()
_SIMPLE, _MEDIUM, _COMPLEX, _REASONING = Tier

# Session, client, class, score, tier, why, kilotokens before and after, cost, seconds ago.
_DAY = (
    ("7c41aa", "claude-code", "main", 38, _MEDIUM, "score", 21, 12, 0.011, 340),
    ("7c41aa", "claude-code", "title", 6, _SIMPLE, "score", 1, 1, 0.0001, 335),
    ("7c41aa", "claude-code", "subagent", 57, _COMPLEX, "agentic", 34, 14, 0.062, 290),
    ("e20f55", "codex", "main", 82, _REASONING, "score", 12, 9, 0.21, 260),
    ("e20f55", "codex", "main", 71, _REASONING, "pinned", 19, 11, 0.17, 210),
    ("7c41aa", "claude-code", "main", 44, _COMPLEX, "risk:security", 48, 17, 0.094, 180),
    ("b3390d", "aider", "main", 12, _SIMPLE, "force:greeting", 2, 2, 0.0002, 150),
    ("b3390d", "aider", "main", 49, _MEDIUM, "score", 9, 7, 0.008, 120),
    ("7c41aa", "claude-code", "compaction", 64, _MEDIUM, "score", 96, 41, 0.044, 90),
    ("7c41aa", "claude-code", "main", 53, _COMPLEX, "override", 51, 18, 0.097, 55),
    ("e20f55", "codex", "main", 33, _MEDIUM, "header", 22, 13, 0.013, 30),
)


@contextmanager
def standing_still() -> Iterator[None]:
    """The clock on the wall says NOW, in UTC; timers go on."""
    with time_machine.travel(NOW, tick=False):
        yield


def told(tell: Listener) -> None:
    """A morning with everything that a row can show; the last exchanges are under way."""
    for session, client, kind, score, tier, why, before, after, cost, ago in _DAY:
        done(
            tell,
            session,
            tier,
            client=client,
            request_class=kind,
            score=float(score),
            reason=why,
            at=AT - ago,
            before=Tokens(900, before * 400, before * 600 - 900),
            after=Tokens(900, before * 100, max(after * 1000 - before * 100 - 900, 90)),
            cost=cost,
            cost_asked=cost * 3,
            cost_as_came=cost * 1.4,
            latency=900.0 + 40 * score,
        )
    _troubles(tell)
    finish(tell, begin(tell, "b3390d", client="aider", at=AT - 20), cost=None, cost_asked=None)
    _hit(tell)
    begin(tell, "e20f55", Tier.REASONING, client="codex", score=79.0, at=AT - 4)


def _troubles(tell: Listener) -> None:
    """An exchange made again, one that fell back, one that failed."""
    again = begin(tell, "7c41aa", score=29.0, at=AT - 28)
    retried(tell, again)
    finish(tell, again)
    back = begin(tell, "7c41aa", score=45.0, at=AT - 26)
    retried(tell, back)
    fell_back(tell, back)
    finish(tell, back)
    failed(tell, "7c41aa")


def _hit(tell: Listener) -> None:
    id = begin(tell, "b3390d", client="aider", score=18.0, at=AT - 12)
    tell(CacheHit(id=id, at=AT, cache=CacheState("semantic", "asked in other words before")))
    finish(tell, id, cost=0.0, latency=31.0)


def a_hard_one(tell: Listener) -> None:
    """One exchange whose rewrite has something to tell, and that was asked again a tier up."""
    results = (
        ResultRewrite("Grep", "listing", 5200, 1400, 3),
        ResultRewrite("Bash", "log", 3100, 900, 5),
        ResultRewrite("Fetch", "toon", 2400, 1300, 7),
    )
    stripped = (("WebSearch", "nothing to look up"), ("NotebookEdit", "no notebook is open"))
    rewrite = Rewrite(("Read", "Edit", "Bash", "Grep"), stripped, results, 9100)
    id = begin(tell, "7c41aa", Tier.MEDIUM, score=48.0, at=AT - 9, rewrite=rewrite)
    target = MODELS[Tier.COMPLEX]
    tell(Escalated(id=id, at=AT - 5, tier=Tier.COMPLEX, target=target, reason="a broken call"))
    finish(tell, id, before=Tokens(2200, 9800, 31000), after=Tokens(2200, 4100, 24800))


def an_outage(tell: Listener) -> None:
    breaker(tell, "cloud", "open", at=AT - 12)


def alarms(tell: Listener) -> None:
    """What is worth a toast, all at once."""
    a_hard_one(tell)
    an_outage(tell)
    id = begin(tell, "e20f55", at=AT - 2)
    tell(CacheLost(id=id, at=AT, target=MODELS[Tier.COMPLEX], tokens=41000, techniques=("toon",)))


_FEATURES = extract(said("Fix the rounding in settle() and run its tests.", tools=CODING_TOOLS))


def kept(folder: Path) -> None:
    """A ledger.db of the ledger's own making, with three weeks in it."""
    ledger = Ledger(folder / "ledger.db")
    tell = telling(ledger)
    for days in range(21):
        for number, (session, client, kind, score, tier, why, _, _, cost, ago) in enumerate(_DAY):
            if number <= days * 7 % 11:
                at = AT - days * 86_400 - ago
                facts = {"request_class": kind, "score": float(score), "reason": why, "at": at}
                facts |= {"features": _FEATURES}
                dear = {"cost": cost, "cost_asked": cost * 3, "cost_as_came": cost * 1.4}
                done(tell, session, tier, client=client, **facts, **dear)
    assert ledger.flush(20)
    ledger.close(5)
