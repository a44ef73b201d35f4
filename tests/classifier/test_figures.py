"""The figures that public labelled requests give; skipped where these are not at hand."""

import random
from collections import Counter, defaultdict
from functools import cache

import pytest

from classifier.decide import classify
from classifier.force import compile_patterns
from classifier.tiers import Tier
from tests.benchmarks.fit_classifier import Gain
from tests.benchmarks.rewordings import REWORDINGS
from tests.benchmarks.tier_rows import DATA, Row, all_rows, ask_of, read

pytestmark = pytest.mark.skipif(
    not (DATA / "tiers_dev.jsonl").exists(), reason="the public labelled requests are not at hand"
)
FORCES = compile_patterns([])


def tier(text: str) -> Tier:
    return classify(ask_of(text), forces=FORCES).tier


@cache
def groups() -> dict[str, list[tuple[Row, Tier]]]:
    found: dict[str, list[tuple[Row, Tier]]] = defaultdict(list)
    for row in all_rows():
        found[row.group].append((row, classify(row.ask, forces=FORCES).tier))
    return found


def acceptable(*names: str) -> float:
    rows = [pair for name in names for pair in groups()[name]]
    return sum(row.low <= tier <= row.high for row, tier in rows) / len(rows)


def test_tiers_are_acceptable_to_people():
    assert acceptable("litellm", "lynkr-scenarios") >= 0.95
    assert acceptable("vllm-sr") >= 0.85


def test_what_needs_reasoning_is_not_routed_far_below():
    rows = [*groups()["litellm"], *groups()["lynkr-scenarios"]]
    assert all(tier >= Tier.COMPLEX for row, tier in rows if row.low is Tier.REASONING)


def test_small_talk_is_simple_and_household_requests_are_cheap():
    assert acceptable("clinc-trivia") == 1
    assert acceptable("clinc-rest") >= 0.995


def test_harmless_requests_that_sound_of_security_seldom_reach_reasoning():
    tiers = Counter(tier for _, tier in groups()["cyberseceval-frr"])
    assert tiers[Tier.REASONING] <= 0.1 * tiers.total()


@pytest.mark.parametrize("name", REWORDINGS)
def test_the_same_request_in_other_words_keeps_its_tier(name):
    chance = random.Random(7)
    texts = [
        row.ask.turns[-1].text
        for group in ("litellm", "vllm-sr", "arena-hard-v0.1")
        for row, _ in groups()[group]
        if len(row.ask.turns) == 1
    ]
    same = sum(tier(text) == tier(REWORDINGS[name](text, chance)) for text in texts)
    assert same / len(texts) >= 0.92


def test_all_four_tiers_are_in_use():
    tiers = Counter(tier for rows in groups().values() for _, tier in rows)
    assert set(tiers) == set(Tier)


@pytest.mark.parametrize("name", ["gsm8k", "mmlu_sample"])
def test_a_higher_score_buys_more_right_answers_than_length_does(name):
    gain = Gain(read(f"routing_{name}"))
    totals = [classify(ask_of(row["prompt"])).score.total for row in gain.rows]
    assert gain.apgr(totals) > gain.by_length() + 0.01
