"""A list of past exchanges, read a page at a time as it is scrolled: the feed's columns, with days.

Its length costs nothing: a million lines are as many as a hundred.
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from app.keys import bindings
from app.theme import Palette
from app.widgets.canvas import Line, strip, wrap
from app.widgets.columns import drawn, heading
from app.widgets.sheet import Sheet
from app.widgets.stepping import Stepping
from proxy.record import Record

PAGE: Final = 100  # exchanges
PAGES_KEPT: Final = 20
HEADING: Final = 1  # lines
READING: Final = "reading the ledger …"


class Pile(Stepping, Sheet, can_focus=True):
    """Asks for the pages that are in sight by `Wanted`, and is given them by `put`."""

    DEFAULT_CSS = "Pile { height: 1fr; }"
    TOPIC: ClassVar = "exchanges"
    BINDINGS: ClassVar = bindings("table")

    class Wanted(Message):
        """The page of this number came into sight and is not known."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Selected(Message):
        """Another exchange is selected, or the selected one has been read."""

    class Opened(Message):
        """A double click asks for the exchange."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._count = 0
        self.cursor = 0
        self._said = READING
        self._pages: OrderedDict[int, Sequence[Record]] = OrderedDict()
        self._asked: set[int] = set()
        self._told = ""  # the exchange that was last said to be selected

    @property
    def count(self) -> int:
        return self._count

    @property
    def row(self) -> Record | None:
        """The selected exchange; None until it was read."""
        return self.at(self.cursor)

    def at(self, place: int) -> Record | None:
        """The exchange at a place, where its page is known."""
        page = self._pages.get(place // PAGE, ())
        return page[place % PAGE] if place % PAGE < len(page) else None

    def begin(self, count: int) -> None:
        """There are so many."""
        self._count = count
        self._said = "None: what was here is in the ledger no more."
        self._lay_out()

    def fail(self, why: str) -> None:
        """Nothing can be read; say why."""
        self._count, self._said = 0, why
        self._asked.clear()
        self._lay_out()

    def put(self, number: int, page: Sequence[Record]) -> None:
        """A page was read; the one not seen for longest goes."""
        self._asked.discard(number)
        self._pages[number] = page
        if len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        self._tell()
        self.refresh()

    def go(self, to: int) -> None:
        """Move the cursor, and the view with it."""
        self.cursor = min(max(to, 0), max(self.count - 1, 0))
        top = min(self.cursor, max(self.scroll_offset.y, self.cursor - self.in_sight + 1))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        self._tell()
        self._want()
        self.refresh()

    def draw(self, y: int, width: int, palette: Palette, under: Style) -> Strip:
        place = self.scroll_offset.y + y - HEADING
        if not self.count:
            lines = wrap(self._said, max(width - 2, 1))
            return strip(((f" {lines[y]}", "quiet"),) if y < len(lines) else (), width, palette)
        if y < HEADING:
            return strip(_dated("day", heading(width - _DAY)), width, palette, under)
        if place >= self.count:
            return strip((), width, palette, under)
        row, chosen = self.at(place), place == self.cursor
        line: Line = ((" …", "quiet"),)
        if row is not None:
            day = time.strftime("%m-%d", time.localtime(row.at))
            line = _dated(day, drawn(row, width - _DAY, "▌" if chosen else " "))
        return strip(line, width, palette, under + palette.selected if chosen else under)

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        self._want()

    def on_resize(self) -> None:
        self._lay_out()
        self.go(self.cursor)

    def on_click(self, event: events.Click) -> None:
        place = self.scroll_offset.y + event.y - HEADING
        if event.y >= HEADING and place < self.count:
            self.go(place)
            if event.chain == 2:
                self.post_message(self.Opened())

    @property
    def in_sight(self) -> int:
        return max(self.scrollable_content_region.height - HEADING, 1)

    def _tell(self) -> None:
        row = self.row
        if row is not None and row.id != self._told:
            self._told = row.id
            self.post_message(self.Selected())

    def _want(self) -> None:
        """Ask for the pages in sight that are neither known nor asked for."""
        top = int(self.scroll_offset.y)
        last = min(top + self.in_sight, self.count - 1)
        for number in range(top // PAGE, last // PAGE + 1):
            if number in self._pages:
                self._pages.move_to_end(number)
            elif number not in self._asked:
                self._asked.add(number)
                self.post_message(self.Wanted(number))

    def _lay_out(self) -> None:
        self.virtual_size = Size(self.line_width, self.count + HEADING)
        self._want()
        self.refresh()


_DAY: Final = 6  # cells


def _dated(day: str, line: Line) -> Line:
    """The line with a day before its time."""
    return (*line[:1], (f"{day:<{_DAY}}", "quiet"), *line[1:])
