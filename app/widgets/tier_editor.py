"""The four tiers with their provider/model, edited in place with completion."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from app.keys import bindings
from app.text import plain
from app.widgets.canvas import Line, fit, palette_of, strip, width_of
from app.widgets.note import Note
from app.widgets.target_input import LONGEST, Known, TargetInput
from classifier.tiers import Tier
from proxy.routing.table import Table

LABEL = 26  # cells before the provider/model
WIDE = 80  # cells from which there is room for a tier's scores, its name and words
OFFERED = 12  # completions that a line may hold
HINT = "provider/model · ↑↓ picks · enter saves · esc drops"


Beside = Callable[[str], Line]  # what stands behind a provider/model


def _nothing(name: str) -> Line:
    return ()


def span(tier: Tier, boundaries: Sequence[float]) -> str:
    """Which scores belong to a tier, in words."""
    if tier == Tier.SIMPLE:
        return f"below {boundaries[0]:g}"
    if tier == Tier.REASONING:
        return f"from {boundaries[-1]:g}"
    return f"{boundaries[tier - 1]:g} to {boundaries[tier]:g}"


class TierLine(Widget):
    """One tier as a line: name, scores, and where it goes."""

    DEFAULT_CSS = "TierLine { height: 1; width: 1fr; }"

    def __init__(self, tier: Tier) -> None:
        super().__init__()
        self.tier = tier
        self._table: Table | None = None
        self._chosen = False
        self._word: Line = ()

    def show(self, table: Table, chosen: bool, word: Line = ()) -> None:
        if (table, chosen, word) != (self._table, self._chosen, self._word):
            self._table, self._chosen, self._word = table, chosen, word
            self.refresh()

    def line(self) -> Line:
        if self._table is None:
            return ()
        name = self.tier.name
        scores = span(self.tier, self._table.boundaries)
        start: Line = ((" ▌", name), (fit(name, 11), name), (fit(scores, LABEL - 14), "quiet"))
        target = plain(self._table.tiers[self.tier], LONGEST)
        style = "bold" if self._chosen else "text"
        if not self._word or self.size.width < LABEL:
            return (*start, (" ", "text"), (target, style))
        if self.app.size.width < WIDE:  # the scores make room for names and words
            start = start[:2]
        room = self.size.width - width_of(start) - width_of(self._word) - 4
        if cell_len(target) > room:
            target = plain(self._table.tiers[self.tier].model, LONGEST)
        return (*start, (" ", "text"), (fit(target, room), style), ("  ", "text"), *self._word)

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app)
        under = palette.selected if self._chosen else self.rich_style
        return strip(self.line(), self.size.width, palette, self.rich_style + under)


class TierEditor(Vertical, can_focus=True):
    """Four lines and a cursor; `Changed` asks for a tier to go elsewhere."""

    TOPIC = "tiers"
    BINDINGS = bindings("tiers")
    DEFAULT_CSS = """
    TierEditor { height: auto; }
    TierEditor Horizontal { height: 1; }
    TierEditor TargetInput { width: 1fr; display: none; }
    TierEditor .-editing TierLine { width: 25; }
    TierEditor .-editing TargetInput { display: block; }
    """

    class Changed(Message):
        """A person wants `tier` to go to `text`; call `done` or `refuse`."""

        def __init__(self, tier: Tier, text: str) -> None:
            super().__init__()
            self.tier, self.text = tier, text

    class Drafted(Message):
        """What stands in the field is another, or the edit ended."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.editing = False
        self._known = Known()
        self._table: Table | None = None
        self._words: Mapping[Tier, Line] = {}
        self._beside: Beside = _nothing
        self._refused = False

    def compose(self) -> ComposeResult:
        for tier in Tier:
            with Horizontal(id=f"tier-{tier.value}"):
                yield TierLine(tier)
                yield TargetInput(self._known)
        yield Note(LABEL)

    @property
    def draft(self) -> tuple[Tier, str] | None:
        """The tier that is being edited, and what stands in its field."""
        return (Tier(self.cursor), self._field.value) if self.editing else None

    @property
    def offered(self) -> list[str]:
        """What may complete the field, the picked one first; as many as may be in sight."""
        if not self.editing:
            return []
        field = self._field
        return field.matches()[max(field.picked, 0) :][:OFFERED]

    @property
    def lines(self) -> int:
        """The lines that it takes to see all of it."""
        return len(Tier) + sum(note.lines for note in self.query(Note) if note.display)

    @property
    def _field(self) -> TargetInput:
        return self.query_one(f"#tier-{self.cursor}").query_one(TargetInput)

    def show(
        self,
        table: Table,
        known: Iterable[str],
        words: Mapping[Tier, Line] | None = None,
        beside: Beside | None = None,
    ) -> None:
        """Draw `table`; `known` are the providers' models, each as provider/model; `words` stand
        at the right end of the tiers' lines, what `beside` says behind what may complete a field.
        """
        self._table, self._words = table, words or {}
        self._beside = beside or _nothing
        mine = [str(target) for target in table.tiers.values()]
        self._known.names = tuple(dict.fromkeys([*known, *mine]))
        for field in self.query(TargetInput):
            field.known = self._known.names
        if self.editing and not self._refused:
            self._hint(self._field)
        self._paint()

    def done(self) -> None:
        """End the edit and go back to the four lines."""
        self.editing = False
        for row in self.query(Horizontal):
            row.remove_class("-editing")
        self.query_one(Note).say("")
        if isinstance(self.screen.focused, TargetInput):
            self.focus()
        self._paint()
        self.post_message(self.Drafted())

    def refuse(self, why: str) -> None:
        """Say beside the field why it can't be so; the edit goes on."""
        self._refused = True
        self.query_one(Note).say(f"✗ {plain(why)}", "bad")

    def action_move(self, by: int) -> None:
        self.cursor = min(max(self.cursor + by, 0), len(Tier) - 1)
        self._paint()

    def action_edit(self) -> None:
        if self._table is None:
            return
        field = self._field
        self.editing = True
        self.query_one(f"#tier-{self.cursor}").add_class("-editing")
        field.begin(str(self._table.tiers[Tier(self.cursor)]))
        field.focus()
        self._hint(field)

    def on_click(self, event: events.Click) -> None:
        line = event.screen_y - self.region.y  # the event's own y is counted in the tier's line
        if not self.editing and 0 <= line < len(Tier):
            self.cursor = line
            self._paint()

    def watch_has_focus(self, focused: bool) -> None:
        super().watch_has_focus(focused)
        self._paint()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(event.input, TargetInput) and self.editing:
            event.input.typed()
            self._hint(event.input)
            self.post_message(self.Drafted())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Changed(Tier(self.cursor), event.value))

    @on(TargetInput.Dropped)
    def _dropped(self, event: TargetInput.Dropped) -> None:
        event.stop()
        if self.editing:
            self.done()

    def _hint(self, field: TargetInput) -> None:
        """The completions, the picked one bright; a hint where there are none."""
        self._refused = False
        found = field.matches()
        if found == [field.value] or not found:
            self.query_one(Note).say(HINT)
            return
        line: Line = ()
        first = max(field.picked, 0)
        for number, name in enumerate(found[first:], first):
            style = "accent" if number == field.picked else "quiet"
            piece: Line = ((plain(name, 60), style), *self._beside(name))
            if LABEL + width_of(line) + width_of(piece) > self.size.width - 6 and number > first:
                line += ((f"+{len(found) - number}", "quiet"),)
                break
            line += (*piece, ("  ", "text"))
        self.query_one(Note).put(line)

    def _paint(self) -> None:
        if self._table is not None:
            for line in self.query(TierLine):
                chosen = self.has_focus and line.tier == self.cursor
                line.show(self._table, chosen, self._words.get(line.tier, ()))
