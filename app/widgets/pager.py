"""A scrolling page of drawn lines: the details, the log and the help are pages."""

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from app.keys import bindings
from app.theme import Palette
from app.widgets.canvas import Line, strip
from app.widgets.sheet import Sheet

Page = Callable[[int], list[Line]]  # from a width in cells to the lines of a page


class Pager(Sheet, can_focus=True):
    """Draws only the lines in sight. `stick` keeps the end in sight as a page grows."""

    DEFAULT_CSS = "Pager { height: 1fr; }"
    TOPIC = "pager"
    BINDINGS: ClassVar = bindings("pager")

    def __init__(self, stick: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: Page = lambda width: []
        self._stick = stick
        self.lines: list[Line] = []

    def show(self, page: Page, top: bool = False) -> None:
        """Draw `page` from now on; `top` also scrolls to its first line."""
        self._page = page
        self._lay_out()
        if top:
            self.scroll_to(y=0, animate=False)

    def on_resize(self) -> None:
        self._lay_out()

    def draw(self, y: int, width: int, palette: Palette, under: Style) -> Strip:
        at = y + self.scroll_offset.y
        line = self.lines[at] if at < len(self.lines) else ()
        return strip(((" ", "text"), *line), width, palette, under)

    def _lay_out(self) -> None:
        width = self.line_width - 2
        at_end = self.scroll_offset.y >= self.max_scroll_y
        self.lines = self._page(width) if width > 0 else []
        self.virtual_size = Size(width, len(self.lines))
        if self._stick and at_end:
            self.scroll_end(animate=False)
        self.refresh()

    def action_page_down(self) -> None:
        self.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        self.scroll_page_up(animate=False)
