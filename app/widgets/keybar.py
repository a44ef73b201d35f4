"""The last line: what the keys do here; the least needed fall away when room is short."""

from rich.cells import cell_len
from textual import events
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from app.actions import Action, key_label
from app.widgets.canvas import Line, palette_of, strip


class KeyBar(Widget):
    """Shows the actions with a place in the bar, lowest first; a click does what the key does."""

    DEFAULT_CSS = "KeyBar { height: 1; background: $panel; }"

    def __init__(self, actions: dict[str, Action]) -> None:
        super().__init__()
        self._actions = actions

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        self.refresh()

    def shown(self) -> list[Action]:
        """The actions that can be done now and fit, in the order of the table's `bar`."""
        active = {entry.binding.id for entry in self.screen.active_bindings.values()}
        typing = isinstance(self.screen.focused, Input)
        wanted = [a for a in self._actions.values() if a.bar and a.keys and a.id in active]
        wanted = [a for a in wanted if not (typing and _types(a.keys[0]))]
        kept: list[Action] = []
        room = self.size.width - 1
        for action in sorted(wanted, key=lambda action: (action.bar < 90, action.bar)):
            room -= cell_len(_words(action))
            if room < 0:
                break
            kept.append(action)
        return sorted(kept, key=lambda action: action.bar)

    def render_line(self, y: int) -> Strip:
        line: Line = ((" ", "text"),)
        own: tuple[tuple[str, str], ...] = getattr(self.screen.focused, "KEYS", ())  # of a field
        for key, title in (*own, *(action.in_bar for action in self.shown())):
            line += ((key, "accent"), (f" {title}  ", "quiet"))
        return strip(line, self.size.width, palette_of(self.app), self.rich_style)

    async def on_click(self, event: events.Click) -> None:
        reached = 1
        for action in self.shown():
            reached += cell_len(_words(action))
            if event.x < reached:
                self.app.simulate_key(action.keys[0])
                return


def _words(action: Action) -> str:
    return " ".join(action.in_bar) + "  "


def _types(key: str) -> bool:
    return len(key_label(key)) == 1 and key not in ("up", "down", "left", "right")
