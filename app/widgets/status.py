"""The line above the feed: how many exchanges it shows, and what holds it back."""

from collections.abc import Mapping

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from app.store import Store
from app.text import counted, plain
from app.widgets.canvas import Line, fit, palette_of, strip, width_of

_HOW = (" by session, newest first", " by session")  # as there is room
_KEEP = "  enter keeps the filter, esc clears it"
_KEEP_BRIEF = "  enter keeps, esc clears"


class Status(Widget):
    """Filter, pause and follow, said in words; an error in the filter takes the line."""

    DEFAULT_CSS = "Status { height: 1; background: $background; }"

    def __init__(self, store: Store, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys  # as people write them, by action
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
        store, width = self._store, self.size.width
        if self.error:
            said = plain(self.error, 400)
            brief = said if cell_len(said) < width else said.partition("; ")[0]
            return ((f" {brief}", "bad"),)
        if self.typing:
            found = f" {len(store.view):,} of {len(store.rows):,} exchanges match"
            roomy = len(found) + len(_KEEP) <= width
            return ((found, "quiet"), (_KEEP if roomy else _KEEP_BRIEF, "quiet"))
        if not store.rows:
            return ((" waiting for the first request", "quiet"),)
        held = self._held()
        for how in (*_HOW, "") if self.lanes else ("",):
            line = (*self._counted(" exchanges", how), *held)
            if width_of(line) <= width:
                return line
        bare = self._counted("", "", 0)
        return (*self._counted("", "", width - width_of((*bare, *held))), *held)

    def _counted(self, noun: str, how: str, most: int = 200) -> Line:
        """How many exchanges are shown, and of the filter at most so many cells."""
        store = self._store
        if store.filter.text:
            text = plain(store.filter.text, 200)
            return (
                (f" {len(store.view):,} of {len(store.rows):,}{noun} match ", "quiet"),
                (fit(text, min(cell_len(text), most)), "accent"),
                (how, "quiet"),
            )
        return ((f" {counted(len(store.view), 'exchange')}{how}", "quiet"),)

    def _held(self) -> Line:
        """What holds the feed where it is, or that it follows."""
        store = self._store
        if store.paused:
            go_on = f"  {self._keys['pause']} goes on" if "pause" in self._keys else ""
            return (("  ‖ paused ", "warn"), (f"{store.waiting:,} waiting{go_on}", "quiet"))
        if store.follow or not store.view:
            return (("  ⇣ following", "primary"),)
        at = "" if self.lanes else f"  at {self.place + 1:,}"
        follow = f"  {self._keys['follow']} follows" if "follow" in self._keys else ""
        return ((f"{at}{follow}", "quiet"),)
