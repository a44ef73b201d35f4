"""An exchange sent once more on a tier of choice: both answers side by side, and their cost."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import ScreenResume
from textual.widgets import Static

from app.keys import bindings
from app.replayed import NONE, Again, Compared, ReplayError, Said, compared
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.text import clock, plain
from app.widgets.answers import COLUMNS, now_page, offer_row, terms, then_page
from app.widgets.grid import Grid
from app.widgets.heading import Heading
from app.widgets.pager import Pager
from classifier.tiers import Tier
from proxy.past.replay import Offer
from proxy.record import Record

LOOKING = "Looking for its text …"


class OfferTable(Grid):
    """One row a tier."""

    TOPIC = "offers"


class ReplayScreen(Room):
    """Replays the exchange that is selected on the live screen."""

    ROOM = "replay"
    TAB = "live"
    BINDINGS: ClassVar = bindings("replay")
    DEFAULT_CSS = """
    ReplayScreen OfferTable { height: 5; }
    ReplayScreen.-h15 OfferTable { height: 3; }
    ReplayScreen.-h20 OfferTable { height: 5; }
    ReplayScreen #terms { height: auto; max-height: 2; padding: 0 1; color: $warning; }
    ReplayScreen #answers { height: 1fr; border-top: solid $border; }
    ReplayScreen.-h15 #answers { border-top: none; }
    ReplayScreen.-h20 #answers { border-top: solid $border; }
    ReplayScreen #answers Vertical { width: 1fr; }
    ReplayScreen #now-side { border-left: solid $border; }
    """

    def __init__(self, services: DashboardServices, store: Store) -> None:
        super().__init__(services, store)
        self._compared: Compared | None = None
        self._why = LOOKING  # there is nothing to compare
        self._seen: object = None  # what the offers were found under
        self._drawn: object = None
        self._then: Compared | None = None  # whose answer stands on the left

    def body(self) -> ComposeResult:
        yield Heading("Replay", id="on-offers")
        yield OfferTable(COLUMNS, LOOKING, id="offers")
        yield Static(id="terms", markup=False)
        with Horizontal(id="answers"):
            with Vertical():
                yield Heading("Then", id="on-then")
                yield Pager(id="then")
            with Vertical(id="now-side"):
                yield Heading("Now", id="on-now")
                yield Pager(id="now")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(OfferTable).focus()

    def on_screen_resume(self, event: ScreenResume) -> None:
        row = self.store.chosen
        if self._compared is None or row is None or row.id != self._compared.row.id:
            self._compared, self._seen, self._why = None, None, LOOKING
        super().on_screen_resume(event)

    @property
    def picked(self) -> Offer | None:
        """The tier that the cursor is on."""
        at = self.query_one(OfferTable).cursor
        return self._compared.offers[at] if self._compared else None

    @on(Grid.Moved)
    def tick(self) -> None:
        if not self.query("#now"):
            return  # not composed yet
        row = self.store.chosen
        link = self.services.link
        there = link is None or not link.problem
        seen = (self.services.routing.table, row is not None and row.ended, there)
        if seen != self._seen:
            self._seen = seen
            self._look()
        found = self._compared
        for again in found.again.values() if found else ():
            self._follow(again)
        states = [(a.row and (a.row.state, a.row.latency), a.answer) for a in self._replays]
        now = (found and (found.row.id, found.offers), self._why, self.picked, states)
        if now != self._drawn:
            self._drawn = now
            self._draw()

    @property
    def _replays(self) -> list[Again]:
        return list(self._compared.again.values()) if self._compared else []

    @work(group="look", exclusive=True)
    async def _look(self) -> None:
        """Find the exchange's text, and what each tier would cost."""
        row, replays = self.store.chosen, self.services.replays
        if row is None or replays is None:
            self._compared, self._why = None, NONE
            return
        before, found = self._compared, await compared(row, replays)
        same = before is not None and before.row.id == row.id
        if isinstance(found, str):
            self._why = found
            self._compared = before.closed(found) if before and same else None
        else:
            found.again = before.again if before and same else {}
            self._compared = found
            self._list()
            if not same:
                self.query_one(OfferTable).go(_another(row.tier))
        self.tick()

    def _follow(self, again: Again) -> None:
        """Take in how far a replay has come."""
        again.row = self.store.row(again.id) or again.row
        if again.over and not again.read:
            again.read = True
            self._read(again)

    @work(group="read")
    async def _read(self, again: Again) -> None:
        replays = self.services.replays
        try:
            again.answer = await replays.answer(again.id) if replays else None
        except ReplayError as error:
            again.answer = Said(why=str(error))
        self.tick()

    def _draw(self) -> None:
        found, offer = self._compared, self.picked
        self.query_one("#on-offers", Heading).say(self._named(found))
        self._list()
        said = terms(offer, found) if found and offer else ""
        self.query_one("#terms", Static).update(said)
        again = found.again.get(offer.tier) if found and offer else None
        self.query_one("#on-then", Heading).say(_place(found.row) if found else "")
        row = again.row if again else None
        self.query_one("#on-now", Heading).say(_place(row) if row else "")
        then, now = self.query_one("#then", Pager), self.query_one("#now", Pager)
        if found is not self._then:
            self._then = found
            then.show(lambda width: then_page(found, width), top=True)
        now.show(lambda width: now_page(again, width) if found else [])
        self.refresh_bindings()

    def _list(self) -> None:
        found = self._compared
        rows = [offer_row(one, found) for one in found.offers] if found else []
        self.query_one(OfferTable).show(rows, self._why)

    def _named(self, found: Compared | None) -> str:
        if found is None:
            return ""
        row = found.row
        return f"{clock(row.at)} {plain(row.client, 40)} {row.id[:8]}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted or action not in ("send", "pick"):
            return True
        return self._compared is not None

    def action_pick(self, tier: int) -> None:
        self.query_one(OfferTable).go(tier)

    def action_send(self) -> None:
        """Send the request to the picked tier, unless that is under way."""
        found, offer = self._compared, self.picked
        if found is None or offer is None:
            return
        before = found.again.get(offer.tier)
        if offer.why or (before and not before.over):
            self.notify(offer.why or "It is under way already.", markup=False)
            return
        again = found.again[offer.tier] = Again()
        self._begin(found, offer.tier, again, before)
        self.tick()

    @work(group="begin")
    async def _begin(self, found: Compared, tier: Tier, again: Again, before: Again | None) -> None:
        """Where it can't be sent, the one before stays."""
        replays = self.services.replays
        try:
            again.id = await replays.begin(found.row, tier) if replays else ""
        except ReplayError as error:
            self.notify(str(error), severity="error", markup=False)
            found.again.pop(tier)
            if before:
                found.again[tier] = before
        self.tick()

    def action_back(self) -> None:
        self.app.switch_mode("live")


def _place(row: Record) -> str:
    return f"{row.tier} {plain(row.provider, 80)}/{plain(row.model, 120)}"


def _another(tier: str) -> int:
    """Where the cursor stands first: one above the tier that answered, of the highest one below."""
    at = Tier[tier] if tier in Tier.__members__ else Tier.MEDIUM
    return at + 1 if at < Tier.REASONING else at - 1
