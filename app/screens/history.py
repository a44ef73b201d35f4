"""Savings: what the ledger tells, by day, tier and more, as charts and as figures."""

import asyncio
import time
from datetime import date

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import ScreenResume

from app.keys import bindings
from app.ledger_words import GROUPS, SPANS, billed_in, in_order, known_dollars, named
from app.savings import FIGURES, Pages, look, lying, upright
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.text import amount, dollars, plain, whole
from app.widgets.charts import BarChart
from app.widgets.choices import Choices
from app.widgets.grid import Column, Grid, Row
from app.widgets.heading import Heading
from app.widgets.note import Note
from app.widgets.tiles import Tile, Tiles
from proxy.history import Saving

RANGES: tuple[tuple[str, int | None], ...] = (
    ("7 days", 7),
    ("30 days", 30),
    ("90 days", 90),
    ("all days", None),
)
FRESH = 3.0  # seconds between two looks at the ledger while it is on show
RESTING = 20  # a look that took long is followed by a rest as many times as long
EMPTY = (
    "Nothing in the ledger for these days yet. Point a client at the address above: each exchange"
    " adds up here as soon as it ends. ] takes in more days."
)
BRIEF = "≈ estimated, billed measured"
LEGEND = (
    "≈ estimated by the local tokenizer · billed: measured by the provider, cached input included"
)
COLUMNS = (
    Column("", 14, 0, grow=True),
    Column("requests", 8, 0, right=True),
    Column("before ≈", 8, 2, right=True),
    Column("after ≈", 8, 2, right=True),
    Column("saved ≈", 8, 0, right=True),
    Column("billed in", 9, 3, right=True),
    Column("billed out", 10, 6, right=True),
    Column("cost", 8, 1, right=True),
    Column("as asked", 8, 5, right=True),
    Column("money", 8, 0, right=True),
    Column("rewriting ≈", 11, 6, right=True),
    Column("hits", 5, 4, right=True),
    Column("failed", 6, 4, right=True),
)


