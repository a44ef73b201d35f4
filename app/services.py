"""What the dashboard is given: everything that it may look at or touch, and nothing else."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.cached import Cached
from app.gate import Gate
from app.past import Past
from app.upstreams import Upstreams
from app.whole import Whole
from proxy.bus import Bus
from proxy.replay import Replays
from proxy.routing import Routing, Table


def _nothing() -> None:
    """Where nobody waits for the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardServices:
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
    upstreams: Upstreams | None = None  # the providers: how they stand, and a test
    painted: Callable[[], None] = _nothing  # told once the first screen is drawn
    theme: str = ""  # one of app.theme.THEMES; empty picks by terminal
    cached: Cached | None = None  # the caches' switch, and wrong answers
    gate: Gate | None = None  # requests that wait for a person's word
    replays: Replays | None = None  # None where the proxy runs elsewhere
    whole: Whole | None = None  # tools whose results are never compressed
    keeps_text: Callable[[], bool] = lambda: False  # whether texts go into the ledger
    keys: Mapping[str, str] = field(default_factory=dict)  # action id → key
