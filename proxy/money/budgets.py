"""Budgets: what happens to a request once a day, a month or a session has cost enough."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from proxy.config.model import BudgetConfig
from proxy.errors import ProxyError
from proxy.events import BudgetReached, Event
from proxy.exchange import CHOSEN, Decision, Exchange
from proxy.memo import Memo
from proxy.money.spending import Spending
from proxy.routing.asking import in_tool_round
from proxy.routing.table import Table

REASON: Final = "force:budget"

Tell = Callable[[Event], None]


class Held(ProxyError):
    """A budget that holds is reached."""

    status = 402


class Budgets:
    """The config's budgets over what was spent; of those that are reached the strictest counts.

    A round that began under a budget ends so: a tier never changes inside a tool round.
    """

    def __init__(self, spending: Spending) -> None:
        self._spending = spending
        self._began = Memo[bool](1_000)  # by session and round: whether it was sent lower
        self._told = Memo[bool](1_000)

    def apply(
        self,
        rows: Sequence[BudgetConfig],
        decision: Decision,
        exchange: Exchange,
        table: Table,
        tell: Tell,
    ) -> Decision:
        """The decision as the budgets have it; a replay leaves no trace of it. Raises Held."""
        reached = [row for row in rows if self._is_reached(row, decision, exchange)]
        for row in reached:
            self._tell(exchange, row, tell)
        for row in reached:
            if row.then == "hold":
                raise Held(f"{_why(row)}; raise it in [[budgets]], or wait until {_until(row)}")
        decision = replace(decision, steps=(*decision.steps, *map(_why, reached)))
        if exchange.replay is not None:
            return decision
        lower = any(row.then == "cheaper" for row in reached)
        return _lowered(decision, table) if self._goes_lower(exchange, lower) else decision

    def _is_reached(self, row: BudgetConfig, decision: Decision, exchange: Exchange) -> bool:
        if row.provider and row.provider != decision.target.provider:
            return False
        spent = self._spending.of(row.per, exchange.session, row.provider)
        if row.dollars is not None:
            return spent.dollars >= row.dollars
        return spent.tokens >= (row.tokens or 0)

    def _goes_lower(self, exchange: Exchange, lower: bool) -> bool:
        request, view = exchange.request, exchange.view
        assert request is not None and view is not None
        place = (exchange.session, len(view.rounds))
        if in_tool_round(request.messages):
            return bool(self._began.peek(place))
        self._began.put(place, lower)
        return lower

    def _tell(self, exchange: Exchange, row: BudgetConfig, tell: Tell) -> None:
        """Once a day, month or session."""
        when = exchange.session if row.per == "session" else _today(row)
        key = (row.per, _limit(row), row.then, when)
        if not self._told.peek(key):
            self._told.put(key, True)
            tell(BudgetReached(id=exchange.id, at=time.time(), why=_why(row), then=row.then))


def _lowered(decision: Decision, table: Table) -> Decision:
    """One tier down, unless a person chose this one, or there is none."""
    below = next(table.below(decision.tier, decision.target), None)
    if below is None or decision.reason in CHOSEN:
        return decision
    tier, target = below
    steps = (*decision.steps, f"budget: sent to {tier.name} until the budget allows more")
    return replace(decision, tier=tier, target=target, reason=REASON, steps=steps)


def _today(row: BudgetConfig) -> str:
    return time.strftime("%Y-%m-%d" if row.per == "day" else "%Y-%m")


def _why(row: BudgetConfig) -> str:
    return f"the budget of {_limit(row)} is reached"


def _limit(row: BudgetConfig) -> str:
    most = f"${row.dollars:g}" if row.dollars is not None else f"{row.tokens:,} tokens"
    where = f" at {row.provider}" if row.provider else ""
    return f"{most} a {row.per}{where}"


def _until(row: BudgetConfig) -> str:
    return {"day": "tomorrow", "month": "next month", "session": "a new session begins"}[row.per]
