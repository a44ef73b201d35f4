"""The second step: a model for each tier, as proposed or as its user wants it, with prices."""

from textual import on
from textual.app import ComposeResult

from app.newcomer.models import Choice
from app.newcomer.wizard.draft import WHICH
from app.newcomer.wizard.step import Step
from app.process.failure import Failure
from app.text import dollars
from app.widgets.canvas import Line, wrap
from app.widgets.heading import Heading
from app.widgets.pager import Pager
from app.widgets.tier_editor import TierEditor
from classifier.tiers import Tier
from proxy.routing.table import Table

ABOUT = (
    "Each request gets a score from 0 to 100, and the score decides its tier: greetings and small "
    "errands go to SIMPLE, proofs and audits to REASONING.",
    "A tier may have the same model as another, and any of your providers' models. "
    "enter on a tier edits it: type a part of a name, ↑↓ walk through what fits.",
    "All of it can be changed later, on the routing screen or in the config.",
)


def price(choice: Choice) -> str:
    """Dollars per million tokens, in and out."""
    if not choice.target.model:
        return WHICH
    if choice.input is None or choice.output is None:
        return choice.price
    return f"{dollars(choice.input)} in, {dollars(choice.output)} out"


class TiersStep(Step):
    """Edits are checked at once against what the providers list."""

    NUMBER = 1
    ON = "Next: savings"
    MAIN = "TierEditor"

    def body(self) -> ComposeResult:
        yield Heading("Tiers", "per million tokens", id="on-tiers")
        yield TierEditor(id="tiers")
        yield Heading("How a tier is chosen")
        yield Pager(id="about")

    async def enter(self) -> None:
        self._draw()
        about = self.query_one("#about", Pager)
        about.can_focus = False
        about.show(_about)

    async def go_on(self) -> str:
        blank = [tier.name for tier, one in self.draft.tiers.items() if not one.target.model]
        return f"{', '.join(blank)}: which model? enter on the tier to say" if blank else ""

    @on(TierEditor.Changed)
    def _changed(self, event: TierEditor.Changed) -> None:
        editor = self.query_one(TierEditor)
        try:
            self.draft.pick(event.tier, event.text)
        except Failure as wrong:
            editor.refuse(str(wrong))
            return
        editor.done()
        self.say("")
        self._draw()

    def _draw(self) -> None:
        tiers = self.draft.tiers
        if not tiers:
            return
        table = Table({tier: tiers[tier].target for tier in Tier})
        words: dict[Tier, Line] = {tier: ((price(one), "quiet"),) for tier, one in tiers.items()}
        self.query_one(TierEditor).show(table, self.draft.known, words)


def _about(width: int) -> list[Line]:
    return [((line, "quiet"),) for text in ABOUT for line in (*wrap(text, max(width, 10)), "")]
