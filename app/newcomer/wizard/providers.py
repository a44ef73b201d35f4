"""The first step: what was found, tried live, and what its user adds from the catalog."""

from textual import on, work
from textual.app import ComposeResult

from app.newcomer.found import Account
from app.newcomer.init import standing
from app.newcomer.wizard.accounts import Accounts
from app.newcomer.wizard.add import AddForm
from app.newcomer.wizard.step import Step
from app.newcomer.wizard.table import bindings
from app.text import plain
from app.widgets.canvas import Line, wrap
from app.widgets.heading import Heading
from app.widgets.pager import Pager

LOOKING = "looking for keys, servers and sign-ins …"
NOTHING = "nothing found: a adds a provider; or start Ollama and press t"
STILL = "still looking; a provider may take some seconds to answer"
NONE_READY = "no provider is ready: a adds one, t asks again"


class ProvidersStep(Step):
    """A provider that can't be used stays in sight, with what is wrong with it."""

    NUMBER = 0
    ON = "Next: tiers"
    MAIN = "Accounts"
    BINDINGS = bindings("providers")

    def body(self) -> ComposeResult:
        yield Heading("Providers", id="on-accounts")
        yield Accounts()
        yield Heading("", id="on-details")
        yield Pager(id="details")

    def on_mount(self) -> None:
        super().on_mount()
        self._draw(LOOKING)
        self._look()

    def __init__(self) -> None:
        super().__init__()
        self._looking = True

    async def go_on(self) -> str:
        if self._looking:
            return STILL
        return "" if self.draft.usable else NONE_READY

    def action_add(self) -> None:
        self.app.push_screen(AddForm(self.draft), self._added)

    def action_test(self) -> None:
        self._looking = True
        self._draw(LOOKING)
        self._look()

    @work(exclusive=True)
    async def _look(self) -> None:
        """Look, and ask those again that were added by hand."""
        draft = self.draft
        mine = [one for one in draft.found.accounts if one.name in draft.added]
        draft.found = await self.wizard.look()
        for one in mine:
            draft.put(one)
            await draft.again(one)
        self._looking = False
        await self._settle()

    async def _added(self, account: Account | None) -> None:
        if account is not None:
            await self._settle()
            self.query_one(Accounts).at(account.name)
            self._details()

    @on(Accounts.Toggled)
    async def _toggled(self) -> None:
        under = self.query_one(Accounts).under
        if under is not None:
            self.draft.off ^= {under.name}
            await self._settle()

    @on(Accounts.Moved)
    def _details(self) -> None:
        """Below the list: the account under the cursor, in full."""
        under = self.query_one(Accounts).under
        title = f"About {under.name}" if under else ""
        self.query_one("#on-details", Heading).title(title)
        self.query_one("#details", Pager).show(self._page, top=True)

    async def _settle(self) -> None:
        await self.wizard.settle()
        self.say("")
        self._draw(NOTHING)

    def _draw(self, hint: str) -> None:
        draft = self.draft
        self.query_one(Accounts).show(draft.found.accounts, draft.off, hint)
        ready = len(draft.usable)
        self.query_one("#on-accounts", Heading).say(f"{ready} ready" if ready else "")
        self._details()

    def _page(self, width: int) -> list[Line]:
        under = self.query_one(Accounts).under
        words: list[tuple[str, str]] = []
        if under is not None:
            words += [(f"{under.why}; {standing(under)}.", "quiet")]
            words += [(name, "text") for name in under.probe.models or ()]
        for note in self.draft.found.notes:
            words += [("", ""), (f"Also: {note}.", "quiet")]
        return [
            ((("  " if style == "text" else "") + line, style),)
            for text, style in words
            for line in wrap(plain(text), max(width - 2, 10))
        ]
