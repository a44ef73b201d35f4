"""Words below a field: a hint, completions, or what is wrong; wrapped, a few lines at most."""

from textual.strip import Strip
from textual.widget import Widget

from app.widgets.canvas import Line, palette_of, strip, wrap

HIGHEST = 3


class Note(Widget):
    """Hidden while it has nothing to say. `indent` cells stay free before each line."""

    DEFAULT_CSS = "Note { height: 1; display: none; }"

    def __init__(self, indent: int = 1, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._indent = indent
        self._words, self._style = "", "quiet"
        self._line: Line = ()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words or "".join(text for text, _ in self._line)

    @property
    def lines(self) -> int:
        """The lines that it takes."""
        return max(len(self._lines()), 1)

    def say(self, words: str, style: str = "quiet") -> None:
        """Put up words, wrapped to the width; empty ones hide the note."""
        self._words, self._style, self._line = words, style, ()
        self._settle()

    def put(self, line: Line) -> None:
        """Put up one line in several styles."""
        self._words, self._line = "", line
        self._settle()

    def on_resize(self) -> None:
        self._settle()

    def render_line(self, y: int) -> Strip:
        lines = self._lines()
        line = lines[y] if y < len(lines) else ()
        indented = ((" " * self._indent, "text"), *line)
        return strip(indented, self.size.width, palette_of(self.app), self.rich_style)

    def _settle(self) -> None:
        self.display = bool(self._words or self._line)
        self.styles.height = self.lines
        self.refresh()

    def _lines(self) -> list[Line]:
        width = self.size.width or self.app.size.width
        if self._line or not self._words:
            return [self._line]
        lines = wrap(self._words, max(width - self._indent - 1, 10))
        if len(lines) > HIGHEST:
            lines = [*lines[: HIGHEST - 1], lines[HIGHEST - 1][: width - self._indent - 2] + "…"]
        return [((text, self._style),) for text in lines]
