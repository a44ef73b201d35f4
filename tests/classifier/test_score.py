"""A score is the sum of the parts it shows, for every request there can be."""

import sys
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.ask import Ask, ToolOffer, Turn
from classifier.decide import classify
from classifier.dimensions import DIMENSIONS
from classifier.features import extract
from classifier.force import compile_patterns
from classifier.score import score, score_of
from tests.classifier.asks import CODING_TOOLS, said

FORCES = compile_patterns([])
counts = st.integers(0, 10**6)
turns = st.builds(
    Turn,
    role=st.sampled_from(["user", "assistant", "system", "developer"]),
    text=st.text(max_size=200),
    calls=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    results=counts,
    failures=counts,
)
offers = st.builds(
    ToolOffer, name=st.text(max_size=20), properties=counts, required=counts, depth=counts
)
asks = st.builds(
    Ask,
    turns=st.lists(turns, max_size=4).map(tuple),
    tools=st.lists(offers, max_size=3).map(tuple),
    tokens=counts,
)
weightings = (
    st.lists(st.integers(0, 1000), min_size=13, max_size=13)
    .filter(any)
    .map(
        lambda shares: {
            row.name: share / sum(shares) for row, share in zip(DIMENSIONS, shares, strict=True)
        }
    )
)


@given(asks, st.none() | weightings)
@settings(deadline=None)
def test_any_request_scores_0_to_100_as_the_sum_of_its_parts(ask, weights):
    scored = score(ask, weights)
    assert 0 <= scored.total <= 100
    assert scored.total == round(sum(part.points for part in scored.parts), 2)
    assert all(0 <= part.value <= 100 and part.evidence for part in scored.parts)
    assert all(abs(part.points - part.value * part.weight) <= 0.011 for part in scored.parts)


@given(asks)
@settings(deadline=None)
def test_the_same_request_always_gets_the_same_verdict(ask):
    assert classify(ask, forces=FORCES) == classify(ask, forces=FORCES)


def test_features_kept_from_before_score_again_under_other_weights():
    ask = said("Refactor the parser", tools=CODING_TOOLS)
    only_tools = {row.name: float(row.name == "tool_count") for row in DIMENSIONS}
    assert score_of(extract(ask), only_tools) == score(ask, only_tools)
    assert score(ask, only_tools).total == score(ask).parts[4].value


def milliseconds(ask: Ask, times: int) -> float:
    """The best of `times` runs: what the work costs, not what else the machine does, nor what it
    costs to trace each line for the coverage."""
    best, tracer = float("inf"), sys.gettrace()
    sys.settrace(None)
    try:
        for _ in range(times):
            began = time.thread_time()
            classify(ask, forces=FORCES)
            best = min(best, time.thread_time() - began)
    finally:
        sys.settrace(tracer)
    return best * 1000


def test_a_short_prompt_costs_little():
    assert milliseconds(said("Implement a token bucket rate limiter in Python with Redis"), 200) < 1


def test_a_50_kb_coding_request_costs_little():
    paragraph = "Fix the failing tests in src/auth/session.ts and then refactor the middleware. "
    past = [
        turn
        for _ in range(15)
        for turn in (
            Turn("user", paragraph * 10, results=2),
            Turn("assistant", paragraph * 20, calls=("Read", "Edit")),
        )
    ]
    assert milliseconds(said(paragraph * 60, *past, tools=CODING_TOOLS * 3), 100) < 4


def test_ten_megabytes_cost_little_whatever_is_in_them():
    size = 10_000_000
    for piece in (
        "word ",
        "<env ",
        "<env>",
        "1.",
        "a/",
        "\n",
        "```\n",
        '"a',
        "漢",
        "a-",
        "thanks ",
    ):
        assert milliseconds(said(piece * (size // len(piece))), 5) < 60, piece
