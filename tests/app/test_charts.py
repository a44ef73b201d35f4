"""Charts: any figures at any size fit the place they are given, and nought draws a hint."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from app.widgets.charts import Bar, Picture, bar_at, drawn

values = st.none() | st.floats(-1e6, 1e9).map(lambda value: round(value, 4))
bars = st.lists(st.builds(Bar, st.text("ab[/]-", max_size=12), values), max_size=80).map(tuple)


def written(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0f}"


@settings(max_examples=60, deadline=None)
@given(bars, st.booleans(), st.integers(1, 120), st.integers(1, 20))
def test_a_chart_never_leaves_its_place(given_bars, lying, width, height):
    picture = Picture(given_bars, lying, written)
    lines = drawn(picture, width, height, lambda name: (9, 9, 9)).plain.split("\n")
    assert len(lines) <= max(height, 1)
    if not picture.empty and width >= 40 and height >= 3:
        assert max(map(cell_len, lines)) <= width


def test_columns_stand_apart_and_rise_with_their_values():
    text = drawn(
        Picture((Bar("a", 1.0), Bar("b", 2.0))), 40, 6, lambda name: (9, 9, 9)
    ).plain.split("\n")
    assert text[0].count("█") < text[-2].count("█")
    assert text[-1].split() == ["a", "b"]


def test_an_unknown_value_is_written_as_such_and_has_no_bar():
    picture = Picture((Bar("known", 5.0), Bar("other", None)), True, written)
    known, other = drawn(picture, 40, 6, lambda name: (9, 9, 9)).plain.split("\n")
    assert "▄" in known and known.endswith("5")
    assert "▄" not in other and other.endswith("unknown")


def test_nothing_to_draw_is_said():
    assert drawn(Picture((), hint="come back"), 40, 6, lambda name: (0, 0, 0)).plain == "come back"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(50, 99), min_size=1, max_size=60), st.integers(40, 120))
def test_a_click_on_a_column_finds_its_own_bar(heights, width):
    bars = tuple(Bar("x", float(size), key=str(at)) for at, size in enumerate(heights))
    picture = Picture(bars)
    bottom = drawn(picture, width, 8, lambda name: (9, 9, 9)).plain.split("\n")[-2]
    found = [bar_at(picture, width, 8, x, 6) for x, cell in enumerate(bottom) if cell in "█▌▐"]
    assert [bar for bar in dict.fromkeys(found)] == list(bars[-len(set(found)) :])


def test_a_click_beside_the_bars_finds_none():
    picture = Picture((Bar("a", 1.0), Bar("b", 2.0)), lying=True)
    assert [bar_at(picture, 40, 6, 3, y) for y in (0, 1, 2, -1)] == [*picture.bars, None, None]
    assert bar_at(Picture(picture.bars), 40, 6, 0, 2) is None, "the scale"
