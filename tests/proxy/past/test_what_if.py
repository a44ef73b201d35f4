"""What a change of the routes would have made of past traffic: who moves, and for what money."""

import pytest
from msgspec.structs import replace

from classifier.dimensions import DIMENSIONS
from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.money.prices import Prices
from proxy.past.rescore import Measures, Past
from proxy.past.what_if import PARTS, outcome
from proxy.routing.economy import Economy
from proxy.routing.table import Table, Target


class Demo:
    """Every provider is of one kind."""

    def kind_of(self, name: str) -> str:
        return "demo"


TIERS = {tier: Target("up", tier.name.lower()) for tier in Tier}
TABLE = Table(TIERS, patterns=(ForcePattern("mine", "x", Tier.COMPLEX),))
PRICES = Prices(
    {
        "simple": {"input": 1, "output": 1},
        "medium": {"input": 10, "output": 10},
        "complex": {"input": 100, "output": 100},
    }
)
ECONOMY = Economy(PRICES, Demo())
MILLION = Usage(500_000, 500_000)


def price(target: Target, usage: Usage) -> float | None:
    return PRICES.cost("demo", target.model, usage, target.provider)


def past(score: float, reason: str = "score", tier: Tier = Tier.SIMPLE, **more) -> Past:
    """An exchange each of whose dimensions came to `score`, and so did their sum."""
    seen = Measures((float(score),) * len(DIMENSIONS))
    return Past(tier, reason, seen, TIERS[tier], **{"usage": MILLION, "at": 5.0, **more})


def test_no_change_moves_nobody_and_costs_what_was_booked():
    rows = [past(30, tier=Tier.MEDIUM, cost=9.5, asked=100.0), past(10, cost=1.0, asked=100.0)]
    found = outcome(rows, TABLE, TABLE, price, ECONOMY)
    assert found is not None
    assert (found.rows, found.moved, found.fixed) == (2, 0, 0)
    assert (found.cost.before, found.cost.after, found.cost.known) == (10.5, 10.5, 2)
    assert found.saved.before == 189.5
    assert (found.spread[30 * PARTS // 100], sum(found.spread)) == (1, 2)


def test_who_moves_is_billed_for_the_same_tokens_at_the_new_model():
    rows = [past(30, tier=Tier.MEDIUM, cost=9.5, asked=100.0), past(10, cost=1.0, asked=100.0)]
    found = outcome(rows, TABLE, replace(TABLE, boundaries=(40, 51, 76)), price, ECONOMY)
    assert found is not None
    [move] = found.moves
    assert (move.source, move.to, move.requests) == (Tier.MEDIUM, Tier.SIMPLE, 1)
    assert (move.cost.before, move.cost.after) == (9.5, 1.0)
    assert (found.cost.before, found.cost.after) == (10.5, 2.0)
    assert (found.saved.before, found.saved.after) == (189.5, 198.0)
    assert found.guessed == 0


def test_another_model_for_a_tier_shows_what_its_requests_would_cost_there():
    rows = [past(10, cost=1.0)] * 3
    after = TABLE.with_tier(Tier.SIMPLE, TIERS[Tier.MEDIUM])
    found = outcome(rows, TABLE, after, price, ECONOMY)
    assert found is not None
    [move] = found.moves
    assert (move.source, move.to, move.requests) == (Tier.SIMPLE, Tier.SIMPLE, 3)
    assert (move.cost.before, move.cost.after) == (3.0, 30.0)


def test_no_price_is_invented():
    rows = [past(80, tier=Tier.REASONING, cost=50.0), past(10, cost=None)]
    found = outcome(rows, TABLE, replace(TABLE, boundaries=(20, 51, 90)), price, ECONOMY)
    assert found is not None
    assert (found.cost.known, found.moved) == (1, 1), "what costs nobody knows is left out"
    after = replace(TABLE, boundaries=(1, 2, 3))
    found = outcome([past(10, cost=1.0)], TABLE, after, price, ECONOMY)
    assert found is not None
    assert (found.moved, found.cost.known) == (1, 0), "REASONING has no price"


@pytest.mark.parametrize("reason", ["override", "header", "escalated", "force:thanks"])
def test_what_a_person_an_escalation_or_a_built_in_pattern_decided_stays_and_is_told_of(reason):
    found = outcome([past(90, reason)], TABLE, replace(TABLE, boundaries=(1, 2, 3)), price, ECONOMY)
    assert found is not None
    assert (found.moved, found.fixed) == (0, 1)


def test_a_pin_whose_beginning_is_not_in_the_ledger_stays_and_is_told_of():
    found = outcome(
        [past(90, "pinned")], TABLE, replace(TABLE, boundaries=(1, 2, 3)), price, ECONOMY
    )
    assert found is not None
    assert (found.moved, found.fixed, found.pinned) == (0, 0, 1)


def test_a_pattern_switched_off_lets_its_requests_go_where_their_score_leads():
    rows = [past(30, "force:mine", Tier.COMPLEX)]
    off = replace(TABLE, patterns=(replace(TABLE.patterns[0], enabled=False),))
    found = outcome(rows, TABLE, off, price, ECONOMY)
    assert found is not None
    [move] = found.moves
    assert (move.source, move.to) == (Tier.COMPLEX, Tier.MEDIUM)


def test_other_weights_give_other_scores():
    values = tuple(100.0 if row.name == "token_count" else 0.0 for row in DIMENSIONS)
    row = replace(past(10), measures=Measures(values))
    others = {one.name: 0.5 / 12 for one in DIMENSIONS} | {"token_count": 0.5}
    found = outcome([row], TABLE, replace(TABLE, weights=others), price, ECONOMY)
    assert found is not None
    assert [(move.source, move.to) for move in found.moves] == [(Tier.SIMPLE, Tier.MEDIUM)]
    assert found.spread[50 * PARTS // 100] == 1


def test_what_may_not_go_lower_stays_whatever_the_score():
    row = replace(past(10, "agentic", Tier.COMPLEX), measures=Measures((10.0,) * 13, Tier.COMPLEX))
    found = outcome([row], TABLE, replace(TABLE, boundaries=(60, 70, 80)), price, ECONOMY)
    assert found is not None
    assert found.moved == 0


def test_an_answer_that_nobody_waits_for_is_dropped():
    assert outcome([past(1)] * 1_000, TABLE, TABLE, price, ECONOMY, lambda: False) is None
