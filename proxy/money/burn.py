"""How fast money goes: what was spent, at which rate, and when a budget is reached at that rate.

Read from the ledger, for a worker thread; trouble raises sqlite3.Error.
"""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from msgspec import Struct, field

from proxy.config.model import BudgetConfig
from proxy.ledger.history import reading
from proxy.ledger.rows import day_of
from proxy.money.spending import Spent

HOUR: Final = 3600.0
Window = Literal["hour", "hours", "day", "month"]

_TOKENS: Final = " + ".join(
    f"coalesce({name}, 0)"
    for name in ("billed_input", "billed_output", "billed_cache_read", "billed_cache_write")
)
_SPENT: Final = f"sum(cost), sum({_TOKENS})"
_DAYS: Final = f"SELECT provider, {_SPENT} FROM daily WHERE day >= ? GROUP BY 1"
_QUERIES: Final[dict[Window, str]] = {
    "hour": f"SELECT provider, {_SPENT} FROM exchanges WHERE at >= ? GROUP BY 1",
    "hours": f"SELECT provider, {_SPENT} FROM hourly WHERE (day, hour) >= (?, ?) GROUP BY 1",
    "day": _DAYS,
    "month": _DAYS,
}
_SESSION: Final = (
    f"SELECT {_SPENT} FROM sessions WHERE session IN (SELECT session FROM sessions WHERE day = ?)"
    " GROUP BY session ORDER BY 1 DESC LIMIT 1"
)


class Burn(Struct, frozen=True):
    """What was spent by provider in the last hour, the last 23 to 24 `span` hours, today and this
    month, and in the dearest of today's sessions."""

    windows: Mapping[Window, Mapping[str, Spent]] = field(default_factory=dict)
    span: float = 24.0
    session: Spent = Spent()

    def of(self, window: Window, provider: str = "") -> Spent:
        """At one provider, or at all of them."""
        spent = self.windows.get(window, {})
        return spent.get(provider, Spent()) if provider else sum(spent.values(), Spent())


class Standing(Struct, frozen=True):
    """How a budget stands, in its own dollars or tokens: `rate` is by the hour, None for a session;
    `reached` a unix time, None where it is not reached before the day or month is over.

    A session's budget is told of the dearest session of today; None at one provider, as the ledger
    does not sum sessions by provider.
    """

    budget: BudgetConfig
    limit: float
    spent: float | None
    rate: float | None = None
    reached: float | None = None


def burn(path: Path, now: float) -> Burn:
    """As the ledger has it at `now`; nothing spent where there is none."""
    day = day_of(now)
    begin = datetime.fromtimestamp(now).replace(minute=0, second=0) - timedelta(hours=23)
    values: dict[Window, tuple[Any, ...]] = {
        "hour": (now - HOUR,),
        "hours": (f"{begin:%Y-%m-%d}", f"{begin:%H:00}"),
        "day": (day,),
        "month": (f"{day[:7]}-01",),
    }
    with reading(path) as db:
        if db is None:
            return Burn()
        windows = {name: _spent(db, query, values[name]) for name, query in _QUERIES.items()}
        session = _spent(db, f"SELECT '', * FROM ({_SESSION})", (day,)).get("", Spent())
    return Burn(windows, (now - begin.timestamp()) / HOUR, session)


def standings(budgets: Sequence[BudgetConfig], burn: Burn, now: float) -> list[Standing]:
    """How each budget stands: a day's at the rate of the last hour, a month's at the last day's."""
    return [_standing(budget, burn, now) for budget in budgets]


def _standing(budget: BudgetConfig, burn: Burn, now: float) -> Standing:
    def measured(spent: Spent) -> float:
        return spent.tokens if budget.dollars is None else spent.dollars

    limit = float((budget.tokens or 0) if budget.dollars is None else budget.dollars)
    if budget.per == "session":
        return Standing(budget, limit, None if budget.provider else measured(burn.session))
    spent = measured(burn.of(budget.per, budget.provider))
    if budget.per == "day":
        rate = measured(burn.of("hour", budget.provider))
    else:
        rate = measured(burn.of("hours", budget.provider)) / burn.span
    return Standing(budget, limit, spent, rate, _reached(budget, now, limit - spent, rate))


def _reached(budget: BudgetConfig, now: float, left: float, rate: float) -> float | None:
    if left <= 0:
        return now
    at = now + left / rate * HOUR if rate > 0 else None
    return at if at is not None and at < _end(budget, now) else None


def _end(budget: BudgetConfig, now: float) -> float:
    """When the local day or month of `now` is over."""
    year, month, day = time.localtime(now)[:3]
    first = datetime(year, month, day if budget.per == "day" else 1)
    after = first + timedelta(days=1 if budget.per == "day" else 31)
    return (after if budget.per == "day" else after.replace(day=1)).timestamp()


def _spent(db: sqlite3.Connection, query: str, values: tuple[Any, ...]) -> dict[str, Spent]:
    found = db.execute(query, values)
    return {provider or "": Spent(cost or 0.0, tokens or 0) for provider, cost, tokens in found}
