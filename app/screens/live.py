"""What is happening right now: totals, the feed, and the selected exchange."""

from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, Static

from app.actions import labels
from app.copied import FILE, as_curl, as_json
from app.figures import HITS
from app.filters import Filter, FilterError
from app.holds.gate import told
from app.keys import bindings
from app.replayed import hindrance
from app.screens.base import Room
from app.text import dollars, plain
from app.widgets.details import page
from app.widgets.feed import Feed
from app.widgets.pager import Pager
from app.widgets.status import Status
from app.widgets.totals import TotalsBar
from classifier.tiers import Tier

LONGEST = 200  # characters of a filter
BESIDE = 84  # columns, from which the details may stand beside the feed
ROOMY = 190  # columns, from which they do, and neither lacks room
SHORT = 20  # lines, below which there is no room for them under the feed
_OFF = "The cache is off until the next start: all is asked anew, and nothing is kept."
_FORGOTTEN = "Forgotten: this answer is not given again."
_UNKNOWN = "No such answer is known: it was forgotten already, or is long ago."
_NO_PRICE = "Set [approval] dollars in the config first: what is likely to cost more then waits."
_ALL_GO = "Nothing waits any more; what waited is on its way."


class LiveScreen(Room):
    """Steers with the keys 1 to 4 and 0; everything else here only looks."""

    ROOM = "live"
    BINDINGS: ClassVar = bindings("live")
    CSS = """
    LiveScreen #split { height: 1fr; }
    LiveScreen #list { height: 1fr; }
    LiveScreen #box { height: 22; max-height: 58%; border-top: solid $border; }
    LiveScreen.-h20 #box { max-height: 45%; }
    LiveScreen.-h15 #box { display: none; }
    LiveScreen.-full #box { display: block; max-height: 100%; }
    LiveScreen.-beside #split { layout: horizontal; }
    LiveScreen.-beside #list { width: 1fr; }
    LiveScreen.-beside #box {
        display: block; width: 38%; height: 1fr; max-height: 100%;
        border-top: none; border-left: solid $border;
    }
    LiveScreen.-full #list { display: none; }
    LiveScreen.-full #box {
        width: 1fr; height: 1fr; max-height: 100%; border-left: none; border-top: none;
    }
    LiveScreen #filter-line { display: none; height: 1; background: $panel; }
    LiveScreen #filter-line Static { width: 2; padding-left: 1; color: $accent; }
    LiveScreen #filter { width: 1fr; }
    LiveScreen.-filtering #filter-line { display: block; }
    """

    def body(self) -> ComposeResult:
        self._labels = labels(self.services.keys)
        self._drawn = -1  # the store's version on screen
        self._told = ""  # the ended exchange in the details: it changes no more
        self._chosen = ""
        self._beside: bool | None = None  # what the person chose, if anything
        yield TotalsBar(self.store.totals)
        with Container(id="split"):
            with Vertical(id="list"):
                yield Status(self.store, self._labels)
                with Horizontal(id="filter-line"):
                    yield Static("/", markup=False)
                    yield Input(
                        placeholder="tier:complex saved>1000 !cache:hit",
                        id="filter",
                        max_length=LONGEST,
                    )
                yield Feed(self.store, self.services.base_url)
            with Vertical(id="box"):
                yield Pager(id="details")

    def on_mount(self) -> None:
        super().on_mount()
        self.feed.focus()
        self._tell()

    def on_resize(self) -> None:
        super().on_resize()
        self._arrange()

    def _arrange(self) -> None:
        """Details beside the feed or below it: as the person chose, or as the room is."""
        width, height = self.app.size
        fits = width >= ROOMY or height < SHORT
        wanted = fits if self._beside is None else self._beside
        self.set_class(wanted and width >= BESIDE, "-beside")

    @property
    def feed(self) -> Feed:
        return self.query_one(Feed)

    @property
    def details(self) -> Pager:
        return self.query_one("#details", Pager)

    @property
    def status(self) -> Status:
        return self.query_one(Status)

    def tick(self) -> None:
        self._tell_trouble()
        self._tell_waiting()
        if self.store.version == self._drawn and not self.store.totals.in_flight:
            return
        changed, self._drawn = self.store.version != self._drawn, self.store.version
        self.feed.flush()
        if changed:
            self.query_one(TotalsBar).refresh()
            self.status.refresh()
            row = self.feed.row
            if row is None or not row.ended or row.id != self._told:
                self._tell()

    def _tell_trouble(self) -> None:
        """Say what keeps the caches from answering, when that changes."""
        cached = self.services.cached
        trouble = cached.trouble if cached else ""
        if trouble != self.status.trouble:
            self.status.trouble = trouble
            self.status.refresh()

    def _tell_waiting(self) -> None:
        """Say whether dear requests wait, and how many do, when that changes."""
        gate = self.services.gate
        said = told(gate, self._labels) if gate else ""
        if said != self.status.gate:
            self.status.gate = said
            self.status.refresh()
            self.refresh_bindings()

    @on(Feed.Selected)
    def _tell(self) -> None:
        row = self.feed.row
        self.status.place = self.feed.place
        self.status.refresh()
        self.store.chosen = row
        chosen = row.id if row else ""
        self.details.show(lambda width: page(row, width), top=self._chosen != chosen)
        self._told = chosen if row and row.ended else ""
        if self._chosen != chosen:
            self._chosen = chosen
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what has nothing to act on now."""
        if not self.is_mounted:
            return True
        table, row = self.services.routing.table, self.feed.row
        held = row is not None and row.session in table.overrides
        possible = {
            "clear": self.typing or self.full or self.store.paused or bool(self.store.filter.text),
            "hold": row is not None,
            "replay": row is not None,
            "copy": row is not None,
            "copy_curl": row is not None,
            "wrong": row is not None and row.cache in HITS and self.services.cached is not None,
            "cache": self.services.cached is not None,
            "approval": self.services.gate is not None,
            "beside": self.app.size.width >= BESIDE and not self.full,
            "decide": self.services.gate is not None and bool(self.services.gate.waiting),
            "release": held,
            "release_all": bool(table.overrides) or table.override_new is not None,
        }
        return possible.get(action, True)

    @property
    def typing(self) -> bool:
        """The filter is being edited."""
        return self.has_class("-filtering")

    @property
    def full(self) -> bool:
        """The details have the whole height."""
        return self.has_class("-full")

    # steering

    def action_hold(self, tier: int) -> None:
        """Hold the selected exchange's session to a tier."""
        self._override(Tier(tier))

    def action_hold_new(self, tier: int) -> None:
        """Hold every session that has no override of its own to a tier."""
        table = self.services.routing.table
        self.services.routing.replace(replace(table, override_new=Tier(tier)))
        self._steered()

    def action_release(self) -> None:
        self._override(None)

    def action_release_all(self) -> None:
        table = self.services.routing.table
        self.services.routing.replace(replace(table, overrides={}, override_new=None))
        self._steered()

    def _override(self, tier: Tier | None) -> None:
        row = self.feed.row
        if row is None or not row.session:
            self.notify("Select an exchange first: its session is what the key steers.")
            return
        table = self.services.routing.table
        self.services.routing.replace(table.with_override(row.session, tier))
        self._steered()

    def action_approval(self) -> None:
        """Hold dear requests until the person says, or let all go."""
        gate = self.services.gate
        if gate is None:
            return
        if gate.above is None and not gate.on:
            self.notify(_NO_PRICE, markup=False)
            return
        on = gate.toggle()
        above = dollars(gate.above)
        self.notify(f"What is likely to cost more than {above} waits." if on else _ALL_GO)
        self.beat()

    def action_decide(self, go: bool) -> None:
        """Let the selected exchange go, or refuse it; where it does not wait, select one that
        does, so that nothing is decided unseen."""
        row, gate = self.feed.row, self.services.gate
        if gate is None or (row is not None and gate.decide(row.id, go)):
            return
        for id in gate.waiting:
            if self.feed.select(id):
                return

    def action_cache(self) -> None:
        """Switch both caches off or on."""
        if self.services.cached is not None:
            on = self.services.cached.toggle()
            self.notify("Repeats are answered from the cache." if on else _OFF)
            self.beat()

    async def action_replay(self) -> None:
        """Open the selected exchange to be sent again; or say why it can't be."""
        row, replays = self.feed.row, self.services.replays
        if replays is None:
            return
        row = row and (self.store.row(row.id) or row)  # a paused list shows it as it was
        self.store.chosen = row
        why = await hindrance(row, replays)
        if why:
            self.notify(why, markup=False)
        else:
            await self.run_action("app.room('replay')")

    async def action_wrong(self) -> None:
        """Forget the cached answer that the selected exchange was given."""
        row, cached = self.feed.row, self.services.cached
        if row is not None and cached is not None:
            try:
                self.notify(_FORGOTTEN if await cached.wrong(row.id) else _UNKNOWN)
            except OSError as problem:
                self.notify(plain(problem, 300), severity="error", markup=False)

    def _steered(self) -> None:
        self.beat()
        self.refresh_bindings()

    # the list

    def action_filter(self) -> None:
        self.remove_class("-full")
        self.add_class("-filtering")
        self.status.typing = True
        self.status.refresh()
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        try:
            self.store.set_filter(Filter.of(event.value))
            self.status.error = ""
        except FilterError as error:
            self.status.error = str(error)
        self.status.refresh()
        self.tick()
        self.feed.reveal()

    @on(Input.Submitted, "#filter")
    def _entered(self) -> None:
        self.remove_class("-filtering")
        self.status.error, self.status.typing = "", False
        self.status.refresh()
        self.feed.focus()
        self.refresh_bindings()

    def action_clear(self) -> None:
        """Undo the nearest of: full details, the filter, the pause."""
        field = self.query_one("#filter", Input)
        if self.full:
            self.action_details()
        elif self.typing or field.value:
            field.value = ""
            self._entered()
        elif self.store.paused:
            self.action_pause()

    def action_pause(self) -> None:
        self.store.set_paused(not self.store.paused)
        self.tick()
        self.refresh_bindings()

    def action_follow(self) -> None:
        self.store.follow = not self.store.follow
        if self.store.follow and self.store.paused:
            self.store.set_paused(False)
        self.store.version += 1
        self.tick()

    def action_lanes(self) -> None:
        """One lane a session, or all as they came."""
        self.feed.regroup()
        self.status.lanes = self.feed.in_lanes
        self.status.refresh()

    def action_copy(self) -> None:
        """Put the selected exchange on the clipboard, as JSON."""
        if (row := self.feed.row) is not None:
            self.app.copy_to_clipboard(as_json(row))
            self.notify("Copied the exchange as JSON, where the terminal takes OSC 52.")

    def action_copy_curl(self) -> None:
        """Put a curl line on the clipboard that explains such a request."""
        if (row := self.feed.row) is not None:
            self.app.copy_to_clipboard(as_curl(row, self.services.base_url))
            self.notify(f"Copied a curl line; it reads the request from {FILE}.")

    def action_details(self) -> None:
        full = not self.full
        self.set_class(full, "-full")
        (self.details if full else self.feed).focus()
        self.refresh_bindings()

    def action_beside(self) -> None:
        """Details beside the feed, or below it."""
        self._beside = not self.has_class("-beside")
        self._arrange()

    def action_step(self, by: int) -> None:
        self.feed.step(by)
