"""The form for a provider from the catalog: its kind, where its key is, and its base URL."""

import os
from collections.abc import Mapping

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label

from app.newcomer.found import Account
from app.newcomer.places import known
from app.newcomer.wizard.draft import ADDABLE, Draft
from app.process.failure import Failure
from app.text import plain
from app.widgets.note import Note
from proxy.providers.catalog import KINDS

INDENT = 12  # cells before the fields and their notes
LONGEST = 300  # characters
SHOWN = 8  # kinds in a hint
LABELS = {
    **{"kind": "kind", "variable": "key in", "key": "or the key"},
    **{"region": "region", "project": "project", "base_url": "base URL"},
}
SETTINGS = ("region", "project", "base_url")
HINTS = {
    "variable": "the environment variable that has the key; the config has its name alone",
    "key": "typed here it goes into the system's keyring, and into no file",
    "base_url": "leave it empty for the usual one",
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

    def compose(self) -> ComposeResult:
        with Vertical(id="form") as form:
            form.border_title = "add a provider"
            form.border_subtitle = "enter tries it · esc drops · tab next"
            for name, label in LABELS.items():
                with Horizontal(id=f"line-{name}"):
                    yield Label(label)
                    yield self._field(name)
                if name in ("kind", *HINTS):
                    yield Note(INDENT, id=f"note-{name}")
            yield Note(1, id="trouble")

    def _field(self, name: str) -> Input:
        suggester = SuggestFromList(ADDABLE) if name == "kind" else None
        return Input(id=name, max_length=LONGEST, password=name == "key", suggester=suggester)

    def on_mount(self) -> None:
        for name, hint in HINTS.items():
            self.query_one(f"#note-{name}", Note).say(hint)
        self._show("")
        self.query_one("#kind").focus()

    @on(Input.Changed, "#kind")
    def _kind_changed(self, event: Input.Changed) -> None:
        self._show(event.value)

    def _show(self, kind: str) -> None:
        """Which kinds begin so, the fields that this one has, and what they usually hold."""
        self._list_kinds(kind)
        row, around = KINDS.get(kind), _around(kind)
        own = {"base_url": row.base_url if row else ""}
        for name in SETTINGS:
            self.query_one(f"#{name}", Input).placeholder = around.get(name, own.get(name, ""))
        self.query_one("#variable", Input).placeholder = _variable(kind)
        for name in ("region", "project"):
            self.query_one(f"#line-{name}").display = row is not None and name in row.reads

    def _list_kinds(self, typed: str) -> None:
        fitting = [kind for kind in ADDABLE if kind.startswith(typed)]
        more = f" and {len(fitting) - SHOWN} more" if len(fitting) > SHOWN else ""
        said = ", ".join(fitting[:SHOWN]) + more or "no kind begins so"
        self.query_one("#note-kind", Note).say(said, "quiet" if fitting else "bad")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.query_one("#trouble", Note).say("asking it …")
        self._try()

    @work(exclusive=True)
    async def _try(self) -> None:
        said = {name: self.query_one(f"#{name}", Input).value.strip() for name in LABELS}
        kind, key = said["kind"], said["key"]
        settings = {**_around(kind), **{name: said[name] for name in SETTINGS if said[name]}}
        variable = said["variable"] or _variable(kind)
        try:
            self.dismiss(await self._draft.add(kind, variable, key, settings))
        except Failure as wrong:
            self.query_one("#trouble", Note).say(f"✗ {plain(wrong)}", "bad")

    def action_close(self) -> None:
        self.dismiss(None)


def _around(kind: str) -> Mapping[str, str]:
    """What the environment says of a kind's settings: it holds where a field stays empty."""
    return known(os.environ, {}).get(kind, {})


def _variable(kind: str) -> str:
    """The variable that a kind's key is usually in. AWS has ways of its own to its keys, and a
    server on this machine needs none."""
    row = KINDS.get(kind)
    return row.key_env if row and row.auth not in ("aws", "none") else ""
