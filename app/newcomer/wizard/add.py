"""The form for a provider from the catalog: its kind, where its key is, and its base URL."""

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label

from app.failure import Failure
from app.newcomer.found import Account
from app.newcomer.wizard.draft import Draft, addable
from app.text import plain
from app.widgets.note import Note
from proxy.providers.catalog import KINDS

INDENT = 12  # cells before the fields and their notes
LONGEST = 300  # characters
SHOWN = 8  # kinds in a hint
FIELDS = ("kind", "variable", "key", "url")
LABELS = {"kind": "kind", "variable": "key in", "key": "or the key", "url": "base URL"}
HINTS = {
    "variable": "the environment variable that has the key; the config has its name alone",
    "key": "typed here it goes into the system's keyring, and into no file",
    "url": "leave it empty for the usual one",
}


class AddForm(ModalScreen[Account | None]):
    """Tries what was said at once; it goes with an account, or with None where it was given up."""

    BINDINGS = [Binding("escape", "close", show=False)]
    DEFAULT_CSS = """
    AddForm { align: center middle; }
    AddForm #form {
        width: 100%; max-width: 84; height: auto; background: $background;
        border: round $border; border-title-color: $accent; border-subtitle-color: $quiet;
        padding: 0 1;
    }
    AddForm Horizontal { height: 1; }
    AddForm Label { width: 11; color: $quiet; }
    AddForm Input { width: 1fr; }
    """

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._kinds = addable()

    def compose(self) -> ComposeResult:
        with Vertical(id="form") as form:
            form.border_title = "add a provider"
            form.border_subtitle = "enter tries it · esc drops · tab next"
            for name in FIELDS:
                with Horizontal():
                    yield Label(LABELS[name])
                    yield self._field(name)
                yield Note(INDENT, id=f"note-{name}")
            yield Note(1, id="trouble")

    def _field(self, name: str) -> Input:
        suggester = SuggestFromList(self._kinds) if name == "kind" else None
        return Input(id=name, max_length=LONGEST, password=name == "key", suggester=suggester)

    def on_mount(self) -> None:
        for name, hint in HINTS.items():
            self.query_one(f"#note-{name}", Note).say(hint)
        self._list_kinds("")
        self.query_one("#kind").focus()

    @on(Input.Changed, "#kind")
    def _kind_changed(self, event: Input.Changed) -> None:
        """Which kinds begin so, and the variable that this one's key is usually in."""
        self._list_kinds(event.value)
        row = KINDS.get(event.value)
        usual = row.key_env if row else ""
        self.query_one("#variable", Input).placeholder = usual
        self.query_one("#url", Input).placeholder = row.base_url if row else ""

    def _list_kinds(self, typed: str) -> None:
        fitting = [kind for kind in self._kinds if kind.startswith(typed)]
        more = f" and {len(fitting) - SHOWN} more" if len(fitting) > SHOWN else ""
        said = ", ".join(fitting[:SHOWN]) + more or "no kind begins so"
        self.query_one("#note-kind", Note).say(said, "quiet" if fitting else "bad")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.query_one("#trouble", Note).say("asking it …")
        self._try()

    @work(exclusive=True)
    async def _try(self) -> None:
        values = {name: self.query_one(f"#{name}", Input).value.strip() for name in FIELDS}
        row = KINDS.get(values["kind"])
        variable = values["variable"] or (row.key_env if row and row.auth != "none" else "")
        try:
            self.dismiss(
                await self._draft.add(values["kind"], variable, values["key"], values["url"])
            )
        except Failure as wrong:
            self.query_one("#trouble", Note).say(f"✗ {plain(wrong)}", "bad")

    def action_close(self) -> None:
        self.dismiss(None)
