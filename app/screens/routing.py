"""Routing: tiers, boundaries and force-patterns, edited here and in force from the next request."""

import logging
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult

from app import edits
from app.desk import Desk
from app.edits import Edit, FieldError
from app.keys import bindings
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.text import plain, whole
from app.widgets.adrift import Adrift
from app.widgets.banner import Banner
from app.widgets.cuts import Cuts
from app.widgets.down import Down
from app.widgets.force_form import ForceForm
from app.widgets.force_table import ForceTable
from app.widgets.heading import Heading
from app.widgets.note import Note
from app.widgets.tier_editor import TierEditor
from classifier.force import ForcePattern
from proxy.record import Record
from proxy.routing import Table

log = logging.getLogger(__name__)

SCORES_KEPT = 500
MODELS_KEPT = 5000
FORCE = "force:"
HEADINGS = ("tiers", "cuts", "forces")
FIXED = 10  # lines: bars above and below, headings, tiers, state
AIRY = 30  # lines from which there is one above each heading
CUTS_HIGHEST = 12


class RoutingScreen(Room):
    """Every edit is saved to the config first, then put in force; what can't be saved is not."""

    ROOM = "routing"
    BINDINGS = bindings("routing")
    DEFAULT_CSS = """
    RoutingScreen.-h30 Heading, RoutingScreen.-h40 Heading { margin-top: 1; }
    """

    def __init__(self, services: DashboardServices, store: Store) -> None:
        super().__init__(services, store)
        self._desk = Desk(services.routing, services.save)
        self._known: tuple[str, ...] = ()
        self._drawn: tuple[object, ...] = ()
        self._rests = True

    def body(self) -> ComposeResult:
        yield Heading("Tiers", id="on-tiers")
        yield TierEditor(id="tiers")
        yield Heading("Boundaries", id="on-cuts")
        yield Cuts(id="cuts")
        yield Heading("Force-patterns", id="on-forces")
        yield ForceTable(id="forces")
        yield Note(id="state")

    def on_mount(self) -> None:
        self._say()
        self._list_models()

    def tick(self) -> None:
        """Draw the table in force and what the feed knows; nothing where both are as before."""
        self._light()
        if self._desk.changed_elsewhere():
            self._say("changed elsewhere, u undoes", "accent")
        shown = (self._desk.table, self.store.version, self._known)
        if shown != self._drawn:
            self._drawn = shown
            self._draw(self._desk.table)

    async def action_undo(self) -> None:
        self._report(await self._desk.undo(), "undone")

    async def action_redo(self) -> None:
        self._report(await self._desk.redo(), "done again")

    # Tiers and boundaries

    @on(TierEditor.Changed)
    async def _tier_changed(self, event: TierEditor.Changed) -> None:
        editor = self.query_one(TierEditor)
        try:
            edit = edits.set_tier(event.tier, event.text)
        except FieldError as wrong:
            editor.refuse(str(wrong))
            return
        problem = await self._apply(edit, f"{event.tier.name} → {event.text.strip()}")
        if problem is None:
            editor.done()
        else:
            editor.refuse(str(problem))

    @on(Cuts.Saved)
    async def _cuts_saved(self, event: Cuts.Saved) -> None:
        words = "boundaries " + ", ".join(f"{value:g}" for value in event.boundaries)
        self._report(await self._desk.apply(edits.set_boundaries(event.boundaries)), words)

    @on(Cuts.Drafted)
    def _cuts_drafted(self) -> None:
        """Say what the draft would do, before it is in force."""
        cuts = self.query_one(Cuts)
        scores = self._scores()
        movers = edits.movers(scores, cuts.in_force, cuts.draft)
        heading = self.query_one("#on-cuts", Heading)
        if cuts.drafted:
            heading.say(f"{movers} of {len(scores)} move · enter saves, esc drops", "warn")
        else:
            heading.say(_scores_note(len(scores)))

    # Force-patterns

    def action_add_force(self) -> None:
        async def submit(rule: ForcePattern) -> FieldError | None:
            return await self._apply(edits.add(rule), f"{rule.name} added")

        self.app.push_screen(ForceForm(None, submit))

    def action_edit_force(self) -> None:
        rule = self._rule()
        if rule is None:
            self.action_add_force()
            return

        async def submit(new: ForcePattern) -> FieldError | None:
            return await self._apply(edits.change(rule, new), f"{new.name} changed")

        self.app.push_screen(ForceForm(rule, submit))

    async def action_toggle_force(self) -> None:
        if rule := self._rule():
            self._report(await self._desk.apply(edits.toggle(rule)), _switched(rule))

    async def action_delete_force(self) -> None:
        if rule := self._rule():
            problem = await self._desk.apply(edits.delete(rule))
            self._report(problem, f"{rule.name} deleted, u undoes")

    async def action_shift_force(self, by: int) -> None:
        rule, forces = self._rule(), self.query_one(ForceTable)
        if rule is None or not 0 <= forces.cursor + by < len(forces.rows):
            return
        problem = await self._desk.apply(edits.shift(rule, by))
        if self._report(problem, f"{rule.name} moved"):
            forces.go(forces.cursor + by)

    def _rule(self) -> ForcePattern | None:
        patterns = self._desk.table.patterns
        at = self.query_one(ForceTable).cursor
        return patterns[at] if at < len(patterns) else None

    # What came of it

    async def _apply(self, edit: Edit, words: str) -> FieldError | None:
        """Carry out an edit; what is wrong goes back to the field that it was typed into."""
        problem = await self._desk.apply(edit)
        if problem is None:
            self._report(None, words)
            return None
        return FieldError(problem.field, self._brief(problem))

    def _report(self, problem: FieldError | None, words: str) -> bool:
        """Say in the last line what was done, or what is wrong; True where nothing is."""
        if problem is None:
            self._say(f"✓ {words}", "good")
            self.tick()
        else:
            self._say(f"✗ {self._brief(problem)}", "bad")
        return problem is None

    def _brief(self, problem: Exception) -> str:
        """In one line, and without the path, which stands on the screen already."""
        return " ".join(str(problem).replace(f"{self.services.config_path}, ", "").split())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No undo or redo below a half-made edit."""
        if action in ("undo", "redo") and self.is_mounted:
            return not self.query_one(TierEditor).editing
        return super().check_action(action, parameters)

    # Drawing

    def _draw(self, table: Table) -> None:
        scores = self._scores()
        self.query_one(TierEditor).show(table, self._known)
        self.query_one(Cuts).show(table.boundaries, scores)
        self._cuts_drafted()
        self.query_one(ForceTable).put(table.patterns, self._fired())
        note = "a adds one" if not table.patterns else "the first that matches decides"
        self.query_one("#on-forces", Heading).say(note)

    def on_resize(self) -> None:
        if not self.query(Cuts):
            return  # taken down already
        self._share()
        if self._rests:
            self._say()

    def on_descendant_focus(self) -> None:
        self._light()

    def _share(self) -> None:
        """Give the histogram its share of the height; where that is short, its focus counts."""
        cuts, airy = self.query_one(Cuts), self.size.height >= AIRY
        bars = sum(self.query_one(kind).display for kind in (Adrift, Banner, Down))
        taken = FIXED + len(HEADINGS) * airy + bars
        least = 3 if cuts.has_focus else 2
        height = min(max((self.size.height - taken) * 3 // 7, least), CUTS_HIGHEST)
        if cuts.styles.height is None or cuts.styles.height.value != height:
            cuts.styles.height = height

    def _light(self) -> None:
        """Mark the panel that has the focus."""
        self._share()
        for name in HEADINGS:
            panel = self.query_one(f"#{name}")
            self.query_one(f"#on-{name}", Heading).light(panel.has_focus_within or panel.has_focus)

    def _say(self, done: str = "", style: str = "quiet") -> None:
        """The last line: what was done or went wrong; else when and where a change counts."""
        self._rests = not done
        words = done or self._resting()
        if style == "good":
            words = f"{done} · effective on the next request"
            words += " · saved" if self.services.config_path else ""
        self.query_one("#state", Note).say(plain(words, 400), style)

    def _resting(self) -> str:
        path = self.services.config_path
        if path is None:
            return "effective on the next request · kept until the program ends"
        who = "saved there, to " if self.services.link else "saved to "
        words = f"effective on the next request · {who}"
        whole_path = _homely(path)
        fits = len(words) + len(whole_path) < self.size.width - 1
        return words + (whole_path if fits else f"…/{path.name}")

    def _scores(self) -> list[float]:
        recent: Sequence[Record] = self.store.rows[-SCORES_KEPT:]
        return [row.score for row in recent if row.score is not None]

    def _fired(self) -> Counter[str]:
        """How often each pattern decided, among the exchanges that the feed still holds."""
        reasons = (row.reason for row in self.store.rows if row.reason.startswith(FORCE))
        return Counter(reason.removeprefix(FORCE) for reason in reasons)

    @work(exclusive=True, group="models")
    async def _list_models(self) -> None:
        """Ask the providers for their models; they may take their time, refuse, or never answer."""
        if self.services.providers is None:
            return
        heading = self.query_one("#on-tiers", Heading)
        heading.say("asking the providers for their models …")
        try:
            listed = await self.services.providers()
        except Exception as problem:
            log.warning("the providers' models could not be listed: %s", problem)
            heading.say("the providers did not list their models", "warn")
            return
        names = (f"{provider}/{model}" for provider, models in listed.items() for model in models)
        self._known = tuple(islice((name for name in names if name.isprintable()), MODELS_KEPT))
        heading.say(f"{whole(len(self._known))} models known")


def _scores_note(count: int) -> str:
    return f"the last {count} scores" if count else "← → move one"


def _switched(rule: ForcePattern) -> str:
    return f"{rule.name} switched {'off' if rule.enabled else 'on'}"


def _homely(path: Path) -> str:
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
