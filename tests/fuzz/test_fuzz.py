"""Golden dialogues with damage done to them: nothing that anyone sends breaks a promise."""

from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import seeds
from tests.fuzz.mutate import spoilt
from tests.fuzz.targets import TARGETS, run

EXAMPLES = 250  # of each target; `make fuzz` goes on for as long as it may


@cache
def packed(target: str) -> tuple[bytes, ...]:
    return tuple(seeds.packed(target))


@pytest.mark.parametrize("target", TARGETS)
def test_every_golden_dialogue_holds(target: str):
    assert len(packed(target)) > 20
    for data in packed(target):
        run(target, data)


@pytest.mark.parametrize(
    "path", sorted(seeds.FOUND.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_what_broke_it_once_does_not_again(path: Path):
    run(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_damage_breaks_nothing(target: str):
    """Values replaced, lost, doubled, wrapped and moved in JSON; bytes cut, lost and slipped in."""

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.sampled_from(packed(target)), st.integers(0, 2**32))
    def holds(data: bytes, seed: int) -> None:
        run(target, spoilt(target, data, Random(seed)))

    holds()


@pytest.mark.parametrize("target", TARGETS)
@given(st.binary(max_size=200))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_bytes_break_nothing(target: str, data: bytes):
    run(target, data)
