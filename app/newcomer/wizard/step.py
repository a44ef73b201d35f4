"""What every step of the wizard has: where one is, a body, a word about it, and the way on."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from app.newcomer.wizard.draft import Draft
from app.newcomer.wizard.table import SHOWN, bindings
from app.screens.base import SMALLEST
from app.widgets.canvas import Line, palette_of, strip, width_of
from app.widgets.keybar import KeyBar
from app.widgets.note import Note

if TYPE_CHECKING:
    from app.newcomer.wizard.app import Wizard

NAMES = ("Providers", "Tiers", "Savings", "Config")
_ROOMY = 62  # cells, from which the line of steps has room for the program's name
TOO_SMALL = "The wizard needs a terminal of at least {} × {}; this one is {} × {}."


class Steps(Widget):
    """The first line: the four steps, and the one that is on."""

    DEFAULT_CSS = "Steps { height: 1; background: $panel; }"

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def render_line(self, y: int) -> Strip:
        line: Line = ((" ◆ lynkr init " if self.size.width >= _ROOMY else " ◆ init ", "title"),)
        for number, name in enumerate(NAMES):
            style = "here" if number == self._number else "quiet"
            mark = "✓" if number < self._number else str(number + 1)
            line += ((" ", "text"), (f" {mark} {name} ", style))
        return strip(line, self.size.width, palette_of(self.app), self.rich_style)


class Forward(Widget, can_focus=True):
    """The way on, as a line of its own below the step."""

    TOPIC = "forward"
    BINDINGS = bindings("forward")
    DEFAULT_CSS = "Forward { height: 1; margin: 1 0 0 0; }"

    class Pressed(Message):
        """Its user wants to go on."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def say(self, words: str) -> None:
        self._words = words
        self.refresh()

    def action_forward(self) -> None:
        self.post_message(self.Pressed())

    def on_click(self) -> None:
        self.post_message(self.Pressed())

    def on_focus(self, event: events.Focus) -> None:
        self.refresh()

    def on_blur(self, event: events.Blur) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        words = f" {self._words} ▸ "
        line: Line = ((" ", "text"), (words, "here" if self.has_focus else "bold"))
        hint = "enter" if self.has_focus else "tab leads here"
        if width_of(line) + len(hint) + 2 < self.size.width:
            line += ((f"  {hint}", "quiet"),)
        return strip(line, self.size.width, palette_of(self.app), self.rich_style)


class Step(Screen[None]):
    """One step. A subclass names its `NUMBER`, the way `ON` and its `MAIN` widget, yields `body`,
    may `enter`, and says in `go_on` why it can't be left yet, if so."""

    NUMBER: ClassVar[int] = 0
    ON: ClassVar[str] = ""
    MAIN: ClassVar[str] = ""
    BINDINGS = bindings("step")
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (SMALLEST[0], "-w60")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (SMALLEST[1], "-h15"), (20, "-h20")]
    DEFAULT_CSS = """
    Step.-h20 Heading { margin-top: 1; }
    Step #said { margin-top: 1; }
    """

    def body(self) -> ComposeResult:
        """The widgets between the line of steps and the way on."""
        yield from ()

    async def enter(self) -> None:
        """Called each time the step comes on show."""

    async def go_on(self) -> str:
        """Why the step can't be left; empty where it can."""
        return ""

    @property
    def wizard(self) -> "Wizard":
        return cast("Wizard", self.app)

    @property
    def draft(self) -> Draft:
        return self.wizard.draft

    def say(self, words: str, style: str = "quiet") -> None:
        self.query_one("#said", Note).say(words, style)

    def compose(self) -> ComposeResult:
        with Vertical(id="room"):
            yield Steps(self.NUMBER)
            yield from self.body()
            yield Note(id="said")
            yield Forward(self.ON)
            yield KeyBar(dict(SHOWN))
        yield Static(id="too-small", markup=False)

    def on_mount(self) -> None:
        self.query_one(Forward).focus()

    async def on_screen_resume(self, event: events.ScreenResume) -> None:
        await self.enter()

    def on_resize(self) -> None:
        for sentence in self.query("#too-small").results(Static):
            sentence.update(TOO_SMALL.format(*SMALLEST, *self.app.size))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.NUMBER > 0 if action == "back" else True

    def action_main(self) -> None:
        self.query_one(self.MAIN).focus()

    def action_back(self) -> None:
        self.app.pop_screen()

    @on(Forward.Pressed)
    async def action_forward(self) -> None:
        """On to the next step, or a word why not."""
        if self.app.screen is not self:
            return  # pressed twice
        problem = await self.go_on()
        if problem:
            self.say(f"✗ {problem}", "bad")
            return
        self.wizard.after(self.NUMBER)
