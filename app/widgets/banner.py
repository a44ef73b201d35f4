"""The line that says which sessions are held to a tier by a person, and how to let them go."""

from collections.abc import Mapping
from itertools import product

from app.text import counted, short_session
from app.widgets.bar import Bar
from app.widgets.canvas import Line, width_of
from proxy.routing.table import Table

_MOST = 12  # sessions that any width has room for
_ENDS = (
    "   {0} releases the selected, {1} releases all",
    "   {0} frees it, {1} all",
    "  {0}, {1} free",
)


class Banner(Bar):
    """Shown as long as any override holds; hidden otherwise."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        freeing = (keys.get("tier-0", ":"), keys.get("tier-all", ":"))  # : finds any action
        self._ends = tuple(end.format(*freeing) for end in _ENDS)
        self._table: Table | None = None

    def show(self, table: Table) -> None:
        """Draw the overrides of `table`; the same table again costs nothing."""
        if table is self._table:
            return
        self._table = table
        self.raised(bool(table.overrides or table.override_new is not None))

    def line(self, width: int) -> Line:
        """Who is held to what, newest first, as many as fit, and the keys that end it."""
        if self._table is None:
            return ()
        most = min(len(self._table.overrides), _MOST)
        counts = range(most, 0, -1) or (0,)
        for end, count in [*product(self._ends, counts), (self._ends[-1], 0)]:
            line = _said(self._table, count, end)
            if width_of(line) <= width:
                break
        return line


def _said(table: Table, count: int, end: str) -> Line:
    """The newest `count` overrides by name, the others by their number."""
    held = list(table.overrides.items())[::-1]
    line: Line = ((" ▲ HELD ", "warn"),)
    if table.override_new is not None:
        tier = table.override_new.name
        line += ((f" {'other' if held else 'all'} sessions → ", "text"), (f"{tier} ", tier))
    for session, chosen in held[:count]:
        line += ((f" {short_session(session)} → ", "text"), (f"{chosen.name} ", chosen.name))
    if held[count:]:
        more = f" +{len(held) - count} more" if count else f" {counted(len(held), 'session')}"
        line += ((more, "text"),)
    return (*line, (end, "quiet"))
