"""What the dashboard can look at and switch, whoever answers: the house here, or one elsewhere."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from classifier.tiers import Tier
from proxy.config.model import ProviderConfig
from proxy.providers.breaker import Standing
from proxy.record import Record
from proxy.routing.table import Table, Target

if TYPE_CHECKING:
    from app.holds.upstreams import Tested
    from app.replayed import Found, Said
    from proxy.past.what_if import Outcome

Rates = tuple[float, float]  # dollars per million tokens, in and out


class CacheHold(Protocol):
    """As app.holds.cached.Cached says. OSError where a proxy elsewhere can't be asked."""

    @property
    def on(self) -> bool: ...
    @property
    def trouble(self) -> str: ...
    def toggle(self) -> bool: ...
    async def wrong(self, exchange: str) -> bool: ...


class GateHold(Protocol):
    """As app.holds.gate.Gate says."""

    @property
    def above(self) -> float | None: ...
    @property
    def on(self) -> bool: ...
    @property
    def waiting(self) -> tuple[str, ...]: ...
    def toggle(self) -> bool: ...
    def decide(self, exchange: str, go: bool) -> bool: ...


class WholeHold(Protocol):
    """As app.holds.whole.Whole says. OSError where a proxy elsewhere can't be asked."""

    @property
    def names(self) -> tuple[str, ...]: ...
    def toggle(self, tool: str) -> bool: ...


class UpstreamsHold(Protocol):
    """As app.holds.upstreams.Upstreams says."""

    @property
    def rows(self) -> Mapping[str, ProviderConfig]: ...
    def standings(self) -> Mapping[str, Standing]: ...
    def keys(self, name: str) -> tuple[str, ...]: ...
    async def test(self, name: str) -> "Tested": ...


class WhatIfHold(Protocol):
    """As app.holds.what_if.WhatIf says. OSError where a proxy elsewhere can't be asked."""

    async def load(self, began: Callable[[], object] = ...) -> bool: ...
    async def outcome(self, before: Table, after: Table) -> "Outcome": ...
    async def prices(self, targets: Iterable[Target]) -> Mapping[Target, Rates | None]: ...


class ReplayHold(Protocol):
    """As app.holds.replayer.Replayer says."""

    async def look(self, row: Record) -> "Found": ...
    async def begin(self, row: Record, tier: Tier) -> str: ...
    async def answer(self, id: str) -> "Said": ...


class Link(Protocol):
    """The way to a proxy elsewhere."""

    @property
    def problem(self) -> str:
        """Why it is down, and when it is tried again; empty while it holds."""

    @property
    def log(self) -> str:
        """Where the proxy's own log is, on its machine."""

    def take(self) -> list[str]:
        """What is to be said to the person since the last call."""
