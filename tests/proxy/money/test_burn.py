"""What was spent, how fast, and when a budget is reached at that rate."""

from datetime import datetime
from typing import Any

import pytest

from proxy.config.model import BudgetConfig
from proxy.ledger.ledger import Ledger
from proxy.money.burn import HOUR, Burn, Standing, burn, standings
from proxy.money.spending import Spent
from tests.proxy.told import begun, completed, feed

NOW = datetime(2026, 11, 20, 12, 30).timestamp()
DAY = BudgetConfig(per="day", dollars=10)
MONTH = BudgetConfig(per="month", tokens=1_000_000)
SESSION = BudgetConfig(per="session", dollars=2)


def told(path, *spent):
    """A ledger of (hours ago, dollars, session)."""
    ledger = Ledger(path)
    for number, (hours, dollars, session) in enumerate(spent):
        at = NOW - hours * HOUR
        feed(
            ledger,
            (
                *begun(str(number), at, session),
                completed(str(number), at, cost=dollars),
            ),
        )
    assert ledger.close(10)
    return path


def spending(**dollars):
    sums: Any = {name: {"local": Spent(value)} for name, value in dollars.items()}
    return Burn(sums)


def test_windows_end_now_and_begin_where_they_say(tmp_path):
    path = told(
        tmp_path / "ledger.db",
        (0.5, 1, "a"),
        (1.5, 2, "b"),
        (13, 4, "b"),  # yesterday
        (30, 8, "c"),
        (21 * 24, 16, "c"),  # last month
    )
    found = burn(path, NOW)
    spent = {name: found.of(name).dollars for name in found.windows}
    assert spent == {"hour": 1, "hours": 7, "day": 3, "month": 15}
    assert found.of("day", "local").dollars == 3 and found.of("day", "other") == Spent()
    assert found.span == pytest.approx(23.5)
    assert found.session.dollars == 6, "the dearest session of today, with what it was before"
    assert found.of("hour").tokens == 120


def test_nothing_is_spent_without_a_ledger(tmp_path):
    assert burn(tmp_path / "none.db", NOW) == Burn()


def test_a_day_is_reached_at_the_rate_of_the_last_hour():
    (standing,) = standings([DAY], spending(day=7, hour=2), NOW)
    assert standing == Standing(DAY, 10, 7, 2, NOW + 1.5 * HOUR)


def test_what_is_not_reached_before_the_day_is_over_is_not_said_to_be():
    (standing,) = standings([DAY], spending(day=7, hour=0.1), NOW)
    assert standing.reached is None
    (standing,) = standings([DAY], spending(day=7), NOW)
    assert standing.reached is None and standing.rate == 0


def test_a_budget_that_is_reached_is_reached_now():
    (standing,) = standings([DAY], spending(day=10), NOW)
    assert standing.reached == NOW


def test_a_month_of_tokens_goes_by_the_rate_of_the_last_day():
    spent = {"local": Spent(0, 960_000)}, {"local": Spent(0, 24_000)}
    (standing,) = standings([MONTH], Burn(dict(zip(("month", "hours"), spent, strict=True))), NOW)
    assert (standing.spent, standing.rate) == (960_000, 1_000)
    assert standing.reached == NOW + 40 * HOUR


def test_a_session_is_told_of_the_dearest_one():
    (standing,) = standings([SESSION], Burn(session=Spent(1.5)), NOW)
    assert (standing.spent, standing.rate, standing.reached) == (1.5, None, None)
    at_one = SESSION.model_copy(update={"provider": "local"})
    assert standings([at_one], Burn(session=Spent(1.5)), NOW)[0].spent is None
