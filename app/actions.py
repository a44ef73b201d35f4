"""One table of actions: it feeds key bindings, the command palette, the key bar and the help."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

EVERYWHERE = "everywhere"


class Action(Struct, frozen=True):
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
    short: str = ""  # key and title in the key bar, where they speak for neighbours too

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key in self.key.split(",") if key)

    @property
    def in_bar(self) -> tuple[str, str]:
        """Key and title as the key bar shows them."""
        key, _, title = self.short.partition(" ")
        return (key, title) if title else (key_label(self.keys[0]), self.title)


def _table(where: str, group: str, *rows: tuple[str, str, str, str, str, int]) -> list[Action]:
    return [
        Action(id, key, title, group, where, run, help, bar)
        for id, key, title, run, help, bar in rows
    ]


_NEW = "Hold every session without a tier of its own to this one"
ACTIONS: tuple[Action, ...] = (
    *_table(
        EVERYWHERE,
        "Screens",
        ("live", "l,f2", "Live", "room('live')", "What is happening right now", 0),
        ("routing", "r,f3", "Routing", "room('routing')", "Tiers, models and patterns", 0),
        ("history", "s,f4", "Savings", "room('history')", "What was saved, by day and tier", 0),
        ("rewrite", "b,f6", "Rewrite", "room('rewrite')", "One exchange before and after", 0),
        ("providers", "p,f7", "Providers", "room('providers')", "Keys, limits, health, a test", 0),
        ("log", "L,f5", "Log", "room('log')", "What the program says about itself", 0),
        ("help", "question_mark,f1", "Help", "help", "Help for what has the focus", 90),
    ),
    *_table(
        EVERYWHERE,
        "Program",
        ("palette", "colon", "Commands", "command_palette", "Find any action by name", 91),
        (
            "theme",
            "",
            "Theme",
            "change_theme",
            "Dark, light, contrast, ANSI",
            0,
        ),
        ("quit", "q", "Quit", "quit", "End the program; a proxy elsewhere runs on", 92),
    ),
    Action(
        "stop", "ctrl+c", "Quit", "Program", EVERYWHERE, "quit", "End, from anywhere", priority=True
    ),
    Action(
        "tier-1",
        "1",
        "SIMPLE",
        "Steer",
        "live",
        "hold(0)",
        "Hold the selected session to SIMPLE",
        bar=1,
        short="1-4 Hold to a tier",
    ),
    *_table(
        "live",
        "Steer",
        ("tier-2", "2", "MEDIUM", "hold(1)", "Hold the selected session to MEDIUM", 0),
        ("tier-3", "3", "COMPLEX", "hold(2)", "Hold the selected session to COMPLEX", 0),
        ("tier-4", "4", "REASONING", "hold(3)", "Hold the selected session to REASONING", 0),
        ("tier-0", "0", "Automatic", "release", "Let the selected session go back to its score", 2),
        ("new-1", "exclamation_mark", "New: SIMPLE", "hold_new(0)", _NEW, 0),
        ("new-2", "at", "New: MEDIUM", "hold_new(1)", _NEW, 0),
        ("new-3", "number_sign", "New: COMPLEX", "hold_new(2)", _NEW, 0),
        ("new-4", "dollar_sign", "New: REASONING", "hold_new(3)", _NEW, 0),
        ("wrong", "w", "Wrong answer", "wrong", "Forget a cached answer that was wrong", 3),
        ("cache", "c", "Cache", "cache", "Answer repeats from the cache, or not", 0),
        ("approval", "h", "Ask first", "approval", "Hold what costs much until you say", 0),
        ("let-go", "plus", "Let go", "decide(True)", "Let the waiting request go", 1),
        ("refuse", "minus", "Refuse", "decide(False)", "Refuse the waiting request", 1),
        ("tier-all", "a", "All automatic", "release_all", "Let every held session go", 7),
    ),
    *_table(
        "live",
        "Feed",
        ("filter", "slash", "Filter", "filter", "Show only what matches", 3),
        ("clear", "escape", "Clear", "clear", "Close the filter, the details, or the pause", 1),
        ("pause", "space", "Pause", "pause", "Freeze the list; the totals go on", 4),
        ("follow", "F", "Follow", "follow", "Stay on the newest exchange", 6),
        ("details", "enter", "Details", "details", "Give the details the whole height", 5),
        ("beside", "d", "Beside", "beside", "Details beside the feed, or below it", 0),
        ("lanes", "v", "By session", "lanes", "A lane a session, or all as they came", 5),
        ("replay", "R", "Replay", "replay", "Send it again to another tier, and compare", 7),
        ("copy", "y", "Copy", "copy", "Copy the exchange as JSON, without any text", 8),
        (
            "copy-curl",
            "Y",
            "Copy curl",
            "copy_curl",
            "Copy a curl line that asks /lynkr/explain",
            0,
        ),
        ("next", "J", "Next", "step(1)", "Next exchange, from the details too", 0),
        ("previous", "K", "Previous", "step(-1)", "Exchange before, from the details too", 0),
    ),
    *_table(
        "feed",
        "Move",
        ("feed-down", "j,down", "Down", "down", "Next exchange", 0),
        ("feed-up", "k,up", "Up", "up", "Exchange before", 0),
        ("feed-top", "g,home", "Top", "top", "First line", 0),
        ("feed-end", "G,end", "End", "end", "Last line; the list follows at the newest", 0),
        ("lane-next", "right", "Next session", "lane(1)", "By session: the next lane", 0),
        ("lane-last", "left", "Session before", "lane(-1)", "By session: the lane before", 0),
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
    *_table(
        "table",
        "Move",
        ("table-down", "j,down", "Down", "down", "Next row", 0),
        ("table-up", "k,up", "Up", "up", "Row before", 0),
        ("table-top", "g,home", "Top", "top", "First row", 0),
        ("table-end", "G,end", "End", "end", "Last row", 0),
        ("table-page-down", "pagedown,ctrl+d", "Page down", "page_down", "A screenful down", 0),
        ("table-page-up", "pageup,ctrl+u", "Page up", "page_up", "A screenful up", 0),
    ),
    *_table(
        "routing",
        "Steer",
        ("force-add", "a", "Add pattern", "add_force", "Write a new force-pattern", 5),
        ("undo", "u", "Undo", "undo", "Take back the last change of the routes", 8),
        ("redo", "ctrl+r", "Redo", "redo", "Do again what was taken back", 9),
        (
            "next-panel",
            "tab",
            "Next panel",
            "app.focus_next",
            "Tiers, boundaries, weights, force-patterns",
            6,
        ),
        (
            "last-panel",
            "shift+tab",
            "Panel before",
            "app.focus_previous",
            "The other way round",
            0,
        ),
    ),
    *_table(
        "tiers",
        "Tiers",
        ("tiers-edit", "enter,e", "Edit", "edit", "Send the tier to another provider/model", 1),
        ("tiers-down", "j,down", "Down", "move(1)", "Next tier", 0),
        ("tiers-up", "k,up", "Up", "move(-1)", "Tier before", 0),
    ),
    *_table(
        "cuts",
        "Boundaries",
        ("cuts-less", "left", "Lower", "shift(-1)", "Move the boundary down by 1", 1),
        ("cuts-more", "right", "Higher", "shift(1)", "Move the boundary up by 1", 2),
        ("cuts-less-5", "shift+left", "Lower by 5", "shift(-5)", "Move it down by 5", 0),
        ("cuts-more-5", "shift+right", "Higher by 5", "shift(5)", "Move it up by 5", 0),
        ("cuts-next", "j,down", "Next", "pick(1)", "Next boundary", 3),
        ("cuts-last", "k,up", "Before", "pick(-1)", "Boundary before", 0),
        ("cuts-save", "enter", "Save", "save", "Put the boundaries in force", 4),
        ("cuts-drop", "escape", "Drop", "drop", "Back to the boundaries in force", 5),
    ),
    *_table(
        "weights",
        "Weights",
        ("weight-less", "left", "Less", "shift(-0.01)", "Weigh the dimension 0.01 less", 1),
        ("weight-more", "right", "More", "shift(0.01)", "Weigh the dimension 0.01 more", 2),
        ("weight-less-5", "shift+left", "Less by 0.05", "shift(-0.05)", "Weigh it 0.05 less", 0),
        ("weight-more-5", "shift+right", "More by 0.05", "shift(0.05)", "Weigh it 0.05 more", 0),
        ("weight-next", "j,down", "Next", "pick(1)", "Next dimension", 6),
        ("weight-last", "k,up", "Before", "pick(-1)", "Dimension before", 0),
        ("weight-even", "equals_sign", "Even out", "even", "Fit the others to a sum of 1", 3),
        ("weight-save", "enter", "Save", "save", "Put the weights in force", 4),
        ("weight-drop", "escape", "Drop", "drop", "Back to the weights in force", 5),
    ),
    *_table(
        "forces",
        "Force-patterns",
        ("force-edit", "enter,e", "Edit", "screen.edit_force", "Change the pattern", 1),
        ("force-toggle", "space", "On/off", "screen.toggle_force", "Switch it on or off", 2),
        ("force-up", "K,shift+up", "Earlier", "screen.shift_force(-1)", "Try it sooner", 3),
        ("force-down", "J,shift+down", "Later", "screen.shift_force(1)", "Try it later", 4),
        ("force-delete", "d,delete", "Delete", "screen.delete_force", "Take it out; u undoes", 7),
    ),
    *_table(
        "history",
        "Savings",
        ("by-back", "left,N", "Group", "group(-1)", "Group by the one before", 0),
        ("by-next", "right,n", "Group by", "group(1)", "Day, week, month, tier, model, …", 1),
        ("shorter", "left_square_bracket", "Shorter", "range(-1)", "A shorter range of days", 3),
        ("longer", "right_square_bracket", "Longer", "range(1)", "A longer range of days", 4),
        (
            "behind",
            "enter",
            "Exchanges",
            "behind",
            "What is behind the row; or click a bar",
            2,
        ),
        ("figure", "m", "Figure", "figure", "Chart tokens, money, cost, requests, hits", 5),
        ("export-csv", "e", "Export CSV", "export('csv')", "Write the table to a new CSV file", 6),
        ("export-json", "E", "JSON", "export('json')", "Write the table to a new JSON file", 0),
    ),
    *_table(
        "exchanges",
        "Exchanges",
        ("old-details", "enter", "Details", "details", "Give the details the whole height", 2),
        ("old-next", "J", "Next", "step(1)", "Next exchange, from the details too", 3),
        ("old-previous", "K", "Previous", "step(-1)", "Exchange before, from the details too", 0),
        ("old-back", "escape", "Back", "back", "To the list, then to the savings", 1),
    ),
    *_table(
        "rewrite",
        "Rewrite",
        ("never", "n", "Never this tool", "never", "Never compress this tool, or again", 1),
        ("rewrite-panel", "tab", "Next panel", "app.focus_next", "Sums, results, the text", 3),
        ("rewrite-back", "escape", "Back", "back", "Back to the live screen", 2),
    ),
    Action(
        "replay-1",
        "1",
        "SIMPLE",
        "Replay",
        "replay",
        "pick(0)",
        "Pick SIMPLE",
        bar=2,
        short="1-4 Pick a tier",
    ),
    *_table(
        "replay",
        "Replay",
        ("replay-2", "2", "MEDIUM", "pick(1)", "Pick MEDIUM", 0),
        ("replay-3", "3", "COMPLEX", "pick(2)", "Pick COMPLEX", 0),
        ("replay-4", "4", "REASONING", "pick(3)", "Pick REASONING", 0),
        (
            "replay-send",
            "enter",
            "Send",
            "send",
            "Send it to the picked tier: it costs",
            1,
        ),
        ("replay-panel", "tab", "Next panel", "app.focus_next", "Tiers, then, now", 4),
        ("replay-back", "escape", "Back", "back", "Back to the live screen", 3),
    ),
    *_table(
        "providers",
        "Providers",
        ("test", "t", "Test", "test", "Ask this provider for its models, now", 1),
        ("test-all", "T", "Test all", "test_all", "Ask every provider for its models, now", 2),
        ("providers-panel", "tab", "Next panel", "app.focus_next", "The list, the details", 4),
        ("providers-back", "escape", "Back", "back", "Back to the live screen", 3),
    ),
    *_table("help", "Help", ("help-back", "escape", "Back", "back", "Back to where you were", 1)),
)
_KEY_NAMES = {
    "plus": "+",
    "minus": "-",
    "exclamation_mark": "!",
    "at": "@",
    "number_sign": "#",
    "dollar_sign": "$",
    "question_mark": "?",
    "colon": ":",
    "equals_sign": "=",
    "slash": "/",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "shift+left": "⇧←",
    "shift+right": "⇧→",
    "shift+up": "⇧↑",
    "shift+down": "⇧↓",
    "shift+tab": "⇧tab",
    "delete": "del",
}


def remapped(keys: Mapping[str, str]) -> Iterator[Action]:
    """The table with the person's own keys in it; an unknown id is passed over."""
    for action in ACTIONS:
        yield replace(action, key=keys[action.id], short="") if action.id in keys else action


def labels(keys: Mapping[str, str] | None = None) -> dict[str, str]:
    """The first key of each action by its id, as people write it."""
    return {action.id: key_label(action.keys[0]) for action in remapped(keys or {}) if action.keys}


def of(where: str, keys: Mapping[str, str] | None = None) -> list[Action]:
    """The actions that belong to one screen or widget."""
    return [action for action in remapped(keys or {}) if action.where == where]


def key_label(key: str) -> str:
    """A key as people write it: `?` for question_mark, `^d` for ctrl+d."""
    label = key.replace("ctrl+", "^")
    return _KEY_NAMES.get(
        label, label.upper() if label[:1] == "f" and label[1:].isdigit() else label
    )
