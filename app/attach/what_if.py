"""What past traffic would have cost under other routes, worked out by a proxy elsewhere."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Final

from app.attach.hub import Hub
from app.attach.state import Prices
from app.holds.holds import Rates
from proxy.past.what_if import Outcome
from proxy.routing.as_json import as_json
from proxy.routing.table import Table, Target

SECONDS: Final = 60.0  # it may have to read its ledger first
JUDGED: Final = ("tiers", "boundaries", "weights", "force")  # what past traffic is judged by
AT_ONCE: Final = 500  # prices; the proxy answers no more


class FarWhatIf:
    """Raises FarError, and OSError is its kind, where the proxy can't be asked."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._asking = asyncio.Lock()

    async def load(self, began: Callable[[], object] = lambda: None) -> bool:
        """The proxy itself looks for what is new, whenever it is asked: there may be some. Waits
        while a question is on its way, so that a slow one is not asked again and again."""
        async with self._asking:
            return True

    async def outcome(self, before: Table, after: Table) -> Outcome:
        """As app.holds.what_if has it. Cancel it, and the proxy drops the work."""
        asked = {"before": _rules(before), "after": _rules(after)}
        async with self._asking:
            return await self._hub.told(Outcome, "POST", "/lynkr/what-if", asked, SECONDS)

    async def prices(self, targets: Iterable[Target]) -> Mapping[Target, Rates | None]:
        """As app.holds.what_if has it, of the first 500."""
        asked = {"targets": [str(target) for target in islice(targets, AT_ONCE)]}
        found = await self._hub.told(Prices, "POST", "/lynkr/prices", asked)
        return {Target.of(name): rates for name, rates in found.prices.items()}


def _rules(table: Table) -> dict[str, object]:
    told = as_json(table)
    return {key: told[key] for key in JUDGED}
