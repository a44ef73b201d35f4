"""The first line: the program, the screens to switch to, and where clients should point."""

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from app.text import plain
from app.widgets.canvas import Line, Piece, palette_of, strip, width_of

TABS = (
    ("live", "Live"),
    ("routing", "Routing"),
    ("history", "Savings"),
    ("rewrite", "Rewrite"),
    ("providers", "Providers"),
    ("log", "Log"),
    ("help", "Help"),
)
# Whether keys, gaps and the address are drawn, from the widest form to the narrowest.
_FORMS = ((True, True, True), (True, True, False), (False, True, False), (False, False, False))


class TopBar(Widget):
    """Drawn from the name of the current room; a click on a name goes there."""

    DEFAULT_CSS = "TopBar { height: 1; background: $panel; }"

    def __init__(self, room: str, right: str, keys: dict[str, str]) -> None:
        super().__init__()
        self._room, self._right, self._keys = room, plain(right), keys

    def line(self, width: int) -> Line:
        """The bar at a width: the address, keys, and the gaps fall away before the names do."""
        for keyed, gaps, addressed in _FORMS:
            left, right = self._left(keyed, gaps), self._right if addressed else ""
            gap = width - width_of(left) - cell_len(right) - 1
            if gap >= (2 if right else 0):
                break
        return (*left, (" " * max(gap, 0), "text"), (right, "quiet"), (" ", "text"))

    def render_line(self, y: int) -> Strip:
        return strip(
            self.line(self.size.width), self.size.width, palette_of(self.app), self.rich_style
        )

    def _left(self, keyed: bool, gaps: bool) -> Line:
        pieces: list[Piece] = [(" ◆ lynkr " if gaps else " ◆ ", "title")]
        for room, title in TABS:
            here, key = room == self._room, self._keys.get(room, "")
            pieces.append((" " if gaps else "", "text"))
            pieces.append((f" {key} " if keyed and key else " ", "here" if here else "quiet"))
            pieces.append((f"{title} ", "here" if here else "text"))
        return tuple(pieces)

    async def on_click(self, event: events.Click) -> None:
        reached = 0
        for text, _ in self.line(self.size.width):
            reached += cell_len(text)
            if event.x < reached:
                await self._open(text.strip())
                return

    async def _open(self, word: str) -> None:
        for room, title in TABS:
            if word in (title, self._keys.get(room)):
                await self.run_action("app.help" if room == "help" else f"app.room('{room}')")
