"""The line that says that a proxy elsewhere can't be reached, why, and when it is tried again."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

from app.text import plain
from app.widgets.bar import Bar
from app.widgets.canvas import Line, fit, width_of

_LABEL: Line = ((" ▼ NOT CONNECTED  ", "bad"),)
_LONGEST = 600
_ADDRESS = re.compile(r"(?: at)? ?https?://[^\s:;]+(?::\d+)?")


class Adrift(Bar):
    """Shown while there is a problem; hidden otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self._problem = ""

    def show(self, problem: str) -> None:
        """Draw it; the same again costs nothing."""
        if problem != self._problem:
            self._problem = problem
            self.raised(bool(problem))

    def line(self, width: int) -> Line:
        """Why, with less and less of it where room is short, and always when it is tried again."""
        line: Line = ()
        for why, when in _shorter(plain(self._problem, _LONGEST)):
            line = (*_LABEL, (why, "text"), (f"; {when}", "warn"))
            if width_of(line) < width:
                return line
        room = max(cell_len(why) - (width_of(line) - width) - 1, 0)
        return (*_LABEL, (fit(why, room), "text"), (f"; {when}", "warn"))


def _shorter(problem: str) -> Iterator[tuple[str, str]]:
    """Why, and when it is tried again: whole, without the address, and the cause alone."""
    why, _, when = problem.rpartition("; ")
    yield why, when
    brief = _ADDRESS.sub("", why).strip()
    yield brief, when
    yield brief.rpartition(": ")[2], when.removeprefix("trying ")
