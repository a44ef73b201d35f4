"""Routing: tiers, boundaries, weights and force-patterns, tried on past traffic and edited here."""

import logging
from collections import Counter
from functools import partial
from itertools import islice

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult

from app import edits
from app.desk import Desk
from app.edits import Edit, FieldError
from app.keys import bindings
from app.routing_words import (
    HOW,
    UNTOLD,
    forecast,
    homely,
    outcome_note,
    scores_note,
    switched,
    weights_note,
)
from app.screens.trying import Trying, target_of, targets_of
from app.services import DashboardServices
from app.shares import Want, shares
from app.store import Store
from app.text import plain, sentence, whole
from app.widgets.adrift import Adrift
from app.widgets.banner import Banner
from app.widgets.cuts import Cuts
from app.widgets.down import Down
from app.widgets.force_form import ForceForm
from app.widgets.force_table import ForceTable
from app.widgets.heading import Heading
from app.widgets.note import Note
from app.widgets.outcome import LOOKING, NONE, OutcomeTable
from app.widgets.tier_editor import TierEditor
from app.widgets.weights import Weights
from classifier.force import ForcePattern
from proxy.routing.table import Table

log = logging.getLogger(__name__)

MODELS_KEPT = 5000
NEXT = "effective on the next request"
FORCE = "force:"
HEADINGS = ("tiers", "cuts", "weights", "forces")
FIXED = 3  # lines: bars above and below, state
LOW = 20  # lines below which a panel is as small as can be
AIRY = 30  # lines from which there is one above each heading
CUTS_HIGHEST = 12


