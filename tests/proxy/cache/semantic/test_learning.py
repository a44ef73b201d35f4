"""What is learned of an entry keeps wrong answers below what is promised."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.cache.semantic.learning import GUARD_WRONG, LEAST_CHECKS, TRICKY, checks, wrong

MAX_WRONG = 0.01
outcomes = st.lists(st.tuples(st.floats(0.6, 1.0), st.booleans()), max_size=50)
similarities = st.floats(0.6, 1.0)


@given(outcomes, similarities)
def test_it_is_a_chance_and_never_below_what_the_guard_gets_wrong(seen, similarity):
    assert GUARD_WRONG - 1e-9 <= wrong(seen, similarity) <= 1


@given(outcomes, similarities, similarities)
def test_nearer_is_never_riskier(seen, one, other):
    assert wrong(seen, max(one, other)) <= wrong(seen, min(one, other)) + 1e-9


@given(outcomes, similarities, similarities)
def test_a_right_answer_lowers_the_risk_and_a_wrong_one_raises_it(seen, at, similarity):
    before = wrong(seen, similarity)
    assert wrong([*seen, (at, True)], similarity) <= before + 1e-9
    assert wrong([*seen, (at, False)], similarity) >= before - 1e-9


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 50))
def test_what_is_too_risky_is_always_sent_upstream_and_the_rest_now_and_then(risk, most, seen):
    share = checks(risk, most, seen)
    assert share == 1 if risk >= most else LEAST_CHECKS <= share <= 0.2


def test_a_new_entry_answers_where_the_question_is_near_and_proves_itself_where_it_is_not():
    assert wrong([], 0.9) < MAX_WRONG < wrong([], 0.7)
    proved = [(0.7, True)] * 5
    assert wrong(proved, 0.7) < MAX_WRONG


def test_one_wrong_answer_makes_an_entry_prove_itself_again():
    seen = [(0.9, True)] * 3 + [(0.9, False)]
    assert wrong(seen, 0.9) > MAX_WRONG < wrong(seen, 0.88)
    assert wrong(seen + [(0.9, True)] * 10, 0.9) < wrong(seen, 0.9)


def stream(entries: int, asked: int, tricky: float, max_wrong: float, seed: int):
    """How many hits, and how many of them wrong, where entries are as they are thought to be: a
    tricky one is wrong below a similarity of its own, any other as often as the guard is."""
    chance = random.Random(seed)
    kept = [
        (chance.uniform(0.6, 1.0) if chance.random() < tricky else 0.0, list[tuple[float, bool]]())
        for _ in range(entries)
    ]
    hits = bad = 0
    for _ in range(asked):
        turns, seen = chance.choice(kept)
        similarity = min(1.0, max(0.62, chance.gauss(0.88, 0.07)))
        right = similarity >= turns and chance.random() >= GUARD_WRONG
        risk = wrong(seen, similarity)
        if chance.random() < checks(risk, max_wrong, len(seen)):
            seen.append((similarity, right))
            continue
        hits, bad = hits + 1, bad + (not right)
    return hits, bad


@pytest.mark.parametrize(("entries", "asked"), [(4_000, 4_000), (200, 4_000)])
def test_wrong_hits_stay_below_what_is_promised(entries: int, asked: int):
    hits, bad = stream(entries, asked, TRICKY, MAX_WRONG, seed=1)
    assert hits > 0.75 * asked and bad <= MAX_WRONG * hits


def test_entries_far_trickier_than_thought_are_learned():
    hits, bad = stream(100, 8_000, 0.3, MAX_WRONG, seed=2)
    assert hits > 0.6 * 8_000 and bad <= 2 * MAX_WRONG * hits


def test_who_wants_no_wrong_answer_gets_none_from_the_cache():
    assert stream(100, 500, TRICKY, 0.0, seed=3) == (0, 0)
