"""The line that says that a proxy elsewhere can't be reached, why, and when it is tried again."""

from textual.strip import Strip
from textual.widget import Widget

from app.text import plain
from app.widgets.canvas import Line, fit, palette_of, strip, width_of

_LONG: Line = ((" ▼ NOT CONNECTED  ", "bad"),)
_LONGEST = 600


class Adrift(Widget):
    """Shown while there is a problem; hidden otherwise."""

    DEFAULT_CSS = (
        "Adrift { height: 1; display: none; background: $panel; } Adrift.-any { display: block; }"
    )

    def __init__(self) -> None:
        super().__init__()
        self._problem = ""

    def show(self, problem: str) -> None:
        """Draw it; the same again costs nothing."""
        if problem != self._problem:
            self._problem = problem
            self.set_class(bool(problem), "-any")
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        return strip(self.line(width), width, palette_of(self.app), self.rich_style)

    def line(self, width: int) -> Line:
        """Why, cut where it is long, and always when it is tried again."""
        why, _, when = plain(self._problem, _LONGEST).rpartition("; ")
        rest = f"; {when}"
        room = max(width - width_of(_LONG) - len(rest) - 1, 0)
        return (*_LONG, (why if len(why) <= room else fit(why, room), "text"), (rest, "warn"))
