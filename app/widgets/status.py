"""The line above the feed: how many exchanges it shows, and what holds it back."""

from textual.strip import Strip
from textual.widget import Widget

from app.store import Store
from app.text import plain
from app.widgets.canvas import Line, palette_of, strip

_GO_ON: Line = (("  space goes on", "quiet"),)
_KEEP = "  enter keeps the filter, esc clears it"
_KEEP_BRIEF = "  enter keeps, esc clears"


class Status(Widget):
    """Filter, pause and follow, said in words; an error in the filter takes the line."""

    DEFAULT_CSS = "Status { height: 1; background: $background; }"

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.error = ""
        self.typing = False
        self.place = 0  # of the selected exchange
        self.lanes = False  # the feed stands by session
        self.gate = ""  # what is said of dear requests
        self.trouble = ""  # of the caches

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        told: Line = ((f"  ○ {self.trouble}", "warn"),) if self.trouble else ()
        if self.gate:
            told = ((f"  ‖ {self.gate}", "warn"), *told)
        return strip((*self.line(), *told), width, palette_of(self.app), self.rich_style)

    def line(self) -> Line:
        store = self._store
        if self.error:
            return ((f" {plain(self.error, 400)}", "bad"),)
        if self.typing:
            found = f" {len(store.view):,} of {len(store.rows):,} exchanges match"
            roomy = len(found) + len(_KEEP) <= self.size.width
            return ((found, "quiet"), (_KEEP if roomy else _KEEP_BRIEF, "quiet"))
        if not store.rows:
            return ((" waiting for the first request", "quiet"),)
        how = " by session, newest first" if self.lanes else ""
        counted = "1 exchange" if len(store.view) == 1 else f"{len(store.view):,} exchanges"
        line: Line = ((f" {counted}{how}", "quiet"),)
        if store.filter.text:
            line = (
                (f" {len(store.view):,} of {len(store.rows):,} exchanges match ", "quiet"),
                (plain(store.filter.text, 200), "accent"),
                (how, "quiet"),
            )
        if store.paused:
            return (
                *line,
                ("  ‖ paused ", "warn"),
                (f"{store.waiting:,} waiting", "quiet"),
                *_GO_ON,
            )
        if store.follow or not store.view:
            return (*line, ("  ⇣ following", "primary"))
        at = "" if self.lanes else f"  at {self.place + 1:,}"
        return (*line, (f"{at}  F follows", "quiet"))
