"""Exchanges that a killed process could not write come back as they were told."""

from pathlib import Path

import pytest

from classifier.ask import Ask, Turn
from classifier.score import score
from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.events import Completed, Event, Failed, Received, Rewritten, Routed, Scored
from proxy.exchange import CacheState, Decision, ResultRewrite, Rewrite, Tokens
from proxy.ledger.pending import Pending, left_behind
from proxy.routing.table import Target
from tests.proxy.told import ended

GONE = 2**22 + 1  # beyond any process id of Linux


def exchange(session: str = "s", tokens: int = 7) -> list[Event]:
    decision = Decision(Tier.COMPLEX, "risk:security", Target("up", "a/b"), ("one", "two"))
    results = (ResultRewrite("Read", "toon", 9, 5),)
    rewrite = Rewrite(("Read",), (("Web", "no web asked for"),), results, 4)
    return [
        Received(
            id="1",
            at=1.5,
            session=session,
            client="codex",
            dialect="anthropic",
            asked_model="m",
            stream=True,
            turns=1,
            tools=2,
        ),
        Scored(id="1", at=1.6, score=score(Ask((Turn("user", "Refactor the parser"),)))),
        Routed(id="1", at=1.7, decision=decision),
        Rewritten(id="1", at=1.8, rewrite=rewrite, cache=CacheState("miss", "new")),
        Completed(
            id="1",
            at=1.9,
            status=200,
            latency=3.25,
            usage=Usage(tokens, None, 1),
            before=Tokens(1, 2, 3),
            after=Tokens(1, 1, 3),
            cost=None,
            cost_asked=0.25,
        ),
    ]


@pytest.mark.parametrize(("session", "tokens"), [("s", 7), ("\ud800", 7), ("s", 2**70)])
def test_what_was_noted_comes_back_after_a_kill(tmp_path: Path, session: str, tokens: int):
    ledger = tmp_path / "ledger.db"
    left = Failed(id="2", at=2.0, status=499, latency=1.0, error="the client left")
    noted = list(ended((*exchange(session, tokens), left)))
    pending = Pending(ledger, "a")
    for row in noted:
        pending.note(row)
    [file] = tmp_path.glob("*.pending")
    file.write_bytes(file.read_bytes() + b'{"id":"3","a')  # the kill came in mid-write
    file.rename(tmp_path / f"ledger-{GONE}.pending")
    [(_, records)] = left_behind(ledger).items()
    assert records == noted and [row.id for row in records] == ["1", "2"]
