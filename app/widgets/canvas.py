"""Drawing one line at a time: pieces of (text, style name) become a strip of exact width."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip

from app.theme import Palette

Piece = tuple[str, str]  # text, style name
Line = tuple[Piece, ...]

LABEL = 10  # cells of the word before an entry

_SPARKS = "▁▂▃▄▅▆▇█"
_palettes: dict[tuple[str, str, bool], Palette] = {}


def palette_of(app: App[object]) -> Palette:
    """The palette of the theme in force; built once a theme.

    By its colours: for a moment after a change, `theme` is the new one and they are the old one's.
    """
    colours, ansi = app.theme_variables, app.native_ansi_color
    key = (colours["foreground"], colours["selected"], ansi)
    found = _palettes.get(key)
    if found is None:
        found = _palettes[key] = Palette.of(colours, ansi)
    return found


def fit(text: str, width: int, right: bool = False) -> str:
    """Exactly `width` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…"
    return " " * (width - size) + text if right else text + " " * (width - size)


def width_of(line: Iterable[Piece]) -> int:
    """Cells that a line takes."""
    return sum(cell_len(text) for text, _ in line)


def strip(line: Iterable[Piece], width: int, palette: Palette, under: Style | None = None) -> Strip:
    """The line as a strip of `width` cells; `under` is laid below every piece.

    The same line gives the same strip, which keeps what Textual worked out about it.
    """
    return _strip(tuple(line), width, palette, under or Style.null())


@lru_cache(maxsize=64)
def _strip(line: Line, width: int, palette: Palette, base: Style) -> Strip:
    if base.reverse:  # colours turned round would make a patchwork
        return Strip([Segment(text, base) for text, _ in line]).adjust_cell_length(width, base)
    segments = [Segment(text, base + palette[style]) for text, style in line if text]
    return Strip(segments).adjust_cell_length(width, base)


def bar(value: float, width: int, style: str, full: float = 100.0) -> Line:
    """A horizontal bar of `width` cells in halves, on a thin track; anything above nought shows."""
    share = min(max(value / full, 0.0), 1.0) if full else 0.0
    halves = max(round(share * width * 2), int(share > 0))
    drawn = "━" * (halves // 2) + "╸" * (halves % 2)
    return ((drawn, style), ("─" * (width - len(drawn)), "faint"))


def spark(values: Iterable[float], style: str = "primary") -> Line:
    """A small column for each value, scaled to the largest of them; nought is a faint floor."""
    kept = list(values)
    top = max(kept, default=0.0)
    return tuple(
        (_SPARKS[min(7, int(value / top * 7.999))], style) if value > 0 else (_SPARKS[0], "faint")
        for value in kept
    )


def wrap(text: str, width: int) -> list[str]:
    """Break text into lines of at most `width` cells, between words where that is possible. All
    stand as far in as the text does, at most by half the width."""
    words = text.lstrip(" ")
    indent = " " * min(len(text) - len(words), width // 2, max(width - 2, 0)) if words else ""
    return [indent + line for line in _broken(words, width - len(indent))]


def _broken(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        lines += [line] if line else []
        *whole, line = chop_cells(word, max(width, 2)) if cell_len(word) > width else [word]
        lines += whole
    return [*lines, line]


def entry(label: str, text: str, width: int, style: str = "text") -> Iterator[Line]:
    """A label and what it says, over as many lines as that takes; `bad` colours the label too."""
    for number, line in enumerate(wrap(text, width - LABEL)):
        start = fit("" if number else label, LABEL)
        yield ((start, "title" if style != "bad" else "bad"), (line, style))


def columns(left: list[Line], right: list[Line], width: int, gap: int = 3) -> list[Line]:
    """Two columns side by side; `width` is the left one's."""
    joined: list[Line] = []
    for number in range(max(len(left), len(right))):
        start = left[number] if number < len(left) else ()
        space = " " * (width - width_of(start) + gap)
        joined.append((*start, (space, "text"), *(right[number] if number < len(right) else ())))
    return joined
