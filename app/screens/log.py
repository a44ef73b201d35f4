"""What the program says about itself, newest last; the same lines go to the log file."""

from textual.app import ComposeResult

from app.screens.base import Room
from app.text import plain
from app.widgets.canvas import Line, wrap
from app.widgets.pager import Pager

EMPTY = "Nothing logged yet. Warnings and errors of the proxy show up here and in lynkr-tui.log."
ELSEWHERE = (
    "Here stands what this dashboard says about its connection. The proxy's own log stays on its"
    " machine: {}"
)
_STYLES = (("ERROR", "bad"), ("CRITICAL", "bad"), ("WARNING", "warn"), ("DEBUG", "quiet"))


class LogScreen(Room):
    """Follows the end while the end is in sight."""

    ROOM = "log"

    def body(self) -> ComposeResult:
        self._seen: tuple[int, str] | None = None
        yield Pager(stick=True, id="log")

    @property
    def _empty(self) -> str:
        link = self.services.link
        return ELSEWHERE.format(plain(link.log, 200)) if link else EMPTY

    def tick(self) -> None:
        lines = self.services.log_lines
        seen = (len(lines), lines[-1] if lines else "")
        if seen != self._seen:
            self._seen = seen
            self.query_one(Pager).show(self._page)

    def _page(self, width: int) -> list[Line]:
        entries = list(self.services.log_lines)
        if not entries:
            return [(), *(((text, "quiet"),) for text in wrap(self._empty, width))]
        return [((text, _style(entry)),) for entry in entries for text in wrap(plain(entry), width)]


def _style(entry: str) -> str:
    return next((style for word, style in _STYLES if word in entry[:60]), "text")
