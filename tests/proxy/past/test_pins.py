"""Sessions of the past are pinned again, under another table, as they would have been."""

from itertools import count
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.clients.reading import read
from proxy.dialects.model import Usage
from proxy.dialects.table import DIALECTS
from proxy.exchange import Decision
from proxy.money.prices import Prices
from proxy.past.pins import PastPins
from proxy.past.rescore import Judge, Past, Talk, measures, told_of
from proxy.routing.asking import view_of
from proxy.routing.economy import Economy
from proxy.routing.route import decide, judge, pinned
from proxy.routing.table import Table, Target

TIERS = {tier: Target("up", tier.name.lower()) for tier in Tier}
RULE = ForcePattern("mine", "zebra", Tier.MEDIUM)
TABLE = Table(TIERS, patterns=(RULE,))
HARD = "Prove that the scheduler never deadlocks, for every interleaving of its workers"
PLAIN = "Compare REST and GraphQL for a mobile app and explain which trade-offs matter"
EASY = "What does the README say about installation, please, in a few words for a newcomer?"
WORDS = (
    HARD,
    PLAIN,
    EASY,
    "yes",
    "thanks!",
    "ok, do it",
    "A zebra crosses the road and the parser has to count all of its stripes, one by one",
    "Audit the login of this service for SQL injection and write a report on every finding",
)


class One:
    """Every provider is of one kind."""

    def kind_of(self, name: str) -> str:
        return "openai_compatible"


def economy(**prices: dict[str, float]) -> Economy:
    return Economy(Prices(prices), One())


def flat(price: float) -> dict[str, float]:
    return dict.fromkeys(("input", "output", "cache_read", "cache_write"), price)


# Neither asks how long a conversation is, which the ledger knows about: to go down never pays where
# no price is known, and always where a cache is no cheaper.
STAYS = economy()
FALLS = economy(simple=flat(1), medium=flat(10), complex=flat(100), reasoning=flat(1000))
ECONOMIES = {"stays": STAYS, "falls": FALLS}
cuts = st.lists(st.integers(1, 99), min_size=3, max_size=3, unique=True).map(sorted).map(tuple)
said = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)
rounds = st.lists(st.integers(0, 2), min_size=6, max_size=6)  # calls of a tool, in each round


def played(words: list[str], calls: list[int], table: Table, by: Economy):
    """Each exchange of a conversation: what is asked for, and where `table` sends it."""
    fresh = replace(table)
    sent: list[dict[str, Any]] = []
    ids = count()
    for text, times in zip(words, calls, strict=False):
        sent.append({"role": "user", "content": text})
        yield _decided(sent, fresh, by)
        for _ in range(times):
            use = {"type": "tool_use", "id": f"t{next(ids)}", "name": "Read", "input": {}}
            back = {"type": "tool_result", "tool_use_id": use["id"], "content": "x"}
            sent += [
                {"role": "assistant", "content": [use]},
                {"role": "user", "content": [back]},
            ]
            yield _decided(sent, fresh, by)
        sent.append({"role": "assistant", "content": "Done."})


def _decided(sent: list[dict[str, Any]], table: Table, by: Economy) -> tuple[Decision, Past]:
    asked = read(
        orjson.dumps({"model": "m", "max_tokens": 9, "messages": sent}), DIALECTS["anthropic"]
    )
    view = view_of(asked)
    verdict, pin = judge(view, table), pinned(view, table, by)
    decision = decide(asked, verdict, table, "s", "", pin=pin)
    past = Past(
        decision.tier,
        decision.reason,
        measures(verdict.features),
        decision.target,
        Usage(100, 20),
        talk=Talk("s", "main"),
        told=told_of(orjson.dumps(decision.steps).decode()),
    )
    return decision, past


def again(rows: list[Past], table: Table, by: Economy) -> list[Tier | None]:
    """The tiers of the rows under `table`, as far as they tell."""
    judged, pins = Judge(table), PastPins(table, by)
    return [pins.tier(row, judged.verdict(row, judged.total(row)), True) for row in rows]


@pytest.mark.parametrize("by", ECONOMIES)
@settings(deadline=None)
@example([HARD, PLAIN, "ok, do it", "ok, do it"], [0, 1, 0, 0, 0, 0], (1, 2, 5))
@given(said, rounds, cuts)
def test_what_is_told_is_what_the_pin_would_have_been(by, words, calls, boundaries):
    money, other = ECONOMIES[by], replace(TABLE, boundaries=boundaries)
    rows = [past for _, past in played(words, calls, TABLE, money)]
    would = [decision.tier for decision, _ in played(words, calls, other, money)]
    for row, told, true in zip(rows, again(rows, other, money), would, strict=True):
        assert told in (None, true), f"{row.reason}: {words}"


@pytest.mark.parametrize("by", ECONOMIES)
@settings(deadline=None)
@given(said, rounds)
def test_under_the_same_table_all_is_told_and_as_it_was(by, words, calls):
    rows = [past for _, past in played(words, calls, TABLE, ECONOMIES[by])]
    assert again(rows, TABLE, ECONOMIES[by]) == [row.tier for row in rows]


def test_a_tool_round_goes_along_with_the_round_that_began_it():
    rows = [past for _, past in played([PLAIN], [2], TABLE, STAYS)]
    assert [row.reason for row in rows] == ["score", "pinned", "pinned"]
    assert rows[0].tier == Tier.MEDIUM
    assert again(rows, replace(TABLE, boundaries=(90, 95, 99)), STAYS) == [Tier.SIMPLE] * 3


def test_a_later_round_stays_on_what_an_earlier_one_would_have_been_raised_to():
    rows = [past for _, past in played([PLAIN, EASY], [0, 1], TABLE, STAYS)]
    assert [row.tier for row in rows] == [Tier.MEDIUM] * 3
    assert again(rows, replace(TABLE, boundaries=(20, 21, 99)), STAYS) == [Tier.COMPLEX] * 3
    assert again(rows, replace(TABLE, boundaries=(90, 95, 99)), STAYS) == [Tier.SIMPLE] * 3


def test_whether_a_few_words_were_a_go_ahead_is_not_made_up():
    """On the same tier as before, nothing told whether it was one; below, it would matter."""
    rows = [past for _, past in played(["ok, do it"] * 2, [0, 0], TABLE, FALLS)]
    rows[0] = replace(rows[0], measures=rows[0].measures._replace(least=Tier.COMPLEX))
    assert again(rows, TABLE, FALLS) == [Tier.COMPLEX, None]


def test_conversations_that_share_a_session_are_kept_apart():
    one = [past for _, past in played([HARD, EASY], [0, 0], TABLE, STAYS)]
    other = [past for _, past in played([EASY], [1], TABLE, STAYS)]
    assert again([*one, *other], TABLE, STAYS)[2:] == [Tier.SIMPLE] * 2
    elsewhere = [replace(row, talk=Talk("s", "subagent")) for row in other]
    assert again([one[0], *elsewhere, one[1]], TABLE, STAYS) == [
        Tier.REASONING,
        *[Tier.SIMPLE] * 2,
        Tier.REASONING,
    ]
