"""Help: first what can be done where you came from, then everything else."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import ScreenResume

from app import actions
from app.filters import EXAMPLES
from app.keys import bindings
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.text import UNKNOWN
from app.topic import Topic
from app.widgets.canvas import Line, fit, wrap
from app.widgets.columns import FELL_BACK, GLYPHS, RETRIED
from app.widgets.pager import Pager

TITLES = {
    "live": "Live",
    "feed": "The feed",
    "pager": "Details, log and help",
    "routing": "Routing",
    "history": "Savings",
    "exchanges": "Exchanges behind a row",
    "rewrite": "Rewrite",
    "replay": "Replay",
    "providers": "Providers",
    "log": "Log",
    "help": "This page",
    actions.EVERYWHERE: "Everywhere",
}
SIGNS: tuple[tuple[str, str, str], ...] = (
    *((glyph, style, state) for state, (glyph, style) in GLYPHS.items()),
    (RETRIED, "warn", "a call failed and was made again; the details say why"),
    (FELL_BACK, "warn", "its own model could not answer, so a fallback of the tier was asked"),
    ("▼ DOWN", "bad", "a provider that keeps failing rests, then one request at a time tries it"),
    ("~", "text", "estimated by the local tokenizer; figures without it are measured or billed"),
    (UNKNOWN, "text", "unknown, or does not apply"),
)
WHYS = (
    ("score", "the 13 dimensions add up to this tier"),
    ("force", "a force-pattern of yours decided, shown by its name"),
    ("risk", "a risky subject raised the tier, shown by its name"),
    ("agentic", "work with tools raised the tier"),
    ("override", "a person held the session to this tier"),
    ("pinned", "a change of tier would cost more than it gains, or break a tool round"),
    ("escalated", "the answer was not good enough and was asked again, one tier up"),
    ("header", "the client asked for the tier"),
    ("replay", "a person sent an exchange once more, to this tier; its class says so too"),
)
KEYS = 16  # cells


class HelpScreen(Room):
    """A page made from the actions table."""

    ROOM = "help"
    BINDINGS: ClassVar = bindings("help")

    def __init__(self, services: DashboardServices, store: Store, topic: Topic) -> None:
        super().__init__(services, store)
        self._topic = topic

    def body(self) -> ComposeResult:
        yield Pager(id="help")

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        self.query_one(Pager).show(self._page, top=True)

    async def action_back(self) -> None:
        await self.run_action("app.help")

    def _page(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for where in order(self._topic.place, self._topic.room):
            lines += _section(where, actions.of(where, self.services.keys), width)
            if where == "feed":
                lines += _legend(width)
        return lines


def order(topic: str, room: str) -> list[str]:
    """The places that the help speaks of: first where the person is, then everywhere, then all."""
    places = [topic, room, actions.EVERYWHERE, *(action.where for action in actions.ACTIONS)]
    return list(dict.fromkeys(places))


def _section(where: str, table: list[actions.Action], width: int) -> Iterator[Line]:
    if not table:
        return
    yield ((TITLES.get(where) or table[0].group, "title"),)
    for action in table:
        keys = " ".join(actions.key_label(key) for key in action.keys)
        yield from _row(keys or ":", f"{action.title:<16}", action.help, width)
    yield ()


def _legend(width: int) -> Iterator[Line]:
    yield (("Filter terms, after /", "title"),)
    for term, meaning in EXAMPLES:
        yield from _row(term, "", meaning, width)
    yield ()
    yield (("Signs", "title"),)
    for sign, style, meaning in SIGNS:
        yield from _row(sign, "", meaning, width, style)
    yield ()
    yield (("Why", "title"),)
    for why, meaning in WHYS:
        yield from _row(why, "", meaning, width, "text")
    yield ()


def _row(key: str, title: str, text: str, width: int, style: str = "accent") -> Iterator[Line]:
    indent = KEYS + len(title)
    for number, line in enumerate(wrap(text, width - indent)):
        yield (
            (fit("" if number else key, KEYS), style),
            ("" if number else title, "text"),
            (" " * len(title) if number else "", "text"),
            (line, "quiet"),
        )
