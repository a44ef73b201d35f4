"""The Textual App: its screens, its theme and its clock."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module

from textual import on
from textual.app import App, SystemCommand
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

from app import actions
from app.keys import bindings
from app.outages import Outages
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.text import plain
from app.theme import DARK, LIGHT, PLAIN, THEMES, colourless, rounded
from app.topic import Topic

TICK = 0.25  # seconds
TOAST = 4.0  # seconds
LONGEST = 100  # characters that the palette looks for


def _live(of: "Dashboard") -> Room:
    from app.screens.live import LiveScreen

    return LiveScreen(of.services, of.store)


def _routing(of: "Dashboard") -> Room:
    from app.screens.routing import RoutingScreen

    return RoutingScreen(of.services, of.store)


def _history(of: "Dashboard") -> Room:
    from app.screens.history import HistoryScreen

    return HistoryScreen(of.services, of.store)


def _rewrite(of: "Dashboard") -> Room:
    from app.screens.rewrite import RewriteScreen

    return RewriteScreen(of.services, of.store)


def _replay(of: "Dashboard") -> Room:
    from app.screens.replay import ReplayScreen

    return ReplayScreen(of.services, of.store)


def _providers(of: "Dashboard") -> Room:
    from app.screens.providers import ProvidersScreen

    return ProvidersScreen(of.services, of.store)


def _log(of: "Dashboard") -> Room:
    from app.screens.log import LogScreen

    return LogScreen(of.services, of.store)


def _help(of: "Dashboard") -> Room:
    from app.screens.help import HelpScreen

    return HelpScreen(of.services, of.store, of.topic)


# Imported when first opened: charts and editors must not delay the first paint.
ROOMS: dict[str, Callable[["Dashboard"], Room]] = {
    "live": _live,
    "routing": _routing,
    "history": _history,
    "rewrite": _rewrite,
    "replay": _replay,
    "providers": _providers,
    "log": _log,
    "help": _help,
}


class Dashboard(App[None]):
    """Everything on screen. `failure` holds what broke it, if anything did."""

    TITLE = "lynkr"
    CSS_PATH = "dashboard.tcss"
    BINDINGS = bindings(actions.EVERYWHERE)
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(self, services: DashboardServices) -> None:
        super().__init__(ansi_color=colourless() or None)
        self.services = services
        self.store = Store()
        self.topic = Topic()
        self._labels = actions.labels(services.keys)
        self._down: Outages = {}  # as the last beat found them
        self._unsubscribe = services.bus.subscribe(self.store)
        for theme in THEMES:
            few = self.console.color_system == "256"
            self.register_theme(rounded(theme) if few else theme)
        self.theme = self._chosen_theme()
        self.set_keymap(dict(services.keys))
        for name in ROOMS:
            self.add_mode(name, partial(ROOMS[name], self))

    @property
    def failure(self) -> BaseException | None:
        """What ended the dashboard, when it was not its user; None after a plain quit."""
        return self._exception

    async def on_mount(self) -> None:
        await self.switch_mode("live")
        self.set_interval(TICK, self.beat)
        self.call_after_refresh(self.services.painted)

    @on(CommandPalette.Opened)
    def _palette_opened(self) -> None:
        """It searches at each letter: take no more than a name may have."""
        for field in self.screen.query(Input):
            field.max_length = LONGEST

    def on_unmount(self) -> None:
        self._unsubscribe()

    async def action_room(self, name: str) -> None:
        """Open a room. Its module is imported in a thread, as exchanges would stand still for up
        to 40 ms; drawn for the first time it holds them long enough."""
        await asyncio.to_thread(import_module, f"app.screens.{name}")
        self.switch_mode(name)

    def action_help(self) -> None:
        """Open the help at what has the focus; the same key leads back."""
        if self.current_mode == "help":
            self.switch_mode(self.topic.room)
            return
        self.topic.room = self.current_mode
        self.topic.place = str(getattr(self.focused, "TOPIC", "") or self._room_of(self.screen))
        self.switch_mode("help")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of our own, for themes that do not know them."""
        return dict((DARK if self.current_theme.dark else LIGHT).variables)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that can be done here, by name."""
        focused = screen.focused
        places: dict[str, DOMNode | None] = {
            getattr(focused, "TOPIC", ""): focused,
            self._room_of(screen): screen,
            actions.EVERYWHERE: self,
        }
        for action in actions.remapped(self.services.keys):
            if action.where in places and action.id not in ("palette", "stop"):
                doing = partial(self.run_action, action.run, places[action.where])
                yield SystemCommand(_named(action), action.help, doing)

    def _room_of(self, screen: Screen[object]) -> str:
        """Where the actions of a screen stand in their table."""
        return getattr(screen, "ROOM", "") or self.current_mode

    def beat(self) -> None:
        """Take in what happened, and let the screen on show draw it."""
        if not self.screen_stack:
            return  # between two screens, or on the way out
        self.store.tick()
        self._tell_outages()
        for said in (*self.store.alerts.take(self._labels), *self._linked()):
            self._toast(said)
        if isinstance(self.screen, Room):
            self.screen.beat()

    def _tell_outages(self) -> None:
        """A toast for the providers that went down since the last beat, one for those back."""
        before, self._down = self._down, self.store.outages
        for words, names in (
            ("Provider down: ", self._down.keys() - before.keys()),
            ("Provider back: ", before.keys() - self._down.keys()),
        ):
            if names:
                said = plain(", ".join(sorted(names)), 60)
                self._toast(words + said)

    def _linked(self) -> list[str]:
        return self.services.link.take() if self.services.link else []

    def _toast(self, said: str) -> None:
        self.notify(said, timeout=TOAST, markup=False)

    def _chosen_theme(self) -> str:
        if self.services.theme and not self.no_color:
            return self.services.theme
        few = self.no_color or self.console.color_system in (None, "standard")
        return (PLAIN if few else DARK).name

    def _fatal_error(self) -> None:
        # Textual would print a traceback with every local value in it; main.py reports `failure`.
        self._close_messages_no_wait()


def _named(action: actions.Action) -> str:
    keys = " ".join(actions.key_label(key) for key in action.keys)
    return f"{action.group}: {action.title}" + (f"  ({keys})" if keys else "")
