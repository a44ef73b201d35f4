"""The weights of the 13 dimensions as sliders, in two columns where there is room."""

from collections.abc import Mapping
from typing import Final

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from app.edits import SHIPPED, evened, nudged, weighing
from app.keys import bindings
from app.widgets.canvas import Line, bar, fit, palette_of, strip, width_of
from proxy.routing.table import Table

NAMES: Final = tuple(SHIPPED)
WIDE: Final = 76  # cells from which two columns fit
LABEL: Final = 23  # cells: a mark and the longest name
FIGURE: Final = 7  # cells of a weight
DELTA: Final = 8  # cells of how far it was moved, where there is room
FULL: Final = 0.5  # the weight of a full slider; 1 where one is above
GAP: Final = 2


class Weights(Widget, can_focus=True):
    """Arrow keys move a draft of the weights, which `Saved` asks to put in force."""

    TOPIC = "weights"
    BINDINGS = bindings("weights")
    DEFAULT_CSS = "Weights { height: 7; }"

    class Drafted(Message):
        """The draft moved, or was dropped."""

    class Saved(Message):
        """A person wants these weights in force."""

        def __init__(self, weights: Mapping[str, float]) -> None:
            super().__init__()
            self.weights = weights

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.in_force: dict[str, float] = dict(SHIPPED)
        self.draft: dict[str, float] = dict(SHIPPED)
        self.picked = 0

    @property
    def drafted(self) -> bool:
        return self.draft != self.in_force

    @property
    def total(self) -> float:
        return sum(self.draft.values())

    def show(self, table: Table) -> None:
        """Draw a table's weights; others in force replace the draft, the same ones leave it be."""
        if (weights := weighing(table)) != self.in_force:
            self.in_force, self.draft = weights, dict(weights)
            self._moved()

    def lines(self, width: int) -> int:
        """The lines that it takes to see all of them."""
        return -(-len(NAMES) // _across(width))

    def action_shift(self, by: float) -> None:
        self.draft = nudged(self.draft, NAMES[self.picked], by)
        self._moved()

    def action_pick(self, by: int) -> None:
        self.picked = (self.picked + by) % len(NAMES)
        self.refresh()

    def action_even(self) -> None:
        self.draft = evened(self.draft, NAMES[self.picked])
        self._moved()

    def action_save(self) -> None:
        if self.drafted:
            self.post_message(self.Saved(self.draft))

    def action_drop(self) -> None:
        self.draft = dict(self.in_force)
        self._moved()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click picks a dimension; one on a slider moves it there."""
        across = _across(self.size.width)
        wide = self._wide(across)
        column = min(event.x // (wide + GAP), across - 1)
        at = column * self.lines(self.size.width) + event.y + self._top
        if not 0 <= at < len(NAMES):
            return
        self.picked = at
        along, track = event.x - column * (wide + GAP) - LABEL, self._track(wide)
        if 0 <= along < track:
            value = round((along + 1) / track * self._full, 2)
            self.draft = nudged({**self.draft, NAMES[at]: value}, NAMES[at], 0)
            self._moved()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, rows = self.size.width, self.lines(self.size.width)
        across = _across(width)
        line: Line = ()
        for column in range(across):
            at, row = column * rows + y + self._top, y + self._top
            if row < rows and at < len(NAMES):
                line += self._slider(at, self._wide(across))
                line += ((" " * GAP, "text"),)
        return strip(line, width, palette_of(self.app), self.rich_style)

    @property
    def _full(self) -> float:
        return FULL if max(self.draft.values()) <= FULL else 1.0

    @property
    def _top(self) -> int:
        """The first row in sight: further down where the picked one would not be seen."""
        rows, height = self.lines(self.size.width), max(self.size.height, 1)
        row = self.picked % rows
        return min(max(row - height // 2, 0), max(rows - height, 0))

    def _wide(self, across: int) -> int:
        return (self.size.width - 1 - GAP * (across - 1)) // across

    def _track(self, wide: int) -> int:
        return max(wide - LABEL - FIGURE - (DELTA if wide >= LABEL + FIGURE + DELTA + 12 else 0), 3)

    def _slider(self, at: int, wide: int) -> Line:
        name = NAMES[at]
        value, before = self.draft[name], self.in_force[name]
        here = self.has_focus and at == self.picked
        moved = value != before
        lit = "accent" if moved else ("bold" if here else "text")
        mark = (("▸ " if here else "  "), "accent")
        track = self._track(wide)
        line: Line = (
            mark,
            (fit(name, LABEL - 2), "bold" if here else "text"),
            *bar(value, track, "accent" if moved or here else "primary", self._full),
            (fit(figure(value), FIGURE, right=True), lit),
        )
        if wide - width_of(line) >= DELTA:
            said = f"{value - before:+.4f}".rstrip("0") if moved else ""
            line += ((fit(said, DELTA, right=True), "quiet"),)
        return line

    def _moved(self) -> None:
        self.post_message(self.Drafted())
        self.refresh()


def _across(width: int) -> int:
    return 2 if width >= WIDE else 1


def figure(value: float) -> str:
    """Two places, more only where they say more."""
    return f"{value:.2f}" if abs(value - round(value, 2)) < 1e-6 else f"{value:.4f}".rstrip("0")
