"""Whole sessions cost no more than they would have as they came, prompt caches on both sides."""

from pathlib import Path

import pytest

from proxy.dialects.model import Usage
from tests.proxy.rewrite.replay import KINDS, LEVELS, Costs, replay, turns
from tests.support.prompt_cache import LIFE, Body, PromptCache

SHORT, MIDDLE = 6_000, 60_000  # characters of results


async def played(folder: Path, seed: int, size: int, marks: bool, kind: str, level: str) -> Costs:
    given = list(turns(seed, size, marks))
    return await replay(folder, given, seed, kind=kind, level=level, strip="true")


@pytest.mark.parametrize("size", [SHORT, MIDDLE])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("marks", [True, False], ids=["marked", "plain"])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_session_costs_less_than_as_it_came(
    tmp_path: Path, kind: str, level: str, marks: bool, seed: int, size: int
) -> None:
    costs = await played(tmp_path, seed, size, marks, kind, level)
    assert costs.as_sent < costs.as_came and not costs.losses
    assert all(after <= before for before, after in costs.tokens)


async def test_sessions_do_load_tools_and_recall_results(tmp_path: Path) -> None:
    costs = [await played(tmp_path, seed, MIDDLE, True, "anthropic", "balanced") for seed in (2, 1)]
    assert all(one.own_calls for one in costs), "what rewriting costs is in the sums"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_books_say_it_would_have_cost_is_near_the_truth(
    tmp_path: Path, seed: int, level: str
) -> None:
    costs = await played(tmp_path, seed, MIDDLE, True, "anthropic", level)
    assert costs.told_cost == pytest.approx(costs.as_sent)
    assert costs.told_as_came == pytest.approx(costs.as_came, rel=0.05)


# The model of a cache, by the rules that its provider gives


def body(*texts: str, marks: tuple[int, ...] = ()) -> Body:
    blocks: list[Body] = [{"type": "text", "text": text} for text in texts]
    for at in marks:
        blocks[at]["cache_control"] = {"type": "ephemeral"}
    return {"messages": [{"role": "user", "content": blocks}]}


LONG = "word " * 2_000


def parts(usage: Usage) -> tuple[bool, bool, bool]:
    """Whether something was read, something written, and something neither."""
    return bool(usage.cache_read), bool(usage.cache_write), bool(usage.input)


def test_what_was_written_is_read_again_for_five_minutes() -> None:
    cache, asked = PromptCache(), body(LONG, "more", marks=(0,))
    assert parts(cache.bill(asked, 0)) == (False, True, True)
    assert parts(cache.bill(asked, LIFE - 1)) == (True, False, True), "and lives on from there"
    assert parts(cache.bill(asked, 2 * LIFE - 2)) == (True, False, True)
    assert parts(cache.bill(asked, 4 * LIFE)) == (False, True, True)


def test_a_mark_moves_on_and_only_what_is_new_is_written() -> None:
    cache = PromptCache()
    first = cache.bill(body(LONG, marks=(0,)), 0)
    second = cache.bill(body(LONG, "more " * 50, marks=(1,)), 1)
    assert second.cache_read == first.cache_write
    assert 0 < (second.cache_write or 0) < 100 and not second.input


def test_another_word_before_the_mark_has_all_of_it_written_anew() -> None:
    cache = PromptCache()
    cache.bill(body("a", LONG, marks=(1,)), 0)
    assert parts(cache.bill(body("b", LONG, marks=(1,)), 1)) == (False, True, False)


def test_short_prompts_and_those_without_marks_are_not_kept() -> None:
    cache = PromptCache()
    for asked in (body("short", marks=(0,)), body(LONG)):
        for at in (0, 1):
            assert parts(cache.bill(asked, at)) == (False, False, True)


def test_no_more_than_twenty_blocks_are_looked_back_over() -> None:
    for more, found in ((20, True), (21, False)):
        cache = PromptCache()
        cache.bill(body(LONG, marks=(0,)), 0)
        usage = cache.bill(body(LONG, *["x"] * more, marks=(more,)), 1)
        assert bool(usage.cache_read) is found
