"""The Textual App: its screens, its theme and its clock."""

from collections.abc import Callable, Iterable
from functools import partial

from textual.app import App, SystemCommand
from textual.dom import DOMNode
from textual.screen import Screen

from app import actions
from app.keys import bindings
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.theme import DARK, LIGHT, PLAIN, THEMES

TICK = 0.25  # seconds


def _live() -> type[Room]:
    from app.screens.live import LiveScreen

    return LiveScreen


def _routing() -> type[Room]:
    from app.screens.routing import RoutingScreen

    return RoutingScreen


def _history() -> type[Room]:
    from app.screens.history import HistoryScreen

    return HistoryScreen


def _log() -> type[Room]:
    from app.screens.log import LogScreen

    return LogScreen


def _help() -> type[Room]:
    from app.screens.help import HelpScreen

    return HelpScreen


# Imported when first opened: charts and editors must not delay the first paint.
ROOMS: dict[str, Callable[[], type[Room]]] = {
    "live": _live,
    "routing": _routing,
    "history": _history,
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
        super().__init__()
        self.services = services
        self.store = Store()
        self._unsubscribe = services.bus.subscribe(self.store)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = services.theme or self._fitting_theme()
        self.set_keymap(dict(services.keys))
        for name in ROOMS:
            self.add_mode(name, partial(self._room, name))

    @property
    def failure(self) -> BaseException | None:
        """What ended the dashboard, when it was not its user; None after a plain quit."""
        return self._exception

    async def on_mount(self) -> None:
        await self.switch_mode("live")
        self.set_interval(TICK, self.beat)

    def on_unmount(self) -> None:
        self._unsubscribe()

    def action_room(self, name: str) -> None:
        self.switch_mode(name)

    def action_help(self) -> None:
        """Open the help at what has the focus; the same key leads back."""
        if self.current_mode == "help":
            self.switch_mode(self.back_to)
            return
        self.back_to = self.current_mode
        focused = self.focused
        self.help_topic = str(getattr(focused, "TOPIC", "") or self.current_mode)
        self.switch_mode("help")

    help_topic = "live"
    back_to = "live"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of our own, for themes that do not know them."""
        return dict((DARK if self.current_theme.dark else LIGHT).variables)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that can be done here, by name."""
        focused = screen.focused
        places: dict[str, DOMNode | None] = {
            getattr(focused, "TOPIC", ""): focused,
            self.current_mode: screen,
            actions.EVERYWHERE: self,
        }
        for action in actions.remapped(self.services.keys):
            if action.where in places and action.id not in ("palette", "stop"):
                doing = partial(self.run_action, action.run, places[action.where])
                yield SystemCommand(_named(action), action.help, doing)

    def _room(self, name: str) -> Room:
        return ROOMS[name]()(self.services, self.store)

    def beat(self) -> None:
        """Take in what happened, and let the screen on show draw it."""
        self.store.tick()
        if isinstance(self.screen, Room):
            self.screen.beat()

    def _fitting_theme(self) -> str:
        few = self.no_color or self.console.color_system in (None, "standard")
        return (PLAIN if few else DARK).name

    def _fatal_error(self) -> None:
        # Textual would print a traceback with every local value in it; main.py reports `failure`.
        self._close_messages_no_wait()


def _named(action: actions.Action) -> str:
    keys = " ".join(actions.key_label(key) for key in action.keys)
    return f"{action.group}: {action.title}" + (f"  ({keys})" if keys else "")
