"""The last step: the config as it will stand there, and each client's lines to copy."""

from textual import on
from textual.app import ComposeResult

from app.newcomer.init import Plan
from app.newcomer.wizard.step import Forward, Step
from app.newcomer.wizard.table import bindings
from app.process.failure import Failure
from app.text import plain
from app.widgets.canvas import Line, wrap
from app.widgets.choices import Choices
from app.widgets.heading import Heading
from app.widgets.pager import Pager
from app.wrap.clients import CLIENTS

PAGES = ("config", *CLIENTS)
NARROW = 24  # cells that a comment needs beside its setting


class PreviewStep(Step):
    """Nothing is written before its user says so here."""

    NUMBER = 3
    ON = "Write it"
    MAIN = "#page"
    BINDINGS = bindings("preview")
    DEFAULT_CSS = """
    PreviewStep Choices { margin-left: 1; }
    PreviewStep.-h20 #page { margin-top: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self.pages: dict[str, str] = {}
        self._plan: Plan | None = None

    def body(self) -> ComposeResult:
        yield Heading("What will be written", id="on-page")
        yield Choices(PAGES)
        yield Pager(id="page")

    async def enter(self) -> None:
        self.query_one(Forward).say(f"Write it to {plain(self.wizard.shown_path, 60)}")
        try:
            self._plan, self.pages = await self.wizard.preview()
        except Failure as wrong:
            self.say(f"✗ {plain(wrong)}", "bad")
        self._draw()

    async def go_on(self) -> str:
        if self._plan is None:
            return "there is no config to write yet: esc leads back"
        try:
            await self.wizard.write(self._plan)
        except Failure as wrong:
            return plain(wrong)
        return ""

    def action_page(self, by: int) -> None:
        self._at = (self._at + by) % len(PAGES)
        self._draw()

    @on(Choices.Picked)
    def _picked(self, event: Choices.Picked) -> None:
        self._at = event.at
        self._draw()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.pages.get(PAGES[self._at], ""))
        self.say("copied, if this terminal lets programs do that")

    def _draw(self) -> None:
        name = PAGES[self._at]
        heading = "What will be written" if name == "config" else f"How {name} is led through"
        self.query_one("#on-page", Heading).title(heading)
        self.query_one(Choices).show(self._at, "")
        self.query_one("#page", Pager).show(self._page, top=True)

    def _page(self, width: int) -> list[Line]:
        text = self.pages.get(PAGES[self._at], "")
        return [line for row in text.splitlines() for line in _wrapped(row, max(width, 10))]


def _wrapped(row: str, width: int) -> list[Line]:
    """A line of a config or a shell, its comment quiet; what is too long goes on below."""
    code, comment = _split(row)
    at = len(code)
    if not comment:
        indent = " " * min(len(code) - len(code.lstrip()), width // 2)
        lines = wrap(code.lstrip(), width - len(indent))
        return [((indent + text, "text"),) for text in lines]
    if width - at < min(NARROW, len(comment)):
        rest = [((text, "quiet"),) for text in wrap(comment, width)]
        return [*([((code.rstrip(), "text"),)] if code.strip() else []), *rest]
    first, *more = wrap(comment, width - at)
    return [
        ((code, "text"), (first, "quiet")),
        *(((" " * at, "text"), (text, "quiet")) for text in more),
    ]


def _split(row: str) -> tuple[str, str]:
    """A line's code with the space after it, and its comment."""
    if row.startswith("#"):
        return "", row
    code, mark, comment = row.rpartition(" # ")
    return (f"{code} ", f"# {comment}") if mark else (row, "")
