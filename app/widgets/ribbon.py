"""A few ready lines below each other, made anew for each width; as many as the screen has room."""

from collections.abc import Callable

from textual.strip import Strip
from textual.widget import Widget

from app.widgets.canvas import Line, palette_of, strip

Made = Callable[[int], list[Line]]  # from a width in cells


class Ribbon(Widget):
    """As high as it has lines; hidden while it has none."""

    DEFAULT_CSS = "Ribbon { height: 1; display: none; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._made: Made = lambda width: []
        self._lines: list[Line] = []

    def show(self, made: Made) -> None:
        self._made = made
        self._settle()

    def on_resize(self) -> None:
        self._settle()

    def _settle(self) -> None:
        lines = self._made((self.size.width or self.app.size.width) - 2)
        if lines != self._lines:
            self._lines = lines
            self.display = bool(lines)
            self.styles.height = max(len(lines), 1)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else ()
        return strip(((" ", "text"), *line), self.size.width, palette_of(self.app), self.rich_style)
