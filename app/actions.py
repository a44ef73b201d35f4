"""One table of actions: it feeds key bindings, the command palette, the key bar and the help."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do. `key` may name several, comma separated; empty for palette only.

    `where` is the screen or widget that it belongs to, `run` the method there, without `action_`.
    `bar` orders the key bar: the lowest stay when room is short, 0 is never shown there.
    """

    id: str
    key: str
    title: str
    group: str
    where: str
    run: str
    help: str
    bar: int = 0
    priority: bool = False  # wins over what is focused

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key in self.key.split(",") if key)


def _table(where: str, group: str, *rows: tuple[str, str, str, str, str, int]) -> list[Action]:
    return [
        Action(id, key, title, group, where, run, help, bar)
        for id, key, title, run, help, bar in rows
    ]


ACTIONS: tuple[Action, ...] = (
    *_table(
        EVERYWHERE,
        "Screens",
        ("live", "l,f2", "Live", "room('live')", "What is happening right now", 0),
        ("routing", "r,f3", "Routing", "room('routing')", "Tiers, models and patterns", 0),
        ("history", "s,f4", "Savings", "room('history')", "What was saved, by day and tier", 0),
        ("log", "L,f5", "Log", "room('log')", "What the program says about itself", 0),
        ("help", "question_mark,f1", "Help", "help", "Help for what has the focus", 90),
    ),
    *_table(
        EVERYWHERE,
        "Program",
        ("palette", "colon", "Commands", "command_palette", "Find any action by name", 91),
        ("theme", "", "Theme", "change_theme", "Dark, light, plain terminal colours", 0),
        ("quit", "q", "Quit", "quit", "End dashboard and proxy", 92),
    ),
    Action(
        "stop", "ctrl+c", "Quit", "Program", EVERYWHERE, "quit", "End, from anywhere", priority=True
    ),
    *_table(
        "live",
        "Steer",
        ("tier-1", "1", "SIMPLE", "hold(0)", "Hold the selected session to SIMPLE", 0),
        ("tier-2", "2", "MEDIUM", "hold(1)", "Hold the selected session to MEDIUM", 0),
        ("tier-3", "3", "COMPLEX", "hold(2)", "Hold the selected session to COMPLEX", 0),
        ("tier-4", "4", "REASONING", "hold(3)", "Hold the selected session to REASONING", 0),
        ("tier-0", "0", "Automatic", "release", "Let the selected session go back to its score", 0),
        ("tier-all", "a", "All automatic", "release_all", "Let every held session go", 0),
    ),
    *_table(
        "live",
        "Feed",
        ("filter", "slash", "Filter", "filter", "Show only what matches", 2),
        ("clear", "escape", "Clear", "clear", "Close the filter, the details, or the pause", 0),
        ("pause", "space", "Pause", "pause", "Freeze the list; the totals go on", 3),
        ("follow", "F", "Follow", "follow", "Stay on the newest exchange", 4),
        ("details", "enter", "Details", "details", "Give the details the whole height", 5),
    ),
    *_table(
        "feed",
        "Move",
        ("feed-down", "j,down", "Down", "down", "Next exchange", 0),
        ("feed-up", "k,up", "Up", "up", "Exchange before", 0),
        ("feed-top", "g,home", "Top", "top", "Oldest exchange", 0),
        ("feed-end", "G,end", "End", "end", "Newest exchange, and follow", 0),
        ("feed-page-down", "pagedown,ctrl+d", "Page down", "page_down", "A screenful down", 0),
        ("feed-page-up", "pageup,ctrl+u", "Page up", "page_up", "A screenful up", 0),
    ),
    *_table(
        "pager",
        "Move",
        ("pager-down", "j,down", "Down", "scroll_down", "A line down", 0),
        ("pager-up", "k,up", "Up", "scroll_up", "A line up", 0),
        ("pager-top", "g,home", "Top", "scroll_home", "To the first line", 0),
        ("pager-end", "G,end", "End", "scroll_end", "To the last line", 0),
        ("pager-page-down", "pagedown,ctrl+d", "Page down", "page_down", "A screenful down", 0),
        ("pager-page-up", "pageup,ctrl+u", "Page up", "page_up", "A screenful up", 0),
    ),
    *_table("help", "Help", ("help-back", "escape", "Back", "back", "Back to where you were", 1)),
)
_KEY_NAMES = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}


def remapped(keys: Mapping[str, str]) -> Iterator[Action]:
    """The table with the person's own keys in it; an unknown id is passed over."""
    for action in ACTIONS:
        yield replace(action, key=keys[action.id]) if action.id in keys else action


def of(where: str, keys: Mapping[str, str] | None = None) -> list[Action]:
    """The actions that belong to one screen or widget."""
    return [action for action in remapped(keys or {}) if action.where == where]


def key_label(key: str) -> str:
    """A key as people write it: `?` for question_mark, `^d` for ctrl+d."""
    label = key.replace("ctrl+", "^")
    return _KEY_NAMES.get(
        label, label.upper() if label[:1] == "f" and label[1:].isdigit() else label
    )
