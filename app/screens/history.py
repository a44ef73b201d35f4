"""Savings: what the ledger tells, by hour, day, tier and more, as charts and as figures."""

import asyncio
import time
from datetime import date
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import ScreenResume

from app.holds.past import PastError
from app.keys import bindings
from app.savings import burning
from app.savings.exported import as_csv, as_json, written
from app.savings.savings import FIGURES, Pages, first_day, look, lying, upright
from app.savings.table import COLUMNS, sources, sums
from app.savings.words import GROUPS, SPANS, named
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.text import plain, whole
from app.widgets.charts import BarChart
from app.widgets.choices import Choices
from app.widgets.grid import Grid
from app.widgets.heading import Heading
from app.widgets.note import Note
from app.widgets.ribbon import Ribbon
from app.widgets.tiles import Tiles
from proxy.ledger.behind import behind
from proxy.money.burn import standings

RANGES: tuple[tuple[str, int | None], ...] = (
    ("today", 1),
    ("7 days", 7),
    ("30 days", 30),
    ("90 days", 90),
    ("365 days", 365),
    ("all days", None),
)
FRESH = 3.0  # seconds between two looks at the ledger while it is on show
RESTING = 20  # a look that took long is followed by a rest as many times as long
EMPTY = (
    "Nothing in the ledger for these days yet. Point a client at the address above: each exchange"
    " adds up here as soon as it ends. ] takes in more days."
)
BRIEF = "~ estimated, billed measured"
LEGEND = (
    "~ estimated by the local tokenizer · billed: measured by the provider, cached input included"
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
    HistoryScreen #sources { display: none; }
    HistoryScreen.-h20 #sources, HistoryScreen.-h30 #sources, HistoryScreen.-h40 #sources {
        display: block;
    }
    HistoryScreen.-h30 #sums, HistoryScreen.-h40 #sums { margin: 1 0; }
    HistoryScreen.-h30 #sources, HistoryScreen.-h40 #sources { margin-bottom: 1; }
    HistoryScreen.-h40 #burn { margin-bottom: 1; }
    """

    def __init__(self, services: DashboardServices, store: Store) -> None:
        super().__init__(services, store)
        self._group, self._range, self._figure = GROUPS.index("day"), 2, 0
        self._pages = Pages()
        self._looking = False
        self._due = 0.0  # monotonic seconds

    def body(self) -> ComposeResult:
        yield Choices(tuple(name.capitalize() for name in GROUPS), id="groups")
        yield Tiles(id="sums")
        yield Tiles(id="sources")
        yield Ribbon(id="burn")
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
            self._tell_burn()

    def action_group(self, by: int) -> None:
        self._choose((self._group + by) % len(GROUPS), self._range)

    def action_range(self, by: int) -> None:
        self._choose(self._group, min(max(self._range + by, 0), len(RANGES) - 1))

    def action_figure(self) -> None:
        self._figure = (self._figure + 1) % len(FIGURES)
        self._draw()

    @on(Grid.Opened)
    def action_behind(self) -> None:
        """The exchanges behind the row at the cursor."""
        rows, at = self._pages.rows, self.query_one(Grid).cursor
        if at < len(rows):
            self._open(self.by, rows[at].key)

    @on(BarChart.Picked)
    def _picked_bar(self, event: BarChart.Picked) -> None:
        span = self.by if self.by in SPANS else "day"
        kind = "tier" if self.by in SPANS else self.by
        self._open(span if event.chart.id == "upright" else kind, event.bar.key)

    def _open(self, by: str, key: str) -> None:
        from app.screens.exchanges import ExchangesScreen

        words, days = RANGES[self._range]
        title = f"{by.capitalize()} {named(by, key)}"
        its = behind(by, key, first_day(days, date.today()))
        self.app.push_screen(
            ExchangesScreen(
                self.services, self.store, title if by in SPANS else f"{title}, {words}", its
            )
        )

    @work(group="export")
    async def action_export(self, form: str) -> None:
        """Write what the table tells to a new file."""
        try:
            path = await asyncio.to_thread(self._export, form, self.by, RANGES[self._range][1])
        except (PastError, OSError) as error:
            self.notify(f"Nothing was written: {plain(error, 300)}", markup=False)
            return
        self.notify(f"Written: {plain(path, 300)}", markup=False)

    def _export(self, form: str, by: str, days: int | None) -> Path:
        past, since = self.services.past, first_day(days, date.today())
        rows = past.savings(by, since)
        text = (
            as_csv(by, rows)
            if form == "csv"
            else as_json(by, since, None, rows, past.totals(since))
        )
        name = f"lynkr-savings-by-{by}-{date.today()}"
        return written(text, name, form, self.services.folders).absolute()

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
            look, self.services.past, self.by, RANGES[self._range][1], time.time()
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
        self.query_one("#sums", Tiles).show(sums(pages.total))
        self.query_one("#sources", Tiles).show(sources(pages.total) if pages.rows else [])
        self._tell_burn()
        span = self.by if self.by in SPANS else "day"
        kind = "tier" if self.by in SPANS else self.by
        self.query_one("#on-spans", Heading).title(f"{figure.title} by {span}")
        self.query_one("#on-kinds", Heading).title(f"{figure.title} by {kind}")
        today = date.today()
        self.query_one("#upright", BarChart).show(upright(span, pages.spans, figure, today))
        self.query_one("#lying", BarChart).show(lying(kind, pages.kinds, figure))
        self.query_one(Grid).show(pages.drawn, pages.problem and plain(pages.problem) or EMPTY)
        self._explain(pages)

    def _tell_burn(self) -> None:
        """What was spent, and the budgets, as many as there is room for."""
        burn, now, height = self._pages.burn, time.time(), self.size.height
        rows = standings(self.services.budgets(), burn, now)
        most = 1 if height < 20 else 2 if height < 30 else 5
        self.query_one(Ribbon).show(
            lambda width: (
                burning.lines(burn, rows, now, width, most) if self._pages.rows or rows else []
            ),
        )

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
        if self.size.width < 100 and not unpriced:
            words = BRIEF
        self.query_one("#legend", Note).say(words if pages.rows else "")
