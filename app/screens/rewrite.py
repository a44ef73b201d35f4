"""Before and after: what the rewrite of one exchange saved, by technique and by result."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.events import ScreenResume

from app.holds.past import PastError
from app.keys import bindings
from app.rewritten import Entry, entries
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.text import plain, whole
from app.widgets.before_after import diff, sums
from app.widgets.canvas import Line, wrap
from app.widgets.grid import Column, Grid, Row
from app.widgets.heading import Heading
from app.widgets.pager import Pager
from proxy.config.load import ConfigError

NOTHING = "No tool result of this exchange was rewritten."
NOT_KEPT = "Texts are not kept. [ledger] keep_text = true keeps them from now on, to compare here."
NO_TEXT = "The text of this exchange was not kept, or is not in the ledger yet."
NOT_PICKED = (
    "The text of the result that is picked above shows here, as it came and as it was sent."
)
COLUMNS = (
    Column("tool", 12, 0, grow=True),
    Column("technique", 14, 0),
    Column("before ~", 8, 1, right=True),
    Column("after ~", 8, 1, right=True),
    Column("saved ~", 8, 0, right=True),
    Column("", 16, 2),
)


class ResultTable(Grid):
    """One row a result."""

    TOPIC = "results"


class RewriteScreen(Room):
    """Shows the exchange that is selected on the live screen."""

    ROOM = "rewrite"
    BINDINGS: ClassVar = bindings("rewrite")
    DEFAULT_CSS = """
    RewriteScreen #sums { height: 12; }
    RewriteScreen.-h20 #sums { height: 9; }
    RewriteScreen.-h15 #sums { height: 5; }
    RewriteScreen ResultTable { height: 1fr; }
    RewriteScreen #diff { height: 1fr; }
    RewriteScreen.-h15 #diff, RewriteScreen.-h15 #on-diff { display: none; }
    """

    def __init__(self, services: DashboardServices, store: Store) -> None:
        super().__init__(services, store)
        self._entries: list[Entry] = []
        self._drawn: object = None  # what the table was drawn from
        self._told: object = None  # what the text below was drawn from

    def body(self) -> ComposeResult:
        yield Heading("What was sent", id="on-sums")
        yield Pager(id="sums")
        yield Heading("Tool results", id="on-results")
        yield ResultTable(COLUMNS, NOTHING, id="results")
        yield Heading("Before and after", id="on-diff")
        yield Pager(id="diff")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(ResultTable).focus()

    def on_screen_resume(self, event: ScreenResume) -> None:
        self._drawn = self._told = None
        super().on_screen_resume(event)

    @property
    def names(self) -> tuple[str, ...]:
        """The tools whose results are never compressed."""
        return self.services.whole.names if self.services.whole else ()

    @property
    def picked(self) -> Entry | None:
        at = self.query_one(ResultTable).cursor
        return self._entries[at] if at < len(self._entries) else None

    def tick(self) -> None:
        row = self.store.chosen
        now = (row and row.id, row and row.state, self.names, self.store.version)
        if now != self._drawn:
            self._drawn = now
            self._entries = entries(row, self.names)
            self.query_one("#sums", Pager).show(lambda width: sums(row, width))
            self.query_one(ResultTable).show([_row(one, self.names) for one in self._entries])
            self.refresh_bindings()
        told = (row and row.id, self.picked)
        if told != self._told:
            self._told = told
            self._compare()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted or action != "never":
            return True
        return self.services.whole is not None and self.picked is not None

    async def action_never(self) -> None:
        """Never compress the picked tool's results, or do so again."""
        picked, chosen = self.picked, self.services.whole
        if picked is None or chosen is None:
            return
        try:
            never = await asyncio.to_thread(chosen.toggle, picked.tool)
        except (ConfigError, OSError) as problem:
            self.notify(plain(problem, 300), severity="error", markup=False)
            return
        words = "never compressed from now on" if never else "compressed again from now on"
        self.notify(f"Results of {plain(picked.tool, 60)} are {words}.", markup=False)
        self.tick()

    def action_back(self) -> None:
        self.app.switch_mode("live")

    @work(group="compare", exclusive=True)
    async def _compare(self) -> None:
        row, picked = self.store.chosen, self.picked
        below = self.query_one("#diff", Pager)
        if row is None or picked is None or picked.result is None:
            below.show(
                lambda width: [((text, "quiet"),) for text in wrap(NOT_PICKED, width)], top=True
            )
            return
        try:
            pair = await asyncio.to_thread(
                self.services.past.before_and_after, row.id, picked.result
            )
        except PastError as problem:
            pair, why = None, str(problem)
        else:
            why = NO_TEXT if self.services.keeps_text() else NOT_KEPT
        below.show(lambda width: diff(pair, plain(why), width), top=True)


def _hint(width: int) -> list[Line]:
    return [((text, "quiet"),) for text in wrap(NOT_PICKED, width)]


def _row(entry: Entry, never: Sequence[str]) -> Row:
    alone, result = entry.tool in never, entry.result
    name = (f"{'✕ ' if alone else ''}{plain(entry.tool, 120)}", "warn" if alone else "text")
    spared = ("never compressed" if alone else "", "warn")
    if result is None:
        return (name, *((("", "text"),) * 4), spared)
    return (
        name,
        (plain(result.technique, 80), "quiet"),
        (whole(result.before), "quiet"),
        (whole(result.after), "text"),
        (whole(result.before - result.after), "good"),
        spared,
    )
