"""The wizard as a program of its own: four steps, one draft, and the writing at the end."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from textual.app import App
from textual.binding import Binding

from app.commands.options import Options
from app.newcomer.found import Found, look
from app.newcomer.init import STATUS, Plan
from app.newcomer.ring import storing
from app.newcomer.wizard.draft import Draft
from app.newcomer.wizard.levels import LevelsStep
from app.newcomer.wizard.preview import PreviewStep
from app.newcomer.wizard.providers import ProvidersStep
from app.newcomer.wizard.step import Step
from app.newcomer.wizard.tiers import TiersStep
from app.newcomer.write import write
from app.process.ending import end_with_terminal
from app.process.failure import Failure
from app.text import plain
from app.theme import DARK, LIGHT, PLAIN, THEMES, colourless, rounded
from app.wrap.clients import CLIENTS, Client
from app.wrap.main import by_hand
from app.wrap.proxy import Proxy
from proxy.clients.leading import at_home, hands_on
from proxy.config.load import table_of

STEPS: Final[tuple[Callable[[], Step], ...]] = (
    ProvidersStep,
    TiersStep,
    LevelsStep,
    PreviewStep,
)

Look = Callable[[], Awaitable[Found]]


async def around() -> Found:
    """What there is in our own environment and on this machine."""
    return await look(os.environ)


class Wizard(App[bool]):
    """Its result is whether a config was written."""

    TITLE = "lynkr init"
    CSS_PATH = Path(__file__).parents[2] / "dashboard.tcss"
    CSS = """
    Step.-tiny #room, Step.-low #room { display: none; }
    Step.-tiny #too-small, Step.-low #too-small { display: block; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding("ctrl+c,ctrl+q", "leave", show=False, priority=True)]

    def __init__(self, options: Options, force: bool = False, look: Look = around) -> None:
        super().__init__(ansi_color=colourless() or None)
        self.look = look
        self.draft = Draft()
        self._options = options
        self._force = force
        for theme in THEMES:
            self.register_theme(rounded(theme) if self.console.color_system == "256" else theme)
        few = self.no_color or self.console.color_system in (None, "standard")
        self.theme = (PLAIN if few else DARK).name

    @property
    def shown_path(self) -> str:
        """Where the config will be, with ~ for the home."""
        path, home = self._options.config_path, Path.home()
        return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)

    @property
    def failure(self) -> BaseException | None:
        """What broke the wizard, if anything did."""
        return self._exception

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict((DARK if self.current_theme.dark else LIGHT).variables)

    def on_mount(self) -> None:
        self.push_screen(STEPS[0]())

    def after(self, number: int) -> None:
        """From step `number` to the next; after the last one it is done."""
        if number + 1 < len(STEPS):
            self.push_screen(STEPS[number + 1]())
        else:
            self.exit(True)

    def action_leave(self) -> None:
        self.exit(False)

    async def settle(self) -> None:
        """Let the draft propose anew, off the loop."""
        await asyncio.to_thread(self.draft.settle)

    async def preview(self) -> tuple[Plan, dict[str, str]]:
        """The plan, and the pages to show of it. Failure where no config comes of the draft."""
        plan = await asyncio.to_thread(self.draft.plan)
        return plan, {"config": plan.text, **pages(plan, self._options)}

    async def write(self, plan: Plan) -> None:
        """Keys into the keyring, then the config into its place: both, or neither. Failure."""
        named = plan.config.providers
        keys = {kind: key for kind, key in self.draft.keys.items() if kind in named}
        path = self._options.config_path
        await asyncio.to_thread(_write, path, plan.text, keys, self._force)

    def _fatal_error(self) -> None:
        # Textual would print a traceback with every local value in it, typed keys too.
        self._close_messages_no_wait()


def _write(path: Path, text: str, keys: Mapping[str, str], force: bool) -> None:
    with storing() as ring:
        for kind, key in keys.items():
            ring.store(kind, key)
        write(path, text, force)
        ring.keep()


def pages(plan: Plan, options: Options) -> dict[str, str]:
    """For each client how it is led through the proxy: with `wrap`, and by hand."""
    config = plan.config
    home = at_home(config, table_of(config))
    proxy = Proxy(options.host, options.port, tuple(hands_on(config)), home)
    named = f" --config {options.config}" if options.config else ""
    return {
        name: "\n".join([*_start(client, named), by_hand(client, proxy, options.data_path)])
        for name, client in CLIENTS.items()
    }


def _start(client: Client, named: str) -> list[str]:
    wrapped = ["# All at once:", f"lynkr-tui wrap{named} {client.name}", ""]
    if client.status:
        wrapped[2:2] = [f"# {STATUS.capitalize()}:", f"{wrapped[1]} --statusline"]
    beside = [f"# By hand, with the proxy running beside (lynkr-tui{named}):"]
    return [*wrapped, *beside] if client.program else []


def ask(options: Options, force: bool) -> bool:
    """Show the wizard; whether a config was written. Raises Failure where it breaks."""
    wizard = Wizard(options, force)
    asyncio.run(_shown(wizard))
    if wizard.failure is not None:
        what = plain(f"{type(wizard.failure).__name__}: {wizard.failure}", limit=300)
        raise Failure(f"the wizard broke: {what}; `lynkr-tui init --yes` asks nothing")
    return bool(wizard.return_value)


async def _shown(wizard: Wizard) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, wizard.action_leave)
    end_with_terminal(sys.stdin.fileno())
    await wizard.run_async()
