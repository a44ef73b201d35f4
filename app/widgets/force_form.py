"""The form for one force-pattern: what is wrong stands beside the field, and it can be tried."""

from collections.abc import Awaitable, Callable

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Label

from app.edits import NAME_LIMIT, PATTERN_LIMIT, FieldError, checked
from app.text import plain
from app.widgets.canvas import Line, palette_of, strip
from app.widgets.note import Note
from classifier.force import ForcePattern, compile_patterns
from classifier.tiers import Tier

HINTS = {
    "name": "shows as force:NAME in the feed",
    "pattern": r"re2, any case, anywhere: \bprove\b, ^(hi|hello)\b",
    "tier": "← → chooses; the first match decides",
    "trial": "some words to try it on; kept nowhere",
}
INDENT = 10  # cells before the fields and their notes
Submit = Callable[[ForcePattern], Awaitable[FieldError | None]]
Forecast = Callable[[ForcePattern], Awaitable[str]]


class TierChoice(Widget, can_focus=True):
    """Four names, one of them chosen."""

    DEFAULT_CSS = "TierChoice { height: 1; width: 1fr; }"
    BINDINGS = [
        Binding("left,up", "choose(-1)", show=False),
        Binding("right,down,space", "choose(1)", show=False),
        Binding("enter", "screen.submit", show=False),
    ]

    class Chosen(Message):
        """Another tier was chosen."""

    def __init__(self, tier: Tier) -> None:
        super().__init__()
        self.tier = tier

    def action_choose(self, by: int) -> None:
        self.tier = Tier((self.tier + by) % len(Tier))
        self.post_message(self.Chosen())
        self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        line: Line = ()
        for tier in Tier:
            here = tier == self.tier
            mark = ("▸" if self.has_focus else "●") if here else " "
            line += ((f"{mark}{tier.name} ", tier.name if here else "quiet"),)
        return strip(line, self.size.width, palette_of(self.app), self.rich_style)


class ForceForm(ModalScreen[None]):
    """Edits `rule`, or a new one; `submit` puts the result in force, or says what is wrong.
    `forecast` says what it would do."""

    BINDINGS = [Binding("escape", "close", show=False)]
    DEFAULT_CSS = """
    ForceForm { align: center middle; }
    ForceForm #form {
        width: 100%; max-width: 84; height: auto; background: $background;
        border: round $border; border-title-color: $accent; border-subtitle-color: $quiet;
        padding: 0 1;
    }
    ForceForm Horizontal { height: 1; }
    ForceForm Label { width: 9; color: $quiet; }
    ForceForm Input { width: 1fr; }
    """

    def __init__(self, rule: ForcePattern | None, submit: Submit, forecast: Forecast) -> None:
        super().__init__()
        self._forecast = forecast
        self._rule = rule
        self._submit = submit

    def compose(self) -> ComposeResult:
        rule = self._rule or ForcePattern("", "", Tier.SIMPLE)
        with Vertical(id="form") as form:
            form.border_title = "force-pattern" if self._rule else "new force-pattern"
            form.border_subtitle = "enter saves · esc drops · tab next"
            yield from self._field("name", rule.name, NAME_LIMIT)
            yield from self._field("pattern", rule.pattern, PATTERN_LIMIT)
            with Horizontal():
                yield Label("tier")
                yield TierChoice(rule.tier)
            yield Note(INDENT, id="note-tier")
            yield from self._field("trial", "", PATTERN_LIMIT)
            yield Note(0, id="note-forecast")

    def _field(self, name: str, value: str, limit: int) -> ComposeResult:
        with Horizontal():
            yield Label("try on" if name == "trial" else name)
            yield Input(value, id=name, max_length=limit, select_on_focus=False)
        yield Note(INDENT, id=f"note-{name}")

    def on_mount(self) -> None:
        self._tell(None)
        self.query_one("#name", Input).focus()

    @on(Input.Changed)
    @on(TierChoice.Chosen)
    def _changed(self) -> None:
        """Say at once what is wrong with what was written; an empty field may still be filled."""
        try:
            rule = self._read()
        except FieldError as problem:
            field = self.query_one(f"#{problem.field}", Input)
            self._tell(problem if field.value else None)
            self._try(None)
        else:
            self._tell(None)
            self._try(rule)
            self._foresee(rule)

    @work(exclusive=True)
    async def _foresee(self, rule: ForcePattern) -> None:
        """Say what the pattern as it stands would do, once that is known."""
        words = await self._forecast(rule)
        if self.is_mounted:
            self.query_one("#note-forecast", Note).say(words, "accent")

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.action_submit()

    async def action_submit(self) -> None:
        """Put the pattern in force and close; stay open where that fails."""
        try:
            problem = await self._submit(self._read())
        except FieldError as found:
            problem = found
        if problem is None:
            self.dismiss()
            return
        self._tell(problem)
        if problem.field in ("name", "pattern"):
            self.query_one(f"#{problem.field}").focus()

    def action_close(self) -> None:
        self.dismiss()

    def _read(self) -> ForcePattern:
        values = {field.id: field.value for field in self.query(Input)}
        tier = self.query_one(TierChoice).tier.name
        enabled = self._rule.enabled if self._rule else True
        return checked(values["name"] or "", values["pattern"] or "", tier, enabled)

    def _try(self, rule: ForcePattern | None) -> None:
        text = self.query_one("#trial", Input).value
        if not text:
            return
        found = rule is not None and compile_patterns([rule], builtin=False).match(text)
        words = ("✓ matches", "good") if found else ("✗ does not match", "warn")
        self.query_one("#note-trial", Note).say(*words)

    def _tell(self, problem: FieldError | None) -> None:
        """Below each field: its hint, or what is wrong with it."""
        for name, hint in HINTS.items():
            wrong = problem is not None and _place_of(problem) == name
            words = (f"✗ {plain(problem)}", "bad") if wrong else (hint, "quiet")
            self.query_one(f"#note-{name}", Note).say(*words)


def _place_of(problem: FieldError) -> str:
    """Where a problem is told: below its field; what belongs to none, below the tier."""
    return problem.field if problem.field in HINTS else "tier"
