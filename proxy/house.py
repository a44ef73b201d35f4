"""Everything the request path needs, in one place: made by the composition root, handed down."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from proxy.bus import Bus
from proxy.cache.exact import ExactCache
from proxy.cache.marks import Marks
from proxy.cache.semantic.cache import SemanticCache
from proxy.clients.leading import hands_on
from proxy.config.load import Config
from proxy.control.lately import Lately
from proxy.events import BreakerChanged
from proxy.load import Load
from proxy.memo import Memo
from proxy.money.approval import Approvals
from proxy.money.budgets import Budgets
from proxy.money.prices import Prices
from proxy.money.spending import Spending
from proxy.past.recent import Recent
from proxy.providers.breaker import Breakers, Standing
from proxy.providers.registry import Providers
from proxy.rewrite.recall_store import Originals
from proxy.routing.table import Routing, Table
from proxy.sending.prefixes import Prefixes
from proxy.tasks import Tasks
from proxy.tokens.calibration import Calibration
from proxy.tokens.counter import TokenCounter

log = logging.getLogger(__name__)


def _no_ledger(id: str, request: bytes, answer: bytes) -> None:
    """Where nothing is kept: a request that is only explained."""


def _nothing() -> None:
    """Where nothing waits for the screen."""


@dataclass(slots=True)
class House:
    """`config`, `providers` and `prices` are swapped whole when the config file changes."""

    config: Config
    routing: Routing
    bus: Bus
    providers: Providers
    prices: Prices
    cache: ExactCache
    counter: TokenCounter
    tasks: Tasks
    originals: Originals
    ledger_path: Path
    save: Callable[[Table], None]  # writes the routing table to the config file
    keep_text: Callable[[str, bytes, bytes], None] = _no_ledger  # id, request, answer
    refusals: Memo[bool] = field(default_factory=lambda: Memo(1_000))  # by session and target
    prefixes: Prefixes = field(default_factory=Prefixes)
    spending: Spending = field(default_factory=Spending)
    semantic: SemanticCache | None = None
    cached_on: bool = True  # the dashboard's switch, for both caches
    approvals: Approvals = field(default_factory=Approvals)
    marks: Marks = field(default_factory=Marks)
    wake: Callable[[], None] = _nothing  # the screen is up: what takes seconds to load may begin
    closing: bool = False  # the process is on its way out
    lately: Lately = field(default_factory=Lately)
    calibration: Calibration = field(default_factory=Calibration)
    recent: Recent = field(init=False)
    breakers: Breakers = field(init=False)
    budgets: Budgets = field(init=False)
    load: Load = field(init=False)

    def __post_init__(self) -> None:
        self.recent = Recent(
            lambda: self.config.replay.megabytes * 2**20, lambda: bool(hands_on(self.config))
        )
        self.breakers = Breakers(self._tell_breaker)
        self.budgets = Budgets(self.spending)
        self.bus.subscribe(self.lately)
        self.load = Load(lambda: self.config.load)

    def _tell_breaker(self, standing: Standing) -> None:
        log.warning("provider %s: its breaker is now %s", standing.provider, standing.state)
        self.bus.publish(BreakerChanged(id="", at=time.time(), standing=standing))