class HistoryScreen(Room):
    """Looks at the ledger in a thread, when it comes up and every few seconds while it is up."""

    ROOM = "history"
    BINDINGS = bindings("history")
    DEFAULT_CSS = """
    HistoryScreen #charts { height: 3fr; max-height: 16; }
    HistoryScreen #charts Vertical { width: 1fr; }
    HistoryScreen #charts #spans { width: 2fr; }
    HistoryScreen Grid { height: 4fr; }
    HistoryScreen.-h30 #sums, HistoryScreen.-h40 #sums { margin: 1 0; }
    """

    def __init__(self, services: DashboardServices, store: Store) -> None:
        super().__init__(services, store)
        self._group, self._range, self._figure = 0, 1, 0
        self._pages = Pages()
        self._looking = False
        self._due = 0.0  # monotonic seconds

    def body(self) -> ComposeResult:
        yield Choices(tuple(name.capitalize() for name in GROUPS), id="groups")
        yield Tiles(id="sums")
        with Horizontal(id="charts"):
            with Vertical(id="spans"):
                yield Heading("", id="on-spans")
                yield BarChart(id="upright")
            with Vertical(id="kinds"):
                yield Heading("", id="on-kinds")
                yield BarChart(id="lying")
        yield Heading("", id="on-rows")
        yield Grid(COLUMNS, EMPTY, id="rows")
        yield Note(id="legend")

    @property
    def by(self) -> str:
        return GROUPS[self._group]

    def tick(self) -> None:
        if not self._looking and time.monotonic() >= self._due:
            self._looking = True
            self._look()

    def on_screen_resume(self, event: ScreenResume) -> None:
        self._due = 0.0
        self.tick()

    def on_resize(self) -> None:
        if self.query(Grid):  # else taken down already
            self._arrange()

    def action_group(self, by: int) -> None:
        self._choose((self._group + by) % len(GROUPS), self._range)

    def action_range(self, by: int) -> None:
        self._choose(self._group, min(max(self._range + by, 0), len(RANGES) - 1))

    def action_figure(self) -> None:
        self._figure = (self._figure + 1) % len(FIGURES)
        self._draw()

    @on(Choices.Picked)
    def _picked(self, event: Choices.Picked) -> None:
        self._choose(event.at, self._range)

    def _choose(self, group: int, days: int) -> None:
        self._group, self._range = group, days
        self._due = 0.0
        self._head()
        self.tick()

    @work(group="look")
    async def _look(self) -> None:
        """One look at a time; what was chosen meanwhile is looked up next."""
        chosen, began = (self._group, self._range), time.monotonic()
        self._due = began + FRESH
        pages = await asyncio.to_thread(
            look, self.services.past, self.by, RANGES[self._range][1], date.today()
        )
        took = time.monotonic() - began
        self._looking = False
        if chosen == (self._group, self._range):
            self._due = max(began + FRESH, time.monotonic() + took * RESTING)
            self._pages = pages
            self._draw()
        else:
            self._due = 0.0
            self.tick()

    def _draw(self) -> None:
        pages, figure = self._pages, FIGURES[self._figure]
        self._head()
        self._arrange()
        self.query_one(Tiles).show(_tiles(pages.total))
        span = self.by if self.by in SPANS else "day"
        kind = "tier" if self.by in SPANS else self.by
        self.query_one("#on-spans", Heading).title(f"{figure.title} by {span}")
        self.query_one("#on-kinds", Heading).title(f"{figure.title} by {kind}")
        today = date.today()
        self.query_one("#upright", BarChart).show(upright(span, pages.spans, figure, today))
        self.query_one("#lying", BarChart).show(lying(kind, pages.kinds, figure))
        rows = [_row(self.by, saving) for saving in in_order(self.by, pages.rows)]
        self.query_one(Grid).show(rows, pages.problem and plain(pages.problem) or EMPTY)
        self._explain(pages)

    def _head(self) -> None:
        self.query_one(Choices).show(self._group, RANGES[self._range][0])
        self.query_one("#on-rows", Heading).title(f"By {self.by}")

    def _arrange(self) -> None:
        """Two charts side by side, one, or none, by the room there is and what there is to draw."""
        width, height = self.size
        both, spans = width >= 100, self.by in SPANS
        self.query_one("#charts").display = bool(self._pages.rows) and height >= 20
        self.query_one("#spans").display = both or spans
        self.query_one("#kinds").display = both or not spans

    def _explain(self, pages: Pages) -> None:
        total = pages.total
        unpriced = total.requests - total.priced
        words = f"{BRIEF} · {whole(unpriced)} without a known price" if unpriced else LEGEND
        self.query_one("#legend", Note).say(words if pages.rows else "")


def _row(by: str, row: Saving) -> Row:
    style = row.key if by == "tier" else "text"
    return (
        (named(by, row.key), style),
        (whole(row.requests), "text"),
        (amount(row.tokens_before), "quiet"),
        (amount(row.tokens_after), "quiet"),
        (amount(row.saved_tokens), "good" if row.saved_tokens else "quiet"),
        (amount(billed_in(row)), "text"),
        (amount(row.billed_output), "text"),
        (dollars(row.cost), "text"),
        (dollars(row.cost_asked), "quiet"),
        money(row.money_saved),
        (dollars(row.money_by_rewriting), "quiet"),
        (whole(row.cache_hits), "text" if row.cache_hits else "quiet"),
        (whole(row.failures), "bad" if row.failures else "quiet"),
    )


def money(saved: float | None) -> tuple[str, str]:
    """Money saved with its style; the word where it is unknown, a warning where it is a loss."""
    style = "quiet" if not saved else "good" if saved > 0 else "warn"
    return (known_dollars(saved), style)


def _tiles(total: Saving) -> list[Tile]:
    saved, style = money(total.money_saved)
    return [
        Tile(saved, "money saved", style),
        Tile(
            amount(total.saved_tokens), "tokens saved ≈", "good" if total.saved_tokens else "bold"
        ),
        Tile(whole(total.requests), "requests"),
        Tile(dollars(total.cost), "cost"),
        Tile(amount(billed_in(total)), "billed in"),
        Tile(whole(total.cache_hits), "cache hits"),
        Tile(whole(total.failures), "failed", "bad" if total.failures else "bold"),
        Tile(dollars(total.cost_asked), "cost as asked"),
        Tile(amount(total.billed_output), "billed out"),
        Tile(dollars(total.money_by_rewriting), "by rewriting ≈"),
    ]
