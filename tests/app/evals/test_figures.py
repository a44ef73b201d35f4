"""APGR, CPT and concordance, against numbers made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evals.figures import apgr, concordance, cpt


def test_four_prompts_of_which_the_strong_model_wins_two():
    scores, gains = [4, 3, 2, 1], [1, 0, 1, 0]
    # Recovered after 0..4 strong calls: 0, 1/2, 1/2, 1, 1; the area by trapezoids.
    assert apgr(scores, gains) == pytest.approx((0.25 + 0.5 + 0.75 + 1) / 4)
    assert cpt(scores, gains, 0.5) == pytest.approx(0.25)
    assert cpt(scores, gains, 0.8) == pytest.approx(0.5 + 0.25 * 0.6)


def test_prompts_of_one_score_are_worth_what_chance_is():
    assert apgr([1, 1, 1, 1], [1, 0, 0, 1]) == 0.5
    assert cpt([1, 1, 1, 1], [1, 0, 0, 1], 0.8) == pytest.approx(0.8)


def test_a_strong_model_that_is_no_better_recovers_nothing():
    assert apgr([1, 2], [1, -1]) is None and cpt([1, 2], [0, 0], 0.5) is None


def test_concordance_is_the_share_of_pairs_in_order():
    assert concordance([1, 2, 3], [0, 1, 1]) == 1
    assert concordance([3, 2, 1], [0, 1, 1]) == 0
    assert concordance([1, 1, 1], [0, 1, 2]) == 0.5
    assert concordance([1, 3, 2], [0, 1, 2]) == pytest.approx(2 / 3)
    assert concordance([1, 2], [1, 1]) is None


won = st.lists(st.integers(0, 1), min_size=1, max_size=30).filter(any)


@given(won, st.randoms(use_true_random=False))
def test_no_order_beats_the_best_and_none_is_below_the_worst(gains, chance):
    scores = [chance.random() for _ in gains]
    best, worst = apgr(gains, gains), apgr([-gain for gain in gains], gains)
    found = apgr(scores, gains)
    assert best is not None and worst is not None and found is not None
    assert worst - 1e-9 <= found <= best + 1e-9