class RoutingScreen(Trying):
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
        self._heights: dict[str, int | str] = {}

    def body(self) -> ComposeResult:
        yield Heading("Tiers", id="on-tiers")
        yield TierEditor(id="tiers")
        yield Heading("Boundaries", id="on-cuts")
        yield Cuts(id="cuts")
        yield Heading("Weights", id="on-weights")
        yield Weights(id="weights")
        yield Heading("What if", id="on-outcome")
        yield OutcomeTable(id="outcome")
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
            self.tags.forget()
            self._say("changed elsewhere, u undoes", "accent")
        self.look_back()
        targets = (*self.in_force.tiers.values(), *targets_of(self.query_one(TierEditor).offered))
        self.look_up(targets)
        tried = (self.found, self.trouble)
        shown = (self.in_force, self.store.version, self._known, tried, self.tagged)
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

    @on(Weights.Saved)
    async def _weights_saved(self, event: Weights.Saved) -> None:
        try:
            edit = edits.set_weights(event.weights)
        except FieldError as wrong:
            self._report(wrong, "")
            return
        self._report(await self._desk.apply(edit), "weights")

    @on(Heading.Picked)
    def _heading_picked(self, event: Heading.Picked) -> None:
        panel = self.query_one(f"#{(event.heading.id or '').removeprefix('on-')}")
        panel.focus()

    # What if

    @on(Cuts.Drafted)
    @on(Weights.Drafted)
    @on(TierEditor.Drafted)
    def _drafted(self) -> None:
        """Say what the draft would do, before it is in force."""
        self._head()
        self._share()
        self.try_out()

    @property
    def in_force(self) -> Table:
        return self._desk.table

    @property
    def draft(self) -> Table:
        """The table in force with all that is drafted on this screen."""
        table = self._desk.table
        cuts, weights = self.query_one(Cuts), self.query_one(Weights)
        if cuts.drafted:
            table = replace(table, boundaries=cuts.draft)
        if weights.drafted and (shares_ := edits.in_proportion(weights.draft)):
            table = replace(table, weights=shares_)
        if (drafted := self.query_one(TierEditor).draft) and (target := target_of(drafted[1])):
            table = table.with_tier(drafted[0], target)
        return table

    # Force-patterns

    def action_add_force(self) -> None:
        async def submit(rule: ForcePattern) -> FieldError | None:
            return await self._apply(edits.add(rule), f"{rule.name} added")

        self.app.push_screen(ForceForm(None, submit, partial(self._forecast, None)))

    def action_edit_force(self) -> None:
        rule = self._rule()
        if rule is None:
            self.action_add_force()
            return

        async def submit(new: ForcePattern) -> FieldError | None:
            return await self._apply(edits.change(rule, new), f"{new.name} changed")

        self.app.push_screen(ForceForm(rule, submit, partial(self._forecast, rule)))

    async def _forecast(self, old: ForcePattern | None, new: ForcePattern) -> str:
        """What a pattern that is being written would make of past traffic, in words."""
        what_if = self.services.what_if
        if what_if is None:
            return ""
        if old is None or new.pattern != old.pattern:
            return UNTOLD
        try:
            draft = edits.change(old, replace(new, name=old.name))(self.in_force)
        except FieldError:  # it was changed elsewhere meanwhile
            return ""
        try:
            return forecast(await what_if.outcome(self.in_force, draft))
        except OSError as problem:
            return sentence(plain(problem, 300))

    async def action_toggle_force(self) -> None:
        if rule := self._rule():
            self._report(await self._desk.apply(edits.toggle(rule)), switched(rule))

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
        words = {tier: self.beside(target) for tier, target in table.tiers.items()}
        self.query_one(TierEditor).show(table, self._known, words, self.behind)
        self.query_one(Weights).show(table)
        self.query_one(Cuts).show(table.boundaries, self.spread)
        self.query_one(ForceTable).put(table.patterns, self._fired())
        tried = self.found if self.found and self.found.rows else None
        hint = self.trouble or (NONE if self.found else LOOKING)
        self.query_one(OutcomeTable).show(tried, hint)
        self._head()
        self._share()

    def _head(self) -> None:
        """What stands at the right end of the headings."""
        cuts, weights = self.query_one(Cuts), self.query_one(Weights)
        note = (HOW, "warn") if cuts.drafted else (scores_note(sum(self.spread)), "quiet")
        self.query_one("#on-cuts", Heading).say(*note)
        self.query_one("#on-weights", Heading).say(*weights_note(weights))
        self.query_one("#on-outcome", Heading).say(
            *outcome_note(self.found, self.size.height >= LOW)
        )
        count = len(self._desk.table.patterns)
        said = f"{count} · the first that matches decides" if count else "a adds one"
        self.query_one("#on-forces", Heading).say(said)

    def on_resize(self) -> None:
        if not self.query(Cuts):
            return  # taken down already
        self._share()
        if self._rests:
            self._say()

    def on_descendant_focus(self) -> None:
        self._light()

    def _share(self) -> None:
        """Give each panel its share of the height; where that is short, the focus counts."""
        drafted = not edits.same_rules(self._desk.table, self.draft)
        self.query_one("#on-outcome").display = self.query_one("#outcome").display = drafted
        bars = sum(self.query_one(kind).display for kind in (Adrift, Banner, Down))
        heads = len(HEADINGS) + drafted
        airy = heads * (self.size.height >= AIRY)
        given = shares(self.size.height - FIXED - bars - heads - airy, self._wants(drafted))
        for name, lines in given.items():
            panel = self.query_one(f"#{name}")
            height = "auto" if name == "tiers" and lines else lines  # its notes come and go
            if self._heights.get(name) != height:
                self._heights[name] = panel.styles.height = height

    def _wants(self, drafted: bool) -> list[Want]:
        """What the panels want, the most important first."""
        low, width = self.size.height < LOW, self.size.width
        tiers, sliders = self.query_one(TierEditor).lines, self.query_one(Weights)
        focus = next((name for name in HEADINGS if self.query_one(f"#{name}").has_focus_within), "")
        full = sliders.lines(width)
        slid = focus == "weights"
        least = 4 - low - (low and focus not in ("cuts", "weights"))
        wants = {
            "tiers": Want("tiers", tiers, tiers, whole=True),
            "cuts": Want("cuts", least, CUTS_HIGHEST),
            "weights": Want("weights", 3 if low and slid else full, full, whole=not slid),
            "outcome": Want("outcome", 3 if low else 4, self.query_one(OutcomeTable).lines(width)),
            "forces": Want("forces", 2 if low else 3, self.size.height, whole=True),
        }
        if not drafted:
            del wants["outcome"]
        first = [focus, "cuts", "outcome", "tiers"] if slid else [focus, "outcome", "tiers", "cuts"]
        order = dict.fromkeys([*first, "forces", "weights"])
        return [wants[name] for name in order if name in wants]

    def _light(self) -> None:
        """Mark the panel that has the focus."""
        self._share()
        for name in HEADINGS:
            panel = self.query_one(f"#{name}")
            self.query_one(f"#on-{name}", Heading).light(panel.has_focus_within)

    def _say(self, done: str = "", style: str = "quiet") -> None:
        """The last line: what was done or went wrong; else when and where a change counts."""
        self._rests = not done
        words = done or self._resting()
        if style == "good":
            words = f"{done} · {NEXT}"
            words += " · saved" if self.services.config_path else ""
        self.query_one("#state", Note).say(plain(words, 400), style)

    def _resting(self) -> str:
        path = self.services.config_path
        if path is None:
            return f"{NEXT} · until the program ends"
        who = "saved there, to " if self.services.link else "saved to "
        brief = f"{who}…/{path.name}"
        said = (f"{NEXT} · {who}{homely(path)}", f"{NEXT} · {brief}", brief)
        return next((one for one in said if len(one) < self.size.width - 1), brief)

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
