"""The guard lets nothing through that it can't defend."""

from pathlib import Path
from time import process_time

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.cache.guard import Sense, compare
from tests.benchmarks.senses import senses_of

FIXTURE = Path(__file__).with_name("differ_or_not.jsonl")
ROWS = [orjson.loads(line) for line in FIXTURE.read_bytes().splitlines()]
NONE = np.zeros((0, 384), np.float16)


def sense(text: str) -> Sense:
    """A text without vectors: what words alone can't defend is refused."""
    return Sense(text, np.full(384, 384**-0.5, np.float32), (), NONE)


def same(asked: str, kept: str) -> bool:
    return compare(sense(asked), sense(kept)).same


@pytest.fixture(scope="module")
def senses() -> dict[str, Sense]:
    return senses_of(row[side] for row in ROWS for side in "ab")


def test_pairs_that_look_alike_and_ask_else_are_told_apart(senses: dict[str, Sense]):
    differ = [row for row in ROWS if not row["label"]]
    hit = [row for row in differ if compare(senses[row["a"]], senses[row["b"]]).same]
    assert len(differ) > 85 and not hit


def test_most_paraphrases_are_known(senses: dict[str, Sense]):
    alike = [row for row in ROWS if row["label"]]
    hit = [row for row in alike if compare(senses[row["a"]], senses[row["b"]]).same]
    assert len(hit) >= 0.8 * len(alike)


def test_either_may_be_the_kept_one(senses: dict[str, Sense]):
    for row in ROWS:
        a, b = senses[row["a"]], senses[row["b"]]
        assert compare(a, b).same == compare(b, a).same, row


def test_the_same_words_are_the_same_question():
    assert same("What is a\nmonad?", "What is a monad?")


@pytest.mark.parametrize(
    ("asked", "kept", "why"),
    [
        ("How do I enable it in Vim?", "How do I disable it in Vim?", "enable / disable differ"),
        ("What is 5 plus 3?", "What is 5 plus 4?", "numbers differ: 3 / 4"),
        ("Why is it safe?", "Why is it not safe?", "negated"),
        ("Who can vote?", "When can one vote?", "asks who / when"),
        ("Is Ana his aunt?", "Is Ana her aunt?", "persons differ"),
        ("Did it rain in Oslo?", "Does it rain in Oslo?", "tenses differ"),
        ("Do bats eat moths?", "Do moths eat bats?", "bats"),
        ("How do I peel a pear?", "How do I peel a plum?", "not explained: pear / plum"),
    ],
)
def test_it_says_what_differs(asked: str, kept: str, why: str):
    found = compare(sense(asked), sense(kept))
    assert not found.same and why in found.why


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_are_judged_alike_from_both_sides(one: str, other: str):
    found = compare(sense(one), sense(other))
    assert found.why and found.same == same(other, one)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_two_numbers_are_one(one: int, other: int):
    asked, kept = f"Is {one} a prime number?", f"Is {other} a prime number?"
    assert same(asked, kept) == (one == other)


def test_it_takes_two_milliseconds_at_most(senses: dict[str, Sense]):
    started = process_time()
    for row in ROWS:
        compare(senses[row["a"]], senses[row["b"]])
    assert (process_time() - started) / len(ROWS) < 0.002
