"""What a dashboard elsewhere is told beside the events: written by the doors, read by `attach`."""

from collections.abc import Mapping

from msgspec import Struct, field

from proxy.config.model import BudgetConfig, ProviderConfig
from proxy.providers.breaker import Standing


class Caches(Struct, frozen=True, kw_only=True):
    """As app.holds.cached has it."""

    on: bool = True
    trouble: str = ""


class Approval(Struct, frozen=True, kw_only=True):
    """As app.holds.gate has it."""

    on: bool = False
    above: float | None = None  # dollars
    waiting: tuple[str, ...] = ()  # exchanges, the oldest first


class Upstream(Struct, frozen=True, kw_only=True):
    """A provider: its row of the config, its keys by name, and its breaker."""

    config: ProviderConfig
    keys: tuple[str, ...] = ()
    standing: Standing | None = None


class State(Struct, frozen=True, kw_only=True):
    """How a proxy is set up and switched, at unix time `now` by its own clock."""

    version: str
    now: float
    config: str = ""  # the file, on the proxy's machine
    log: str = ""  # likewise
    keeps_text: bool = False
    caches: Caches = Caches()
    approval: Approval = Approval()
    whole: tuple[str, ...] = ()  # tools whose results are never compressed
    theme: str = "auto"  # as the config has it
    keys: Mapping[str, str] = field(default_factory=dict)  # action id → key
    budgets: tuple[BudgetConfig, ...] = ()
    providers: Mapping[str, Upstream] = field(default_factory=dict)


class Prices(Struct, frozen=True, kw_only=True):
    """Dollars per million tokens in and out, by provider/model; None where no price is known."""

    prices: Mapping[str, tuple[float, float] | None]


class Begun(Struct, frozen=True, kw_only=True):
    """The exchange that a replay is."""

    id: str
