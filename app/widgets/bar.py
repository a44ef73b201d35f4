"""A line above the screen that says what holds for as long as it does; hidden otherwise."""

from abc import abstractmethod

from textual.strip import Strip
from textual.widget import Widget

from app.widgets.canvas import Line, palette_of, strip


class Bar(Widget):
    """A subclass says what stands on the line; `raised` shows and draws it."""

    DEFAULT_CSS = (
        "Bar { height: 1; display: none; background: $panel; } Bar.-any { display: block; }"
    )

    def raised(self, any: bool) -> None:
        """Draw it anew, where there is anything to say."""
        self.set_class(any, "-any")
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        return strip(self.line(width), width, palette_of(self.app), self.rich_style)

    @abstractmethod
    def line(self, width: int) -> Line:
        """What it says, in so many cells."""
