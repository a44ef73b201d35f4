"""What stands beside a provider/model: its price, and how its provider is."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

from app.holds.holds import Rates
from app.text import dollars, duration
from app.widgets.canvas import Line, Piece, fit
from proxy.providers.breaker import Standing
from proxy.routing.table import Target

log = logging.getLogger(__name__)

KEPT: Final = 500  # prices
AGAIN: Final = 5.0  # seconds, where they could not be asked for
STATE: Final = 17  # cells of a provider's state in words
UNPRICED: Final = "no price known"
Look = Callable[[list[Target]], Awaitable[Mapping[Target, Rates | None]]]


def state(standing: Standing | None) -> Piece:
    """How a provider is, by its breaker; None where it was not called yet."""
    if standing is None:
        return "○ not called yet", "quiet"
    if standing.state == "half-open":
        return "◐ being tried", "warn"
    if standing.state == "open":
        return f"▼ rests for {duration(standing.wait * 1000)}", "bad"
    return "● up", "good"


def price(rates: Rates | None) -> str:
    """$3.00 in, $15.00 out: dollars per million tokens."""
    if rates is None:
        return UNPRICED
    return f"{dollars(rates[0])} in, {dollars(rates[1])} out /M"


class Tags:
    """Prices are looked up once, and kept until the config changes. `look` may raise OSError."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._known: dict[Target, Rates | None] = {}
        self._under_way, self._due = False, 0.0  # monotonic seconds
        self.version = 0  # another once prices were looked up, or forgotten

    def lacking(self, targets: Iterable[Target]) -> list[Target]:
        """Those whose price is to be looked up now."""
        if self._under_way or time.monotonic() < self._due:
            return []
        return [target for target in dict.fromkeys(targets) if target not in self._known]

    async def fetch(self, targets: list[Target]) -> None:
        self._under_way, version = True, self.version
        try:
            found = await self._look(targets)
        except OSError as problem:
            log.info("prices are not known at present: %s", problem)
            self._due = time.monotonic() + AGAIN
            return
        finally:
            self._under_way = False
        if version == self.version:
            self._keep(found)

    def _keep(self, found: Mapping[Target, Rates | None]) -> None:
        self._known |= found
        self.version += 1
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]

    def forget(self) -> None:
        """Prices may be others now."""
        self._known.clear()
        self.version += 1

    def beside(self, target: Target, standings: Mapping[str, Standing], wide: bool) -> Line:
        """Price and state, in words where it is `wide`; no price while it is looked up."""
        words, style = state(standings.get(target.provider))
        if target not in self._known:
            return ((words if wide else words[0], style),)
        rates = self._known[target]
        if not wide:
            return ((_short(rates) if rates else "no price", "quiet"), (f" {words[0]} ", style))
        return ((f"{price(rates)}   ", "quiet"), (fit(words, STATE), style))

    def brief(self, target: Target, standings: Mapping[str, Standing]) -> Line:
        """The same in a few cells, for lists: the state only where it is trouble."""
        rates, standing = self._known.get(target), standings.get(target.provider)
        line: Line = ((f" {_short(rates)}", "quiet"),) if rates else ()
        return (*line, (" ▼", "bad")) if standing and standing.state == "open" else line


def _short(rates: Rates) -> str:
    return "/".join(f"${rate:.4g}" for rate in rates)
