"""A table drawn line by line: its header stays, columns fall away when room is short."""

from collections.abc import Sequence

from msgspec import Struct
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from app.keys import bindings
from app.widgets.canvas import Line, Piece, fit, palette_of, strip, wrap
from app.widgets.stepping import Stepping

GAP = 2
Row = tuple[Piece, ...]  # one piece a column


class Column(Struct, frozen=True):
    """A column: `rank` 0 always stays, the highest falls away first; `grow` takes what is left."""

    title: str
    width: int
    rank: int = 0
    right: bool = False
    grow: bool = False


def layout(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """Which columns (by place) are drawn in `width` cells, and how wide each of them is."""
    kept = list(range(len(columns)))
    while len(kept) > 1 and _needed(columns, kept) > width:
        last = max(kept, key=lambda at: (columns[at].rank, at))
        if not columns[last].rank:
            break
        kept.remove(last)
    spare = width - _needed(columns, kept)
    growing = [at for at in kept if columns[at].grow]
    share = spare // len(growing) if growing and spare > 0 else 0
    return [(at, columns[at].width + (share if columns[at].grow else 0)) for at in kept]


def _needed(columns: Sequence[Column], kept: Sequence[int]) -> int:
    return sum(columns[at].width for at in kept) + GAP * (len(kept) - 1) + 2


class Grid(Stepping, ScrollView, can_focus=True):
    """Rows under a header, with a cursor; `hint` is shown where there is no row."""

    DEFAULT_CSS = """
    Grid { height: 1fr; overflow-x: hidden; background: $background; scrollbar-gutter: stable; }
    """
    BINDINGS = bindings("table")

    class Moved(Message):
        """Another row is picked."""

    class Opened(Message):
        """A double click asks for what is behind the row at the cursor."""

    def __init__(self, columns: Sequence[Column], hint: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._rows: tuple[Row, ...] = ()
        self._hint = hint
        self.cursor = 0

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    @property
    def count(self) -> int:
        return len(self._rows)

    @property
    def in_sight(self) -> int:
        return self.size.height - 1

    def show(self, rows: Sequence[Row], hint: str | None = None) -> None:
        """Put up other rows; the cursor stays at its place, or at the last row."""
        hint = self._hint if hint is None else hint
        if tuple(rows) == self._rows and hint == self._hint:
            return
        self._rows, self._hint = tuple(rows), hint
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        self.go(self.cursor)
        self.refresh()

    def go(self, to: int) -> None:
        """Move the cursor, and the view with it."""
        before, self.cursor = self.cursor, min(max(to, 0), max(len(self._rows) - 1, 0))
        if self.cursor != before:
            self.post_message(self.Moved())
        page = max(self.size.height - 1, 1)
        top = min(self.cursor, max(self.scroll_offset.y, self.cursor - page + 1))
        self.scroll_to(y=top, animate=False, force=True)
        self.refresh()

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        self.go(self.cursor)

    def render_line(self, y: int) -> Strip:
        if not self._rows:
            return self._strip(self._advice(y))
        if y == 0:
            return self._strip(self._header())
        at = y - 1 + self.scroll_offset.y
        if at >= len(self._rows):
            return self._strip(())
        return self._strip(self._line(self._rows[at]), at == self.cursor and self.has_focus)

    def on_click(self, event: events.Click) -> None:
        if event.y:
            self.go(event.y - 1 + self.scroll_offset.y)
            if event.chain == 2 and self._rows:
                self.post_message(self.Opened())

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _advice(self, y: int) -> Line:
        """A line of the hint, in place of the header and the rows."""
        lines = wrap(self._hint, self.size.width - 2)
        return ((f" {lines[y]}", "quiet"),) if y < len(lines) else ()

    def _header(self) -> Line:
        return self._line(tuple((column.title, "quiet") for column in self._columns))

    def _line(self, row: Row) -> Line:
        pieces: list[Piece] = [(" ", "text")]
        for at, width in layout(self._columns, self.size.width):
            text, style = row[at]
            pieces += [(fit(text, width, self._columns[at].right), style), (" " * GAP, "text")]
        return tuple(pieces[:-1])

    def _strip(self, line: Line, selected: bool = False) -> Strip:
        palette = palette_of(self.app)
        drawn = strip(line, self.size.width, palette, self.rich_style)
        if not selected:
            return drawn
        chosen = [
            Segment(text, (style or self.rich_style) + palette.selected) for text, style, _ in drawn
        ]
        return Strip(chosen, drawn.cell_length)
