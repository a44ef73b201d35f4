"""The line that says which providers are down, since when, and when they are tried again."""

import time
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from app.outages import Outage, Outages
from app.text import clock, duration, plain
from app.widgets.bar import Bar
from app.widgets.canvas import Line, fit, width_of

_NAME = 32  # cells of a provider's name at most
_WHY = 16  # cells of what it said last, below which it is not worth its room
_LAST = ", last: "
_MOST = 12  # providers that any width has room for


class Down(Bar):
    """Shown as long as any provider is down; hidden otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self._outages: Sequence[Outage] = ()
        self._second = 0

    def show(self, outages: Outages) -> None:
        """Draw them; called every tick, and costs nothing while no second has passed."""
        now = int(time.time()) if outages else 0
        if (now, *outages.values()) == (self._second, *self._outages):
            return
        self._second, self._outages = now, tuple(outages.values())
        self.raised(bool(outages))

    def line(self, width: int) -> Line:
        """All that is known of as many as fit; what was said last falls away first."""
        line: Line = ()
        for line in _shorter(self._outages[::-1], self._second, width):
            if width_of(line) <= width:
                break
        return line


def _shorter(newest: Sequence[Outage], now: float, width: int) -> Iterator[Line]:
    """The line, with less and less in it."""
    if not newest:
        return
    timed = _line([(*_name(one), *_since(one), *_again(one, now)) for one in newest])
    share = (width - width_of(timed)) // len(newest) - len(_LAST)
    if share >= _WHY:
        yield _line(
            [(*_name(one), *_since(one), *_again(one, now), *_why(one, share)) for one in newest]
        )
    yield timed
    yield _line([(*_name(one), *_again(one, now)) for one in newest])
    for count in range(min(len(newest), _MOST), 0, -1):
        yield _line([_name(one) for one in newest[:count]], len(newest) - count)
    yield _line([((f"{len(newest)} providers", "text"),)])


def _line(each: Sequence[Line], more: int = 0) -> Line:
    line: Line = ((" ▼ DOWN  ", "bad"),)
    for place, one in enumerate(each):
        line += (((" · ", "quiet"),) if place else ()) + one
    return (*line, (f"  +{more} more", "text")) if more else line


def _name(outage: Outage) -> Line:
    name = plain(outage.provider, _NAME)
    return ((name, "warn" if outage.probing else "bad"),)


def _since(outage: Outage) -> Line:
    return ((f" since {clock(outage.since)}", "text"),)


def _again(outage: Outage, now: float) -> Line:
    wait = int(outage.again - now)
    if outage.probing:
        return ((", being tried", "warn"),)
    if wait <= 0:
        return ((", the next request tries it", "text"),)
    return ((f", tried again in {duration(wait * 1000)}", "text"),)


def _why(outage: Outage, room: int) -> Line:
    said = plain(outage.why, 400)
    return ((f"{_LAST}{fit(said, min(room, cell_len(said)))}", "quiet"),) if said else ()
