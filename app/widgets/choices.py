"""A line of choices, one of them made, and a word at its right end."""

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from app.widgets.canvas import Line, palette_of, strip, width_of


class Choices(Widget):
    """Draws the choices; a click picks one. Keys belong to the screen."""

    DEFAULT_CSS = "Choices { height: 1; }"

    class Picked(Message):
        """A click chose the choice at `at`."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, names: tuple[str, ...], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = names
        self._at = 0
        self._word = ""

    def show(self, at: int, word: str) -> None:
        self._at, self._word = at, word
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        line = self._line()
        gap = width - width_of(line) - len(self._word) - 1
        if gap > 0:
            line += ((" " * gap, "text"), (self._word, "accent"))
        return strip(line, width, palette_of(self.app), self.rich_style)

    def on_click(self, event: events.Click) -> None:
        reached = 0
        for at, (text, _) in enumerate(self._line(), self._first):
            reached += len(text)
            if event.x < reached:
                self.post_message(self.Picked(at))
                return

    @property
    def _first(self) -> int:
        """The first name in sight: later ones where the choice would fall off the right end."""
        first, width = 0, sum(len(name) + 2 for name in self._names[: self._at + 1])
        while width > self.size.width and first < self._at:
            width -= len(self._names[first]) + 2
            first += 1
        return first

    def _line(self) -> Line:
        first = self._first
        return tuple(
            (f"[{name}]" if at == self._at else f" {name} ", "bold" if at == self._at else "quiet")
            for at, name in enumerate(self._names[first:], first)
        )
