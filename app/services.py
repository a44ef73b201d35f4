"""What the dashboard is given: everything that it may look at or touch, and nothing else."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from app.holds.holds import (
    CacheHold,
    GateHold,
    Link,
    ReplayHold,
    UpstreamsHold,
    WhatIfHold,
    WholeHold,
)
from app.holds.past import Past
from proxy.bus import Bus
from proxy.config.model import BudgetConfig
from proxy.routing.table import Routing, Table


def _nothing() -> None:
    """Where nobody waits for the screen."""


class DashboardServices(Struct, frozen=True, kw_only=True):
    """Handed to the dashboard and, by it, to every screen."""

    bus: Bus
    routing: Routing
    save: Callable[[Table], None]  # writes the TOML; ConfigError where it can't
    past: Past  # the ledger
    base_url: str  # where clients point to, http://127.0.0.1:8081
    log_lines: deque[str] = field(default_factory=lambda: deque(maxlen=1000))
    version: str = ""
    config_path: Path | None = None
    providers: Callable[[], Awaitable[dict[str, list[str]]]] | None = None  # provider → models
    upstreams: UpstreamsHold | None = None  # the providers: how they stand, and a test
    painted: Callable[[], None] = _nothing  # told once the first screen is drawn
    theme: str = ""  # one of app.theme.THEMES; empty picks by terminal
    cached: CacheHold | None = None  # the caches' switch, and wrong answers
    gate: GateHold | None = None  # requests that wait for a person's word
    replays: ReplayHold | None = None  # exchanges sent once more
    whole: WholeHold | None = None  # tools whose results are never compressed
    what_if: WhatIfHold | None = None  # past traffic, judged under a change
    keeps_text: Callable[[], bool] = lambda: False  # whether texts go into the ledger
    folders: Sequence[Path] = (Path(),)  # where exports go: the first that takes them
    budgets: Callable[[], Sequence[BudgetConfig]] = tuple  # in their order
    keys: Mapping[str, str] = field(default_factory=dict)  # action id → key
    link: Link | None = None  # the way to the proxy, where that runs elsewhere

    @property
    def place(self) -> str:
        """Where the proxy is, for the top bar."""
        return f"⇄ {self.base_url}" if self.link else self.base_url
