"""The language behind `/`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.filters import EXAMPLES, NUMBERS, TEXT, Filter, FilterError
from proxy.dialects.model import Usage
from proxy.exchange import Tokens
from proxy.record import Record

ROW = Record(
    "1f",
    1000.0,
    session="ab12",
    client="claude-code",
    dialect="anthropic",
    asked_model="claude-opus",
    turns=4,
    score=62.4,
    tier="COMPLEX",
    reason="force:greeting",
    provider="cloud",
    model="big-sonnet",
    cache="exact",
    before=Tokens(100, 900, 4000),
    after=Tokens(100, 400, 1000),
    usage=Usage(input=10, output=5),
    status=200,
    cost=0.05,
    latency=1500.0,
    state="done",
)
RESCUED = Record("3", 1000.0, tier="SIMPLE", retries=2, fell_back=True, state="done")
BROKEN = Record("2", 1000.0, tier="SIMPLE", state="failed", error="overloaded, try later")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tier:complex",
        "TIER:Comp",
        "tier:simple,complex",
        "session:ab",
        "model:~sonnet",
        "model=big-sonnet",
        "saved>1000",
        "saved>=5k",
        "cost<=0.05 cost>=$.05",
        "latency>1s latency<1600ms",
        "score=62.4",
        "cache:hit",
        "hit",
        "why:force",
        "sonnet",
        '"claude-code"',
        "!tier:simple",
        "!!tier:complex",
        "!error",
        'client:"claude-code" tier:complex !open turns:4',
    ],
)
def test_lets_the_row_through(text: str) -> None:
    assert Filter.of(text)(ROW)


@pytest.mark.parametrize(
    "text",
    [
        "tier:simple",
        "model:sonnet",
        "saved>5000",
        "!hit",
        "error",
        "tier:complex tier:simple",
        "opus",
        "model=big",
        "first>0",
        "nowhere",
    ],
)
def test_keeps_the_row_back(text: str) -> None:
    assert not Filter.of(text)(ROW)


def test_finds_failed_exchanges_and_their_words() -> None:
    assert Filter.of('error "try later" error:overloaded')(BROKEN)


@pytest.mark.parametrize("text", ["retried", "fell-back", "Fell-Back retried !error"])
def test_finds_exchanges_that_were_retried_or_fell_back(text: str) -> None:
    assert Filter.of(text)(RESCUED)
    assert not Filter.of(text)(ROW)


def test_an_unknown_number_matches_no_comparison() -> None:
    assert not Filter.of("cost>=0")(BROKEN)
    assert not Filter.of("cost<1")(BROKEN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("speed>3", "no field 'speed'"),
        ("qwen:7b tier:simple", "no field 'qwen'"),
        ("saved>many", "saved is a number"),
        ("tier>3", "tier is text"),
        ("tier:", "needs a value"),
        ("!", "needs a term"),
        ("saved:~3", "saved is a number"),
    ],
)
def test_a_term_that_means_nothing_says_what_would(text: str, said: str) -> None:
    with pytest.raises(FilterError, match=said):
        Filter.of(text)


@pytest.mark.parametrize("term", [term for term, _ in EXAMPLES])
def test_every_example_of_the_help_is_understood(term: str) -> None:
    assert Filter.of(term).tests


_pieces = st.sampled_from(
    [*TEXT, *NUMBERS, *'!:~<>=",', " ", "1e9", "10k", ".", "ms", "９", "\x00", "opus"]
)


@given(st.one_of(st.text(), st.lists(_pieces).map("".join)))
def test_any_text_is_understood_or_refused_with_words(text: str) -> None:
    try:
        chosen = Filter.of(text)
    except FilterError as error:
        assert str(error)
        return
    assert chosen(ROW) in (True, False)
    assert chosen(BROKEN) in (True, False)


@given(st.sampled_from([term for term, _ in EXAMPLES if not term.startswith("!")]))
def test_an_exclamation_mark_turns_a_term_round(term: str) -> None:
    for row in (ROW, BROKEN):
        assert Filter.of(f"!{term}")(row) is not Filter.of(term)(row)
