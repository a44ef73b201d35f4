"""Help: first what can be done where you came from, then everything else."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.events import ScreenResume

from app import actions
from app.keys import bindings
from app.screens.base import Room
from app.widgets.canvas import Line, fit, wrap
from app.widgets.pager import Pager

if TYPE_CHECKING:
    from app.dashboard import Dashboard

TITLES = {
    "live": "Live",
    "feed": "The feed",
    "pager": "A page that scrolls",
    "routing": "Routing",
    "tiers": "The tiers",
    "cuts": "The boundaries",
    "forces": "The force-patterns",
    "table": "A table",
    "history": "Savings",
    "log": "Log",
    "help": "This page",
    actions.EVERYWHERE: "Everywhere",
}


class HelpScreen(Room):
    """A page made from the actions table."""

    ROOM = "help"
    BINDINGS: ClassVar = bindings("help")

    def body(self) -> ComposeResult:
        yield Pager(id="help")

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        self.query_one(Pager).show(self._page, top=True)

    def action_back(self) -> None:
        dashboard = cast("Dashboard", self.app)
        dashboard.action_help()

    def _page(self, width: int) -> list[Line]:
        dashboard = cast("Dashboard", self.app)
        lines: list[Line] = []
        for where in _order(dashboard.help_topic, dashboard.back_to):
            lines += _section(where, actions.of(where, self.services.keys), width)
        return lines


def _order(topic: str, room: str) -> list[str]:
    places = [topic, room, actions.EVERYWHERE, *TITLES]
    return [place for place in dict.fromkeys(places) if place in TITLES]


def _section(where: str, table: list[actions.Action], width: int) -> Iterator[Line]:
    if not table:
        return
    yield ((TITLES[where], "title"),)
    for action in table:
        keys = " ".join(actions.key_label(key) for key in action.keys)
        for number, text in enumerate(wrap(action.help, width - 30)):
            yield (
                (fit("" if number else keys, 12), "accent"),
                (fit("" if number else action.title, 16), "text"),
                (text, "quiet"),
            )
    yield ()
