"""The providers: whether they are up, how fast, by which keys and limits; a key tests one now."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from app.holds.upstreams import Tested
from app.keys import bindings
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.tallies import Tally
from app.widgets.grid import Grid
from app.widgets.heading import Heading
from app.widgets.pager import Pager
from app.widgets.upstream import COLUMNS, NONE, Shown, page, row


class ProviderTable(Grid):
    """One row a provider."""

    TOPIC = "providers"


class ProvidersScreen(Room):
    """Looks only; a test runs beside it, so that one that never ends holds nothing up."""

    ROOM = "providers"
    BINDINGS: ClassVar = bindings("providers")
    DEFAULT_CSS = """
    ProvidersScreen ProviderTable { height: 1fr; max-height: 40%; }
    ProvidersScreen #provider { height: 1fr; }
    """

    def __init__(self, services: DashboardServices, store: Store) -> None:
        super().__init__(services, store)
        self._tested: dict[str, Tested] = {}
        self._testing: set[str] = set()
        self._drawn: object = None
        self._chosen = ""

    def body(self) -> ComposeResult:
        yield Heading("Providers", id="on-providers")
        yield ProviderTable(COLUMNS, NONE, id="providers")
        yield Heading("Details", id="on-provider")
        yield Pager(id="provider")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(ProviderTable).focus()

    @property
    def shown(self) -> list[Shown]:
        """Every provider of the config, in its order."""
        upstreams = self.services.upstreams
        if upstreams is None:
            return []
        standings, tallies = upstreams.standings(), self.store.tallies
        return [
            Shown(
                name,
                config,
                standings.get(name),
                tallies.get(name, Tally()),
                upstreams.keys(name),
                self._tested.get(name),
                name in self._testing,
            )
            for name, config in upstreams.rows.items()
        ]

    @property
    def picked(self) -> Shown | None:
        shown, at = self.shown, self.query_one(ProviderTable).cursor
        return shown[at] if at < len(shown) else None

    @on(Grid.Moved)
    def _moved(self) -> None:
        self.tick()

    def tick(self) -> None:
        shown, picked = self.shown, self.picked
        rows, table = [row(one) for one in shown], self.services.routing.table
        name = picked.name if picked else ""
        now = (
            rows,
            picked and (name, picked.config, picked.standing, picked.keys, picked.tested),
            table,
        )
        if now == self._drawn:
            return
        self._drawn = now
        self.query_one(ProviderTable).show(rows)
        details = self.query_one("#provider", Pager)
        details.show(lambda width: page(picked, table, width), top=name != self._chosen)
        self._chosen = name

    def action_test(self) -> None:
        """Test the picked provider."""
        if (picked := self.picked) is not None:
            self._begin(picked.name)

    def action_test_all(self) -> None:
        for one in self.shown:
            self._begin(one.name)

    def action_back(self) -> None:
        self.app.switch_mode("live")

    def _begin(self, name: str) -> None:
        if name not in self._testing:
            self._testing.add(name)
            self._test(name)
            self.tick()

    @work(group="test")
    async def _test(self, name: str) -> None:
        upstreams = self.services.upstreams
        assert upstreams is not None
        try:
            self._tested[name] = await upstreams.test(name)
        finally:
            self._testing.discard(name)
        if self.is_mounted:
            self.tick()
