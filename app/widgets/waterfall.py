"""Where the time of an exchange went: a bar a phase, each beginning where the last one ended."""

from collections.abc import Iterator, Sequence

from app.text import duration
from app.widgets.canvas import LABEL, Line, fit

_NAME = 12
_TIME = 7
WIDEST = 40  # cells of the bars
_STYLES = {"tried again": "warn", "fell back": "warn", "escalated": "warn"}


def waterfall(moments: Sequence[tuple[str, float]], width: int) -> Iterator[Line]:
    """The lines of `moments`, in milliseconds since the request came in, at a width in cells.

    The figure at the end of a line is how long that phase took.
    """
    whole = max((at for _, at in moments), default=0.0)
    room = min(width - LABEL - _NAME - _TIME, WIDEST)
    before = 0.0
    for number, (name, at) in enumerate(moments):
        at = max(at, before)  # two clocks may differ by a little
        yield (
            (fit("" if number else "timing", LABEL), "title"),
            (fit(name, _NAME), "text"),
            *_bar(before, at, whole, room, _STYLES.get(name, "primary")),
            (f"{duration(at - before):>{_TIME}}", "quiet"),
        )
        before = at


def _bar(start: float, end: float, whole: float, room: int, style: str) -> Line:
    """A phase on the track of the whole, a cell at least."""
    if room <= 0:
        return ()
    first = min(int(start / whole * room), room - 1) if whole else 0
    length = max(round(end / whole * room) - first, 1) if whole else 1
    rest = room - first - length
    return (("─" * first, "faint"), ("━" * length, style), ("─" * rest, "faint"))
