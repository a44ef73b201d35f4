"""What is happening right now: totals, the feed, and the selected exchange."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Input

from app.filters import Filter, FilterError
from app.keys import bindings
from app.screens.base import Room
from app.text import short_session
from app.widgets.details import page
from app.widgets.feed import Feed
from app.widgets.pager import Pager
from app.widgets.status import Status
from app.widgets.totals import TotalsBar
from classifier.tiers import Tier


class LiveScreen(Room):
    """Steers with the keys 1 to 4 and 0; everything else here only looks."""

    ROOM = "live"
    BINDINGS: ClassVar = bindings("live")
    CSS = """
    LiveScreen #split { height: 1fr; }
    LiveScreen #list { height: 1fr; }
    LiveScreen #details { height: 2fr; border-top: solid $border; }
    LiveScreen.-h30 #details, LiveScreen.-h40 #details { height: 22; max-height: 60%; }
    LiveScreen.-w140 #split { layout: horizontal; }
    LiveScreen.-w140 #list { width: 1fr; }
    LiveScreen.-w140 #details {
        width: 44%; height: 1fr; max-height: 100%; border-top: none; border-left: solid $border;
    }
    LiveScreen.-full #list { display: none; }
    LiveScreen.-full #details {
        width: 1fr; height: 1fr; max-height: 100%; border-left: none; border-top: none;
    }
    LiveScreen #filter { display: none; }
    LiveScreen.-filtering #filter { display: block; }
    """

    def body(self) -> ComposeResult:
        self._drawn = -1
        yield TotalsBar(self.store.totals)
        with Container(id="split"):
            with Vertical(id="list"):
                yield Status(self.store)
                yield Input(
                    placeholder="tier:complex saved>1000 !cache:hit  (? helps)", id="filter"
                )
                yield Feed(self.store, self.services.base_url)
            yield Pager(id="details")

    def on_mount(self) -> None:
        super().on_mount()
        self.feed.focus()
        self._tell()

    @property
    def feed(self) -> Feed:
        return self.query_one(Feed)

    @property
    def details(self) -> Pager:
        return self.query_one("#details", Pager)

    def tick(self) -> None:
        if self.store.version == self._drawn and not self.store.totals.in_flight:
            return
        changed, self._drawn = self.store.version != self._drawn, self.store.version
        self.feed.flush()
        if changed:
            self.query_one(TotalsBar).refresh()
            self.query_one(Status).refresh()
            row = self.feed.row
            if row is None or not row.ended or row.id != self._told:
                self._tell()

    @on(Feed.Selected)
    def _tell(self) -> None:
        row = self.feed.row
        fresh = getattr(self, "_told", "") != (row.id if row else "")
        self._told = row.id if row and row.ended else ""
        self.details.show(lambda width: page(row, width), top=fresh)

    # steering

    def action_hold(self, tier: int) -> None:
        """Hold the selected exchange's session to a tier."""
        self._override(Tier(tier))

    def action_release(self) -> None:
        self._override(None)

    def action_release_all(self) -> None:
        table = self.services.routing.table
        self.services.routing.replace(replace(table, overrides={}, override_new=None))
        self.beat()

    def _override(self, tier: Tier | None) -> None:
        row = self.feed.row
        if row is None or not row.session:
            self.notify("Select an exchange first: its session is what the key steers.")
            return
        table = self.services.routing.table
        if tier is None and row.session not in table.overrides:
            self.notify(f"Session {short_session(row.session)} is automatic already.")
            return
        self.services.routing.replace(table.with_override(row.session, tier))
        self.beat()

    # the list

    def action_filter(self) -> None:
        self.remove_class("-full")
        self.add_class("-filtering")
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        status = self.query_one(Status)
        try:
            self.store.set_filter(Filter.of(event.value))
            status.error = ""
        except FilterError as error:
            status.error = str(error)
        status.refresh()
        self.tick()
        self.feed.reveal()

    @on(Input.Submitted, "#filter")
    def _entered(self) -> None:
        self.remove_class("-filtering")
        self.query_one(Status).error = ""
        self.feed.focus()

    def action_clear(self) -> None:
        """Undo the nearest of: full details, the filter, the pause."""
        field = self.query_one("#filter", Input)
        if self.has_class("-full"):
            self.action_details()
        elif self.has_class("-filtering") or field.value:
            field.value = ""
            self._entered()
        elif self.store.paused:
            self.action_pause()

    def action_pause(self) -> None:
        self.store.set_paused(not self.store.paused)
        self.tick()

    def action_follow(self) -> None:
        self.store.follow = not self.store.follow
        if self.store.follow and self.store.paused:
            self.store.set_paused(False)
        self.store.version += 1
        self.tick()

    def action_details(self) -> None:
        full = not self.has_class("-full")
        self.set_class(full, "-full")
        (self.details if full else self.feed).focus()

    def action_step(self, by: int) -> None:
        self.feed.step(by)
