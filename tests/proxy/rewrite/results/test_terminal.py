"""Output as a terminal shows it, checked against a slow terminal of the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.rewrite.results import shrink
from proxy.rewrite.results.source import UNKNOWN
from proxy.rewrite.results.terminal import terminal

ESC = "\x1b"
COLOURS = (f"{ESC}[31m", f"{ESC}[0m", f"{ESC}[1;38;5;12m", f"{ESC}[m")
MOVES = tuple(f"{ESC}[{n}{sign}" for n in ("", "0", "1", "3") for sign in "ABCDEFG")
ERASES = (f"{ESC}[K", f"{ESC}[1K", f"{ESC}[2K", f"{ESC}[J")
LINKS = (f"{ESC}]8;;http://x{ESC}\\", f"{ESC}]0;title\x07", f"{ESC}[?25l")

pieces = st.text("ab 1#\n", max_size=6) | st.sampled_from(
    ("\r", "\b", "\r\n", "\n", *COLOURS, *MOVES, *ERASES, *LINKS)
)


def shown(parts: list[str]) -> list[str]:
    """What a terminal without edges shows: a cell by its row and column."""
    cells: dict[tuple[int, int], str] = {}
    row = column = deepest = 0
    for part in parts:
        if part in COLOURS or part in LINKS:
            continue
        if part.startswith(ESC):
            sign = part[-1]
            by = int(part[2:-1] or ("0" if sign in "KJ" else "1"))
            if sign == "J":
                gone = [at for at in cells if at[0] > row or (at[0] == row and at[1] >= column)]
                cells = {at: cell for at, cell in cells.items() if at not in gone}
                continue
            if sign == "K":
                low, high = {0: (column, 9_999), 1: (0, column), 2: (0, 9_999)}[by]
                for at in range(low, high + 1):
                    cells.pop((row, at), None)
                continue
            by = max(1, by)
            row = max(0, row - by) if sign in "AF" else row + by if sign in "BE" else row
            column = {"C": column + by, "D": max(0, column - by), "G": by - 1}.get(sign, column)
            column = 0 if sign in "EF" else column
        else:
            for character in part:
                if character == "\n":
                    row, column = row + 1, 0
                elif character == "\r":
                    column = 0
                elif character == "\b":
                    column = max(0, column - 1)
                else:
                    cells[row, column] = character
                    column += 1
        deepest = max(deepest, row)
    lines = []
    for at in range(deepest + 1):
        widest = max((c for r, c in cells if r == at), default=-1)
        lines.append("".join(cells.get((at, c), " ") for c in range(widest + 1)).rstrip(" "))
    return lines


def trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


@given(st.lists(pieces, max_size=12))
def test_it_is_what_a_terminal_shows(parts: list[str]) -> None:
    text = "".join(parts)
    made = terminal(text)
    seen = text if made is None else made
    assert trimmed(seen.split("\n")) == trimmed(shown(parts))
    assert terminal(seen) is None


def test_a_progress_bar_is_its_last_state() -> None:
    bar = "".join(f"\r{n:3}% [{'#' * (n // 5):20}]" for n in range(101))
    assert terminal(f"start\n{bar}\ndone\n") == f"start\n100% [{'#' * 20}]\ndone\n"


def test_lines_above_are_redrawn_in_place() -> None:
    text = f"a: wait\nb: wait\n{ESC}[2A{ESC}[2Ka: done\n{ESC}[2Kb: done\n"
    assert terminal(text) == "a: done\nb: done\n"


@pytest.mark.parametrize(
    "text",
    [
        f"x{ESC}[5;5Hy",
        f"{ESC}[?1049hx",
        f"x{ESC}7y{ESC}8z",
        "ab\x00c  \n",
        "form\x0cfeed \n",
        "日本語\rab",
        "é".encode().decode("latin-1") + "\x9b2K \n",
        f"broken {ESC}",
        f"{ESC}[99999999999Ax",
        "e\u0301\rx",
    ],
)
def test_what_only_a_real_terminal_could_place_passes(text: str) -> None:
    assert terminal(text) is None


def test_wide_letters_and_tabs_that_nothing_overwrites_stay() -> None:
    assert terminal(f"{ESC}[32m日本語\tok{ESC}[0m  \n") == "日本語\tok\n"
    assert terminal("a\tb\r\nc\n") == "a\tb\nc\n"


@given(st.text(max_size=60))
def test_any_text_is_taken_and_settles(text: str) -> None:
    made = terminal(text)
    assert made is None or (terminal(made) is None and len(made) <= len(text) * 40)


def test_a_files_text_keeps_its_colours_and_blanks() -> None:
    text = f"{ESC}[31mred{ESC}[0m  \n" * 40
    assert shrink(text, UNKNOWN) is None
    assert shrink(text) is not None
