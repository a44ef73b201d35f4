"""The columns of the feed, and the page of one exchange, at every width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from app.store import Store
from app.widgets.canvas import Line, width_of
from app.widgets.columns import FELL_BACK, RETRIED, drawn, fitting, heading
from app.widgets.details import page
from proxy.dialects.model import Usage
from proxy.exchange import Rewrite, Tokens
from proxy.record import Record
from tests.app.scene import begin, done, failed, hit

ALWAYS = {"", "time", "score", "tier", "model"}


def titles(width: int) -> set[str]:
    return {column.title for column, _ in fitting(width)}


@pytest.mark.parametrize(
    ("width", "more"),
    [
        (59, {"took"}),
        (79, {"took", "cost", "tokens"}),
        (99, {"took", "cost", "tokens", "why", "session", "cache"}),
        (119, {"took", "cost", "tokens", "why", "session", "cache", "client", "class"}),
    ],
)
def test_columns_fall_away_at_narrow_widths(width: int, more: set[str]) -> None:
    assert titles(width) == ALWAYS | more


@pytest.mark.parametrize("width", [89, 119, 139, 239])
def test_why_stands_next_to_the_tier_wherever_there_is_room(width: int) -> None:
    shown = [column.title for column, _ in fitting(width)]
    assert shown[shown.index("tier") + 1] == "why"


@given(st.integers(40, 300), st.integers(40, 300))
def test_a_wider_feed_never_shows_less(one: int, other: int) -> None:
    narrow, wide = sorted((one, other))
    assert len(titles(narrow)) <= len(titles(wide))


def rows() -> list[Record]:
    store = Store()
    for tell in (done, failed, hit, begin):
        tell(store)
    store.tick()
    return store.rows


@given(st.integers(60, 240))
def test_every_row_keeps_to_the_columns(width: int) -> None:
    for row in [*rows(), Record("bare", 0.0)]:
        assert width_of(drawn(row, width)) == width_of(heading(width)) <= width


_wild = st.text(st.characters(exclude_categories=("Cs", "Mn", "Me")), max_size=60)


@given(_wild, _wild, st.floats(0, 1e9), st.integers(0, 10**12), st.integers(60, 160))
def test_wild_values_never_break_the_line(
    model: str, session: str, cost: float, count: int, width: int
) -> None:
    row = Record(
        "x",
        0.0,
        session=session,
        client=model,
        model=model,
        provider=session,
        reason=f"force:{model}",
        before=Tokens(count, count, count),
        usage=Usage(input=count),
        cost=cost,
        latency=cost,
        state="done",
    )
    assert width_of(drawn(row, width)) == width_of(heading(width))


@given(st.integers(60, 240), st.integers(0, 3), st.booleans())
def test_a_mark_for_a_retry_or_fallback_takes_its_room_from_the_model(
    width: int, retries: int, fell_back: bool
) -> None:
    row = Record("x", 0.0, model="m" * 80, retries=retries, fell_back=fell_back, state="done")
    text = "".join(part for part, _ in drawn(row, width))
    assert cell_len(text) == width_of(heading(width))
    assert (FELL_BACK in text) is fell_back
    assert (RETRIED in text) is (retries > 0 and not fell_back)
    assert "✓" in text, "how it ended still shows"


def fits(line: Line, width: int) -> bool:
    return sum(cell_len(text) for text, _ in line) <= width


@pytest.mark.parametrize("width", [56, 76, 96, 116, 156, 220])
def test_the_page_of_an_exchange_cuts_nothing_off(width: int) -> None:
    for row in [*rows(), Record("bare", 0.0), None]:
        assert all(fits(line, width) for line in page(row, width))


def test_the_page_says_what_is_not_known_rather_than_nought() -> None:
    text = "\n".join(
        "".join(part for part, _ in line)
        for line in page(Record("x", 0.0, rewrite=Rewrite(), state="done"), 120)
    )
    assert "unknown: no price" in text
    assert "the provider has not said" in text
    assert "$0.00" not in text
