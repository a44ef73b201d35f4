"""The list of exchanges, drawn line by line: a repaint costs the same however many there are."""

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from app.keys import bindings
from app.lanes import AsCame, Lanes, Order
from app.store import Store
from app.text import plain
from app.theme import Palette
from app.widgets.canvas import Line, strip, width_of, wrap
from app.widgets.columns import drawn, heading
from app.widgets.lane import title
from app.widgets.sheet import Sheet
from proxy.record import Record

HEADING = 1  # lines


class Feed(Sheet, can_focus=True):
    """Shows `store.view`, as it came or in lanes. What is selected is an exchange, not a line:
    rows come and go."""

    DEFAULT_CSS = "Feed { height: 1fr; }"
    TOPIC = "feed"
    BINDINGS: ClassVar = bindings("feed")

    class Selected(Message):
        """Another exchange is selected."""

    def __init__(self, store: Store, base_url: str) -> None:
        super().__init__(id="feed")
        self._store = store
        self._base_url = base_url
        self._order: Order = AsCame(store)
        self.place = 0  # the line of the selection
        self.selected: str = ""  # an exchange's id

    @property
    def row(self) -> Record | None:
        """The selected exchange, as the list shows it."""
        return self._store.find(self.selected)

    @property
    def in_lanes(self) -> bool:
        return isinstance(self._order, Lanes)

    def regroup(self) -> None:
        """One lane a session, or all as they came again; the selection stays."""
        self._order = AsCame(self._store) if self.in_lanes else Lanes(self._store)
        self.place = self._order.place(self.selected) or 0
        self.flush()
        self.reveal()

    def flush(self) -> None:
        """Take in what the last tick changed: one repaint."""
        order = self._order
        place = order.place(self.selected)
        if order.lines and (place is None or self._following):
            wanted = order.newest if self._store.follow else self.place
            place = order.near(wanted, 1)
            self._choose(place)
        shift, self.place = (place or 0) - self.place, place or 0
        self._lay_out()
        if self._following:
            self._scroll(order.home)
        elif shift:  # rows came or went before it: what is in sight stays in sight
            self._scroll(self.scroll_offset.y + shift)
        self.refresh()

    def step(self, by: int) -> None:
        """Move the selection by some rows; at the newest row the list follows again."""
        self.go(self.place + by, by)

    def go(self, line: int, by: int = 1) -> None:
        """Select the exchange at a line, or the next one in the direction of `by`."""
        order = self._order
        if not order.lines:
            return
        place = order.near(line, by)
        self._store.follow = place == order.newest
        self._choose(place)
        self.reveal()
        self.refresh()

    def select(self, id: str) -> bool:
        """Select an exchange; False where the list does not show it."""
        place = self._order.place(id)
        if place is not None:
            self.go(place)
        return place is not None

    def reveal(self) -> None:
        """Scroll no further than it takes to have the selection in sight."""
        height, top = self._height, self.scroll_offset.y
        first = 0 if self.in_lanes and self.place == 1 else self.place  # its heading too
        self._scroll(min(max(top, self.place - height + 1), first))

    def draw(self, y: int, width: int, palette: Palette, under: Style) -> Strip:
        lines = self._order.lines
        at = self.scroll_offset.y + y - HEADING
        if not lines:
            return strip(self._hint(y, width), width, palette, under)
        if y < HEADING:
            return strip(heading(width), width, palette, under)
        if at >= len(lines):
            return strip((), width, palette, under)
        entry = lines[at]
        if isinstance(entry, str):
            return strip(title(entry, self._store.totals, width), width, palette, under)
        if entry.id != self.selected:
            return strip(drawn(entry, width, " "), width, palette, under)
        return strip(drawn(entry, width, "▌"), width, palette, under + palette.selected)

    def _hint(self, y: int, width: int) -> Line:
        lines = self._hints(min(width - 4, 72))
        block = max((width_of(line) for line in lines), default=0)
        top = max((self.size.height - len(lines)) // 3, 0)
        if not 0 <= y - top < len(lines):
            return ()
        return ((" " * ((width - block) // 2), "text"), *lines[y - top])

    def _hints(self, width: int) -> list[Line]:
        text = self._store.filter.text
        if text:
            said = f"No exchange matches  {plain(text)}  among {len(self._store.rows):,}."
            return [*_lines(said, "text", width), *_lines("esc clears the filter", "quiet", width)]
        return [
            *_lines("No requests yet. Point a client here, from another terminal:", "text", width),
            (),
            *_lines(f"ANTHROPIC_BASE_URL={plain(self._base_url)} claude", "accent", width),
            (),
            *_lines("Any client that takes a base URL will do; ? shows the keys.", "quiet", width),
        ]

    def _choose(self, place: int) -> None:
        self.place = place
        entry = self._order.lines[place]
        assert isinstance(entry, Record)
        chosen = entry.id
        if chosen != self.selected:
            self.selected = chosen
            self.post_message(self.Selected())

    def _lay_out(self) -> None:
        width, rows = self.line_width, len(self._order.lines)
        self.virtual_size = Size(width, rows + HEADING)

    def _scroll(self, top: int) -> None:
        last = max(len(self._order.lines) - self._height, 0)
        wanted = min(max(top, 0), last)
        if wanted != self.scroll_offset.y:
            self.scroll_to(y=wanted, animate=False)

    @property
    def _following(self) -> bool:
        return self._store.follow and not self._store.paused

    @property
    def _height(self) -> int:
        return max(self.scrollable_content_region.height - HEADING, 1)

    def on_resize(self) -> None:
        self._lay_out()
        self.reveal()

    def on_click(self, event: events.Click) -> None:
        place = self.scroll_offset.y + event.y - HEADING
        if event.y >= HEADING and place < len(self._order.lines):
            self.go(place)

    def on_mouse_scroll_up(self) -> None:
        self._store.follow = False

    def action_down(self) -> None:
        self.step(1)

    def action_up(self) -> None:
        self.step(-1)

    def action_top(self) -> None:
        self.go(0)

    def action_end(self) -> None:
        self.go(len(self._order.lines) - 1)

    def action_lane(self, by: int) -> None:
        """To the newest exchange of another session's lane."""
        if isinstance(self._order, Lanes):
            self.go(self._order.beside(self.place, by))

    def action_page_down(self) -> None:
        self.step(self._height - 1)

    def action_page_up(self) -> None:
        self.step(1 - self._height)


def _lines(text: str, style: str, width: int) -> list[Line]:
    return [((line, style),) for line in wrap(text, width)]
