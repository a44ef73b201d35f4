"""The decision path: everybody who is asked, what each said, and a mark at who decided."""

from pathlib import Path

import pytest

from app.decision import SILENT, path_of
from app.widgets.details import page
from classifier.tiers import Tier
from proxy.record import Record
from tests.app.test_staying_up import words_of
from tests.proxy.past.test_replay import PRICES, READ, body, names_itself, post, row_of
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

HARD = "Design a lock-free queue and prove that it is linearizable, step by step."
BUDGET = "[[budgets]]\nper = 'day'\ntokens = 1\nthen = 'cheaper'\n"
LOGIN = "Review our login code for injection vulnerabilities"
TITLE = "Generate a short title of 5 words for it."
ROUND = [
    {"role": "user", "content": HARD},
    {"role": "assistant", "content": [messages.call("t1", "Read")]},
    {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "text"}],
    },
]
LATER = "what is two plus two in this little list of numbers here"
# Who decides: the request, its headers, and what is said of it.
CASES = {
    "override": (body("hello"), {"x_lynkr_tier": "COMPLEX"}, "asks for COMPLEX"),
    "pattern": (body("hello"), {}, "greeting decides SIMPLE"),
    "score": (body("What is a mutex?"), {}, "→ SIMPLE"),
    "risk": (body(LOGIN), {}, "security raises to COMPLEX"),
    "class": (body("fix the parser", system=TITLE), {}, "a title needs no more"),
    "pin": (body("", tools=[READ], messages=ROUND), {}, "until the tool round ends"),
    "economics": (body(HARD, "done " * 3000, LATER), {}, "stays on"),
}


@pytest.mark.parametrize("name", CASES)
async def test_who_decided_is_marked_and_all_others_are_named(tmp_path: Path, name: str) -> None:
    asked, headers, says = CASES[name]
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=PRICES)) as (server, heard),
    ):
        row = row_of(heard, await post(server, asked, x_lynkr_cache="off", **headers))
    path = path_of(row)
    [decider] = [stage for stage in path if stage.decided]
    assert decider.name == name and says in decider.said
    assert {stage.name for stage in path} >= {one for one, silent in SILENT.items() if silent}
    shown = words_of(page(row, 120))
    assert f"▸ {name}" in shown and shown.count("▸") == 1


async def test_a_budget_that_decides_says_so(tmp_path: Path) -> None:
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=BUDGET)) as (server, heard),
    ):
        for _ in range(2):
            id = await post(server, body(LOGIN), x_lynkr_cache="off")
        row = row_of(heard, id)
    [decider] = [stage for stage in path_of(row) if stage.decided]
    assert decider.name == "budget" and "until the budget allows more" in decider.said


def test_an_escalation_is_told_after_all_who_were_asked() -> None:
    steps = ("score: 12 → SIMPLE", "up/small says nothing: asked again of MEDIUM, up/middle")
    row = Record("id", 0.0, tier=Tier.MEDIUM.name, reason="escalated", steps=steps)
    *_, last = path_of(row)
    assert last.decided and not last.name and "asked again of MEDIUM" in last.said


def test_before_a_decision_there_is_no_path() -> None:
    assert path_of(Record("id", 0.0)) == []
    assert "not decided yet" in words_of(page(Record("id", 0.0), 80))
