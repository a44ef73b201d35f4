"""What every screen has: the top bar, the banner, a body of its own, the key bar, and a tick."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import ScreenResume
from textual.screen import Screen
from textual.widgets import Static

from app import actions
from app.services import DashboardServices
from app.store import Store
from app.widgets.adrift import Adrift
from app.widgets.banner import Banner
from app.widgets.down import Down
from app.widgets.keybar import KeyBar
from app.widgets.topbar import TopBar

SMALLEST = (60, 15)
TOO_SMALL = "lynkr needs a terminal of at least 60 × 15; this one is {} × {}. The proxy runs on."


class Room(Screen[None]):
    """A screen of the dashboard. A subclass names its `ROOM`, yields `body`, and may `tick`."""

    ROOM: ClassVar[str] = ""
    TAB: ClassVar[str] = ""  # whose tab is lit, where the screen has none of its own
    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"),
        (60, "-w60"),
        (80, "-w80"),
        (100, "-w100"),
        (140, "-w140"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (15, "-h15"), (20, "-h20"), (30, "-h30"), (40, "-h40")]

    def __init__(self, services: DashboardServices, store: Store) -> None:
        super().__init__()
        self.services = services
        self.store = store

    def body(self) -> ComposeResult:
        """The widgets between the top bar and the key bar."""
        yield from ()

    def tick(self) -> None:
        """Called four times a second while this screen is the one on show, and when it comes up."""

    def compose(self) -> ComposeResult:
        table = {action.id: action for action in actions.remapped(self.services.keys)}
        labels = actions.labels(self.services.keys)
        with Vertical(id="room"):
            yield TopBar(self.TAB or self.ROOM, self.services.place, labels)
            yield Adrift()
            yield Banner(labels)
            yield Down()
            yield from self.body()
            yield KeyBar(table)
        yield Static(id="too-small", markup=False)

    def beat(self) -> None:
        """One tick of the dashboard's clock."""
        if not self.query(Banner):
            return  # not composed yet, or taken down already
        self.query_one(Adrift).show(self.services.link.problem if self.services.link else "")
        self.query_one(Banner).show(self.services.routing.table)
        self.query_one(Down).show(self.store.outages)
        self.tick()

    def on_screen_resume(self, event: ScreenResume) -> None:
        if self.is_mounted:
            self.beat()

    def on_mount(self) -> None:
        self.beat()

    def on_resize(self) -> None:
        for sentence in self.query("#too-small").results(Static):  # none once taken down
            sentence.update(TOO_SMALL.format(*self.app.size))
