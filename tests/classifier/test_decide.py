"""A verdict tells its path, and boundaries and weights decide as they are given."""

import pytest

from classifier.decide import classify
from classifier.dimensions import DIMENSIONS
from classifier.tiers import Tier
from tests.classifier.asks import said

ASK = said("Write a Python function that sorts a list")


@pytest.mark.parametrize(
    ("boundaries", "tier"),
    [
        ((100, 100, 100), Tier.SIMPLE),
        ((0, 100, 100), Tier.MEDIUM),
        ((0, 0, 100), Tier.COMPLEX),
        ((0, 0, 0), Tier.REASONING),
    ],
)
def test_boundaries_cut_the_score_into_tiers(boundaries, tier):
    verdict = classify(ASK, boundaries)
    assert (verdict.tier, verdict.reason) == (tier, "score")


def test_the_path_starts_with_the_score():
    verdict = classify(ASK)
    assert verdict.steps == (f"score: {verdict.score.total:g} → {verdict.tier.name}",)


def test_weights_replace_the_shipped_ones():
    none = {row.name: float(row.name == "tool_count") for row in DIMENSIONS}
    assert classify(ASK, weights=none).score.total == 0


def test_without_forces_the_score_decides():
    assert classify(said("prove that 1 = 1")).reason == "score"


def test_a_risk_is_told_after_the_score():
    steps = classify(said("Review our login code for injection vulnerabilities")).steps
    assert len(steps) == 2 and steps[1].startswith("risk: security raises to COMPLEX, ")
