"""A field for a provider/model that completes from what the providers list."""

from collections.abc import Iterable

from textual.binding import Binding
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

LONGEST = 300  # characters of a provider/model


def matching(typed: str, known: Iterable[str]) -> list[str]:
    """What may complete `typed`: those that begin with it, then those that hold all its words."""
    low = typed.strip().lower()
    names = list(dict.fromkeys(known))
    first = [name for name in names if name.lower().startswith(low)]
    words = low.replace("/", " ").split()
    rest = [name for name in names if name not in first and all(w in name.lower() for w in words)]
    return first + rest


class TargetInput(Input):
    """Takes a provider/model; up and down walk through what would complete it."""

    KEYS = (("enter", "Save"), ("tab", "Next model"), ("esc", "Drop"))
    BINDINGS = [
        Binding("down,tab", "walk(1)", show=False),
        Binding("up,shift+tab", "walk(-1)", show=False),
        Binding("escape", "drop", show=False),
    ]

    class Dropped(Message):
        """The edit was given up."""

    def __init__(self, known: "Known") -> None:
        super().__init__(suggester=known, max_length=LONGEST, select_on_focus=False, compact=True)
        self.known: tuple[str, ...] = ()
        self._begun = self._typed = ""
        self._at = -1

    def begin(self, value: str) -> None:
        self.value = self._begun = value
        self._typed, self._at = "", -1
        self.cursor_position = len(value)

    def matches(self) -> list[str]:
        """What completes the text that was typed; everything while nothing was typed."""
        return matching(self._typed, self.known)

    def typed(self) -> None:
        """Take the value as typed, unless walking put it there."""
        found = self.matches()
        if not (0 <= self._at < len(found) and found[self._at] == self.value):
            self._typed, self._at = "" if self.value == self._begun else self.value, -1

    def action_walk(self, by: int) -> None:
        found = self.matches()
        if found:
            at = self._at + by if self._at >= 0 or by > 0 else -1
            self._at = at % len(found)
            self.value = found[self._at]
            self.cursor_position = len(self.value)

    @property
    def picked(self) -> int:
        return self._at

    def action_drop(self) -> None:
        self.post_message(self.Dropped())

    def on_blur(self) -> None:
        self.post_message(self.Dropped())


class Known(Suggester):
    """Suggests the first known provider/model that begins with what stands in the field."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.names: tuple[str, ...] = ()

    async def get_suggestion(self, value: str) -> str | None:
        return next((name for name in self.names if value and name.startswith(value)), None)
