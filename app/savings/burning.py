"""What was spent, how fast, and how the budgets stand, as lines; the pressing budget first."""

import time
from collections.abc import Iterator, Sequence

from app.text import UNKNOWN, amount, dollars, plain
from app.widgets.canvas import Line, bar, fit, width_of
from proxy.config.model import BudgetConfig
from proxy.money.burn import Burn, Standing

HINT = "No budget is set: [[budgets]] in the config sets one."
_BAR = 10
_NEAR = 0.8  # of a limit
DAY = 86_400


def lines(
    burn: Burn, standings: Sequence[Standing], now: float, width: int, most: int
) -> list[Line]:
    """What was spent, then the budgets, the pressing one first; `most` lines of `width` cells.
    Where there is room for one, it is a budget's."""
    rows = [_budget(one, now, width) for one in sorted(standings, key=_calm)]
    spent = [] if rows and most < 2 else [_spent(burn, width)]
    if not rows:
        spent.append(((fit(HINT, width), "quiet"),))
    return [*spent, *rows][:most]


def _spent(burn: Burn, width: int) -> Line:
    parts = [
        f"{dollars(burn.of('day').dollars)} today",
        f"{dollars(burn.of('month').dollars)} this month",
        f"{dollars(burn.of('hour').dollars)}/h in the last hour",
        f"{dollars(burn.of('hours').dollars / burn.span)}/h in the last day",
    ]
    return _joined(((f"{fit('Spent', 6)} ", "bold"),), ((part, "text") for part in parts), width)


def _budget(one: Standing, now: float, width: int) -> Line:
    share = one.spent / one.limit if one.spent is not None else 0.0
    style = "bad" if share >= 1 else "warn" if share >= _NEAR or one.reached else "good"
    head: Line = (
        (fit(named(one.budget, width >= 100), 28 if width < 100 else 44), "text"),
        (" ", "text"),
        *bar(100 * share, _BAR, style),
        (f" {_share(one)}", style),
    )
    return _joined(head, iter(((_when(one, now), style if one.reached else "quiet"),)), width)


def named(budget: BudgetConfig, whole: bool) -> str:
    """A budget in words: $10.00 a day at anthropic, and as a `whole`: then cheaper."""
    limit = dollars(budget.dollars) if budget.dollars else f"{amount(budget.tokens)} tokens"
    where = f" at {plain(budget.provider, 40)}" if budget.provider else ""
    then = f", then {_THEN[budget.then]}" if whole else ""
    return f"{limit} a {budget.per}{where}{then}"


_THEN = {"warn": "a warning", "cheaper": "cheaper", "hold": "hold"}


def _share(one: Standing) -> str:
    if one.spent is None:
        return UNKNOWN
    spent = amount(one.spent) if one.budget.dollars is None else dollars(one.spent)
    return f"{spent:>7} {100 * one.spent / one.limit:3.0f}%"


def _when(one: Standing, now: float) -> str:
    """When it is reached, in words."""
    if one.budget.per == "session":
        return "not summed by provider" if one.spent is None else "today's dearest session"
    if one.reached is not None and one.reached <= now:
        return "reached"
    each = amount(one.rate) if one.budget.dollars is None else dollars(one.rate)
    at = f"at {each}/h"
    if one.reached is None:
        return (
            f"{_NOT[one.budget.per]} {at}"
            if one.rate
            else f"nothing spent {_LATELY[one.budget.per]}"
        )
    form = "%H:%M" if one.budget.per == "day" else "%a %d %b, %H:%M"
    return f"reached {time.strftime(form, time.localtime(one.reached))} {at}"


_NOT = {"day": "not today", "month": "not this month"}
_LATELY = {"day": "in the last hour", "month": "in the last day"}


def _calm(one: Standing) -> tuple[bool, float]:
    """The more pressing a budget, the smaller."""
    return one.reached is None, -(one.spent or 0.0) / one.limit


def _joined(head: Line, parts: Iterator[tuple[str, str]], width: int) -> Line:
    """The parts after the head, as many as there is room for."""
    line = head
    for text, style in parts:
        gap = "  " if line == head else " · "
        if width_of(line) + len(gap) + len(text) > width:
            break
        line += ((gap if line != head else " ", "quiet"), (text, style))
    return line
