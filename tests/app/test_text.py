"""How words and figures are written on the screen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from app.text import amount, dollars, duration, plain
from app.widgets.canvas import bar, fit, wrap


@given(st.text(st.characters()))
def test_plain_text_is_one_line_without_control_or_hidden_characters(text: str) -> None:
    shown = plain(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(shown) & set("\u202a\u202e\u2066\u2069\u200b\u200f\ufeff")


def test_plain_text_shows_what_it_took_away() -> None:
    assert plain("a\x1b[31mred\x07\r\n\tb\x7f\x9b") == "a␛[31mred␇   b␡\ufffd"


def test_plain_text_leaves_markup_as_it_stands() -> None:
    assert plain("[bold]x[/] {y} $z") == "[bold]x[/] {y} $z"


def test_plain_text_is_cut_at_its_limit() -> None:
    assert plain("x" * 1_000_000, 50) == "x" * 49 + "…"
    assert plain("x" * 50, 50) == "x" * 50


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (0, "0"),
        (999, "999"),
        (1000, "1.0k"),
        (9_960, "10k"),
        (999_900, "1.0M"),
        (45_300_000, "45M"),
        (-1234, "-1.2k"),
    ],
)
def test_amounts_stay_short(value: float | None, said: str) -> None:
    assert amount(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (0.0, "$0.00"),
        (12.345, "$12.35"),
        (0.0031, "$0.0031"),
        (0.00001, "<$.0001"),
        (-0.5, "-$0.50"),
        (12_345, "$12k"),
    ],
)
def test_small_sums_are_not_nought(value: float | None, said: str) -> None:
    assert dollars(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0.4, "0ms"), (999.4, "999ms"), (999.6, "1.0s"), (9_960, "10s"), (185e3, "3m05")],
)
def test_durations_stay_short(value: float | None, said: str) -> None:
    assert duration(value) == said


@given(st.floats(0, 1e12), st.floats(0, 3.5e8))
def test_figures_never_outgrow_their_columns(value: float, milliseconds: float) -> None:
    assert len(amount(value)) <= 5
    assert len(duration(milliseconds)) <= 6
    assert len(dollars(value)) <= 7


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Mn", "Me"))), st.integers(1, 60))
def test_fitting_gives_exactly_the_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == cell_len(fit(text, width, right=True)) == width


@given(st.text("ab 日é", max_size=300), st.integers(2, 40))
def test_wrapping_loses_no_character_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.floats(0, 100, allow_subnormal=False), st.integers(1, 40))
def test_a_bar_has_its_width_and_shows_anything_above_nought(value: float, width: int) -> None:
    drawn, track = bar(value, width, "text")
    assert len(drawn[0]) + len(track[0]) == width
    assert bool(drawn[0]) == (value > 0)
