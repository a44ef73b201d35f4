"""The line above a panel: its title, and a quiet word or a warning at its right end."""

from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from app.widgets.canvas import fit, palette_of, strip


class Heading(Widget):
    """One line; the title is bright where the panel below has the focus."""

    DEFAULT_CSS = "Heading { height: 1; }"

    class Picked(Message):
        """It was clicked, and means the panel below."""

        def __init__(self, heading: "Heading") -> None:
            super().__init__()
            self.heading = heading

    def __init__(self, title: str, note: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title, self._note, self._style, self._lit = title, note, "quiet", False

    @property
    def note(self) -> str:
        return self._note

    def title(self, title: str) -> None:
        if title != self._title:
            self._title = title
            self.refresh()

    def say(self, note: str, style: str = "quiet") -> None:
        if (note, style) != (self._note, self._style):
            self._note, self._style = note, style
            self.refresh()

    def light(self, lit: bool) -> None:
        if lit != self._lit:
            self._lit = lit
            self.refresh()

    def on_click(self) -> None:
        self.post_message(self.Picked(self))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        mark = "▌" if self._lit else " "
        title = f"{mark}{self._title} "
        room = width - cell_len(title) - 2
        note = fit(self._note, min(cell_len(self._note), room))
        gap = " " * max(width - cell_len(title) - cell_len(note) - 1, 0)
        line = ((title, "title" if self._lit else "bold"), (gap, "text"), (note, self._style))
        return strip(line, width, palette_of(self.app), self.rich_style)
