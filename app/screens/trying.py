"""A screen whose drafts are tried on past traffic, with prices beside its models."""

import time
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping

from textual import work
from textual.events import ScreenResume

from app.holds.holds import Rates
from app.screens.base import Room
from app.services import DashboardServices
from app.store import Store
from app.tags import Tags, state
from app.text import plain, sentence
from app.widgets.canvas import Line
from app.widgets.cuts import spread_of
from proxy.past.what_if import Outcome
from proxy.providers.breaker import Standing
from proxy.routing.table import Table, Target

FRESH = 2.0  # seconds between two looks at new traffic
SCORES_KEPT = 500
WIDE = 100  # cells from which a price has words


class Trying(Room):
    """A subclass has a table `in_force` and a `draft`; `found` is what the draft would do, or
    `trouble` says why that is not known."""

    def __init__(self, services: DashboardServices, store: Store) -> None:
        super().__init__(services, store)
        self.tags = Tags(services.what_if.prices if services.what_if else _unpriced)
        self.found: Outcome | None = None
        self.trouble = ""  # why that is not known
        self._seen, self._due = -1, 0.0

    @property
    @abstractmethod
    def in_force(self) -> Table:
        """The table that requests are routed by."""

    @property
    @abstractmethod
    def draft(self) -> Table:
        """The table as it would be once the draft is saved."""

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        self._due = 0.0

    @property
    def spread(self) -> tuple[int, ...]:
        """The scores to draw: the ledger's under the draft, or what the feed still holds."""
        if self.found is not None and self.found.rows:
            return self.found.spread
        recent = self.store.rows[-SCORES_KEPT:]
        return spread_of(row.score for row in recent if row.score is not None)

    @work(exclusive=True, group="what-if")
    async def try_out(self) -> None:
        """Judge past traffic under the draft; a newer draft puts an end to it."""
        what_if = self.services.what_if
        if what_if is None:
            return
        try:
            self.found, self.trouble = await what_if.outcome(self.in_force, self.draft), ""
        except OSError as problem:
            self.found, self.trouble = None, sentence(plain(problem, 300))
        if self.is_mounted:
            self.tick()

    def look_back(self) -> None:
        """See to it that traffic that came since is counted in, now and then."""
        now = time.monotonic()
        if now < self._due or self.services.what_if is None:
            return
        self._due = now + FRESH
        if self.trouble or self.store.version != self._seen:
            self._seen = self.store.version
            self._load()

    @work(exclusive=True, group="history")
    async def _load(self) -> None:
        what_if = self.services.what_if
        if what_if and (await what_if.load(self.try_out) or self.found is None):
            self.try_out()

    # Beside a provider/model

    def beside(self, target: Target) -> Line:
        """For a tier: price and state."""
        return self.tags.beside(target, self._standings, self.size.width >= WIDE)

    def behind(self, name: str) -> Line:
        """For a list of names: price, and a sign of trouble."""
        target = target_of(name)
        return self.tags.brief(target, self._standings) if target else ()

    @property
    def tagged(self) -> object:
        """What differs once something else is to stand there."""
        states = tuple((name, state(one)) for name, one in self._standings.items())
        return self.tags.version, states, self.size

    def look_up(self, targets: Iterable[Target]) -> None:
        """Have their prices at hand soon."""
        lacking = self.tags.lacking(targets)
        if lacking and self.services.what_if is not None:
            self._fetch(lacking)

    @work(exclusive=True, group="prices")
    async def _fetch(self, lacking: list[Target]) -> None:
        await self.tags.fetch(lacking)
        if self.is_mounted:
            self.tick()

    @property
    def _standings(self) -> Mapping[str, Standing]:
        upstreams = self.services.upstreams
        return upstreams.standings() if upstreams else {}


def target_of(text: str) -> Target | None:
    """Nothing where it is no provider/model, as while it is being typed."""
    try:
        return Target.of(text.strip())
    except ValueError:
        return None


def targets_of(names: Iterable[str]) -> Iterator[Target]:
    """Those of the names that are one."""
    return (target for name in names if (target := target_of(name)))


async def _unpriced(targets: Iterable[Target]) -> Mapping[Target, Rates | None]:
    return {}
