"""The wizard's actions: they feed its key bindings and its key bar."""

from collections.abc import Mapping
from typing import Final

from textual.binding import BindingType

from app.actions import Action, of
from app.keys import binding

_ROWS: Final[tuple[tuple[str, str, str, str, str, str, int], ...]] = (
    ("step", "back", "escape", "Back", "back", "To the step before", 8),
    ("step", "leave", "q", "Leave", "app.leave", "End; nothing is written", 9),
    ("forward", "forward", "enter", "Go on", "forward", "To the next step", 1),
    ("forward", "forward-up", "up,k", "Up", "screen.main", "To what is asked here", 0),
    ("accounts", "accounts-next", "enter", "Go on", "screen.forward", "To the next step", 1),
    ("accounts", "accounts-use", "space", "Use or not", "use", "Leave it out, or take it in", 2),
    ("accounts", "accounts-down", "down,j", "Down", "move(1)", "Next provider", 5),
    ("accounts", "accounts-up", "up,k", "Up", "move(-1)", "Provider before", 0),
    ("providers", "add", "a", "Add a provider", "add", "Add one from the catalog", 3),
    ("providers", "test", "t", "Test again", "test", "Look and ask again", 4),
    ("levels", "levels-next", "enter", "Go on", "screen.forward", "To the next step", 1),
    ("levels", "levels-down", "down,j", "Choose", "move(1)", "The next choice", 2),
    ("levels", "levels-up", "up,k", "Up", "move(-1)", "The choice before", 0),
    ("preview", "page-next", "right,n", "Next page", "page(1)", "Config, then each client", 2),
    ("preview", "page-back", "left,p", "Page before", "page(-1)", "The other way round", 0),
    ("preview", "copy", "c", "Copy the page", "copy", "Into the clipboard", 3),
)
_BORROWED: Final = ("tiers", "pager")

_SHORT: Final = {"levels-down": "↑↓ Choose", "accounts-down": "↑↓ Move", "page-next": "←→ Page"}

WIZARD: Final = tuple(
    Action(id, key, title, "Wizard", where, run, help, bar, short=_SHORT.get(id, ""))
    for where, id, key, title, run, help, bar in _ROWS
)
SHOWN: Final[Mapping[str, Action]] = {
    action.id: action for action in (*WIZARD, *(one for place in _BORROWED for one in of(place)))
}


def bindings(where: str) -> list[BindingType]:
    """The bindings of one of the wizard's screens or widgets."""
    return [binding(action) for action in WIZARD if action.where == where]
