"""The list of accounts: each with its health, and how it was found."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from app.newcomer.found import Account
from app.newcomer.wizard.table import bindings
from app.text import plain
from app.widgets.canvas import Line, fit, palette_of, strip

NAMES, HEALTH = 16, 22  # cells; names take more where one is longer


def health(account: Account) -> tuple[str, str]:
    """How it is, in as few words as fit a column, and their style."""
    found = account.probe
    if account.usable:
        listed = "answers" if found.models is None else f"lists {len(found.models)} models"
        return ("signs its client in" if account.client else listed), "good"
    if found.keyless:
        return "its key is not set", "bad"
    if found.refused:
        return f"refuses the key ({found.status})", "bad"
    return (f"odd answer ({found.status})" if found.reached else "not reached"), "bad"


class Accounts(Widget, can_focus=True):
    """A line an account, with a cursor; those that are left out are quiet."""

    TOPIC = "accounts"
    BINDINGS = bindings("accounts")
    DEFAULT_CSS = "Accounts { height: auto; max-height: 12; }"

    class Moved(Message):
        """The cursor is on another account."""

    class Toggled(Message):
        """Its user wants the account under the cursor in, or out."""

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0
        self._rows: Sequence[Account] = ()
        self._off: Collection[str] = ()
        self._hint = ""

    @property
    def under(self) -> Account | None:
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def show(self, rows: Sequence[Account], off: Collection[str], hint: str) -> None:
        """Draw `rows`; `hint` stands where there are none."""
        self._rows, self._off, self._hint = rows, frozenset(off), hint
        self.cursor = min(self.cursor, max(len(rows) - 1, 0))
        self.refresh(layout=True)

    def at(self, name: str) -> None:
        """Put the cursor on an account."""
        names = [one.name for one in self._rows]
        self.cursor = names.index(name) if name in names else self.cursor
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(len(self._rows), 1)

    def action_move(self, by: int) -> None:
        self.cursor = min(max(self.cursor + by, 0), max(len(self._rows) - 1, 0))
        self.refresh()
        self.post_message(self.Moved())

    def action_use(self) -> None:
        self.post_message(self.Toggled())

    def on_click(self, event: events.Click) -> None:
        self.action_move(self._first + event.y - self.cursor)

    def on_focus(self, event: events.Focus) -> None:
        self.refresh()

    def on_blur(self, event: events.Blur) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        at, palette = self._first + y, palette_of(self.app)
        here = self.has_focus and at == self.cursor and bool(self._rows)
        under = self.rich_style + palette.selected if here else self.rich_style
        return strip(self._line(at), self.size.width, palette, under)

    @property
    def _first(self) -> int:
        """The first row in sight."""
        return max(self.cursor - max(self.size.height, 1) + 1, 0)

    def _line(self, at: int) -> Line:
        if not self._rows:
            return ((f"   {self._hint}", "quiet"),)
        if at >= len(self._rows):
            return ()
        one = self._rows[at]
        used = one.name not in self._off
        state, style = health(one) if used else ("left out", "quiet")
        bar = "▌" if at == self.cursor else " "
        mark = ("✓" if one.usable else "✗") if used else "–"
        wide = max([NAMES, *(len(row.name) for row in self._rows)]) + 2
        name = fit(plain(one.name), wide)
        room, said = self.size.width - wide - HEALTH - 5, plain(one.why)
        return (
            (f" {bar}", "accent"),
            (f"{mark} ", style),
            (name, "text" if used else "quiet"),
            (fit(state, HEALTH) + " ", style),
            (said if cell_len(said) <= room else "", "quiet"),  # below the list it stands whole
        )
