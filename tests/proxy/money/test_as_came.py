"""What a request would have cost as it came: each saved token at the price of its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.model import Message, Request, Text, Tool, Usage
from proxy.exchange import Counts, Tokens
from proxy.money.as_came import as_came
from proxy.tokens.counts import counts

# 1,000 tokens were sent: 200 of tools, 800 of messages. 600 were read, 300 written, 100 neither.
BILLED = Usage(input=100, output=50, cache_read=600, cache_write=300)
AFTER = Tokens(tools=200, messages=800)


def saved(*places: tuple[int, int]) -> Counts:
    more = sum(tokens for _, tokens in places)
    return Counts(Tokens(tools=200, messages=800 + more), AFTER, places)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (100, Usage(input=100, output=50, cache_read=640, cache_write=300)),
        (700, Usage(input=100, output=50, cache_read=600, cache_write=340)),
        (950, Usage(input=140, output=50, cache_read=600, cache_write=300)),
    ],
)
def test_a_saved_token_is_billed_as_those_around_it(at: int, expected: Usage) -> None:
    assert as_came(BILLED, saved((at, 40))) == expected


def test_tokens_are_the_providers_where_its_tokenizer_makes_more_of_them() -> None:
    twice = Usage(input=200, output=50, cache_read=1_200, cache_write=600)
    assert as_came(twice, saved((500, 40))) == Usage(200, 50, 1_280, 600)
    assert as_came(twice, saved((700, 40))) == Usage(200, 50, 1_200, 680)


def test_without_a_cache_all_of_it_is_plain_input() -> None:
    assert as_came(Usage(input=1_000, output=5), saved((10, 40), (900, 60))) == Usage(1_100, 5)


def test_what_a_rewrite_made_the_provider_write_anew_would_have_been_read() -> None:
    lost = as_came(BILLED, saved((100, 40)), lost=250)
    assert lost == Usage(input=100, output=50, cache_read=890, cache_write=50)
    more = as_came(BILLED, saved(), lost=350)
    assert more == Usage(input=50, output=50, cache_read=950, cache_write=0)


def test_a_bill_that_never_came_says_nothing() -> None:
    assert as_came(Usage(), saved((10, 40))) == Usage()


billed = st.builds(
    Usage,
    input=st.integers(0, 10_000),
    output=st.just(7),
    cache_read=st.one_of(st.none(), st.integers(0, 10_000)),
    cache_write=st.one_of(st.none(), st.integers(0, 10_000)),
)


def _all(usage: Usage) -> int:
    return (usage.input or 0) + (usage.cache_read or 0) + (usage.cache_write or 0)


@given(billed, st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 500))), st.integers(0, 999))
def test_no_token_is_lost_between_the_prices(
    usage: Usage, places: list[tuple[int, int]], lost: int
) -> None:
    came = as_came(usage, saved(*places), lost)
    ratio = min(max(_all(usage) / 1_000, 0.5), 2.0) if _all(usage) else 1.0
    expected = _all(usage) + sum(tokens for _, tokens in places) * ratio
    assert _all(came) == pytest.approx(expected, abs=2)
    assert min(came.input or 0, came.cache_read or 0, came.cache_write or 0) >= 0


def test_places_stand_in_the_order_of_the_prompt_and_hold_all_that_was_saved() -> None:
    said = [Message("user", [Text(f"{n} " + "a long line that says it " * 9)]) for n in range(4)]
    shorter = [*said[:2], Message("user", [Text("short")]), said[3]]
    tools = [Tool("Read", "Reads a file."), Tool("Write", "Writes a file, whole.")]
    asked = Request("anthropic", "m", said, {}, system=[Text("Be brief.")], tools=tools)
    sent = Request("anthropic", "m", shorter, {}, system=asked.system, tools=tools[:1])
    counted = counts(asked, sent)
    assert counted is not None
    (tools_at, _), (message_at, _) = counted.places
    assert 0 < tools_at < counted.after.tools < message_at < counted.after.total
    assert sum(n for _, n in counted.places) == counted.before.total - counted.after.total
