"""The exchanges behind a row of the savings, and what the ledger keeps of each."""

import asyncio
import time
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical

from app.holds.past import PastError
from app.keys import bindings
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.text import plain, whole
from app.widgets.canvas import Line, entry
from app.widgets.details import page
from app.widgets.heading import Heading
from app.widgets.pager import Pager
from app.widgets.pile import PAGE, Pile
from proxy.ledger.behind import Behind
from proxy.ledger.old import record_of

KEPT = (
    "The ledger keeps no reasons for tools left out, no sizes of single results, and no text unless"
    " [ledger] keep_text says so."
)


class ExchangesScreen(Room):
    """Reads the ledger in threads: a list that takes long, or fails, holds nothing up."""

    ROOM = "exchanges"
    TAB = "history"
    BINDINGS: ClassVar = bindings("exchanges")
    DEFAULT_CSS = """
    ExchangesScreen #box {
        height: 1fr; max-height: 55%; display: none; border-top: solid $border;
    }
    ExchangesScreen.-h30 #box, ExchangesScreen.-h40 #box, ExchangesScreen.-full #box {
        display: block;
    }
    ExchangesScreen.-full #box { max-height: 100%; border-top: none; }
    ExchangesScreen.-full Pile, ExchangesScreen.-full #on-pile { display: none; }
    """

    def __init__(
        self, services: DashboardServices, store: Store, title: str, behind: Behind
    ) -> None:
        super().__init__(services, store)
        self._title, self._behind = title, behind
        self._wanted = ""  # the exchange that the details show, or are about to

    def body(self) -> ComposeResult:
        yield Heading(self._title, id="on-pile")
        yield Pile(id="pile")
        with Vertical(id="box"):
            yield Pager(id="old")

    def on_mount(self) -> None:
        super().on_mount()
        self.pile.focus()
        self._find()

    @property
    def pile(self) -> Pile:
        return self.query_one(Pile)

    @property
    def full(self) -> bool:
        """The details have the whole height."""
        return self.has_class("-full")

    @work(group="find")
    async def _find(self) -> None:
        try:
            self._behind = await asyncio.to_thread(self.services.past.found, self._behind)
        except PastError as error:
            self.pile.fail(plain(error))
            return
        self.pile.begin(self._behind.count)
        one = self._behind.count == 1
        self.query_one("#on-pile", Heading).say(
            "1 exchange" if one else f"{whole(self._behind.count)} exchanges, newest first"
        )

    @on(Pile.Wanted)
    def _want(self, event: Pile.Wanted) -> None:
        self._read(event.number)

    @work(group="read")
    async def _read(self, number: int) -> None:
        past, behind = self.services.past, self._behind
        try:
            records = await asyncio.to_thread(past.page, behind, number * PAGE, PAGE)
        except PastError as error:
            self.pile.fail(plain(error))
            return
        self.pile.put(number, records)

    @on(Pile.Selected)
    def _selected(self) -> None:
        row = self.pile.row
        if row is not None and row.id != self._wanted:
            self._wanted = row.id
            self._tell(row.id)

    @work(group="tell", exclusive=True)
    async def _tell(self, id: str) -> None:
        """Show an exchange; of those that were passed by meanwhile only the last."""
        try:
            kept = await asyncio.to_thread(self.services.past.exchange, id)
        except PastError as error:
            self._show((plain(error), "bad"))
            return
        if kept is not None and id == self._wanted:
            self.query_one(Pager).show(lambda width: told(kept, width), top=True)

    def _show(self, *line: tuple[str, str]) -> None:
        self.query_one(Pager).show(lambda width: [line], top=True)

    @on(Pile.Opened)
    def action_details(self) -> None:
        """Give the details the whole height, or take it back."""
        if not self.full and self.pile.row is None:
            return
        full = not self.full
        self.set_class(full, "-full")
        (self.query_one(Pager) if full else self.pile).focus()
        self.refresh_bindings()

    def action_back(self) -> None:
        """From the details to the list, from the list to the savings."""
        if self.full:
            self.action_details()
        else:
            self.dismiss()

    def action_step(self, by: int) -> None:
        """The next exchange, from the details too."""
        self.pile.go(self.pile.cursor + by)


def told(kept: dict[str, Any], width: int) -> list[Line]:
    """What the ledger keeps of an exchange, as lines."""
    row = record_of(kept)
    day = time.strftime("%A, %Y-%m-%d", time.localtime(row.at))
    techniques = ", ".join(plain(name, 60) for name in kept["techniques"])
    shortened = entry("results", f"rewritten by {techniques}", width) if techniques else ()
    return [
        ((f"{day}  ", "text"), (plain(row.id, 80), "quiet")),
        *page(row, width),
        *shortened,
        (),
        *entry("", KEPT, width, "quiet"),
    ]
