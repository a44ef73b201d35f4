"""The budgets in words: the pressing one first, and never wider than the screen."""

import time

import pytest
from rich.cells import cell_len

from app.savings.burning import HINT, lines
from proxy.config.model import BudgetConfig
from proxy.money.burn import HOUR, Burn, standings
from proxy.money.spending import Spent

NOON = time.mktime((2026, 11, 20, 12, 0, 0, 0, 0, -1))
BURN = Burn(
    {
        "hour": {"local": Spent(2)},
        "hours": {"local": Spent(12)},
        "day": {"local": Spent(6)},
        "month": {"local": Spent(40, 1_000)},
    },
    24,
    Spent(1.5),
)
DAY, MONTH = BudgetConfig(per="day", dollars=10), BudgetConfig(per="month", dollars=41)
TOKENS = BudgetConfig(per="month", tokens=5_000, provider="local", then="hold")
SESSION = BudgetConfig(per="session", dollars=1.5, then="cheaper")


def told(*budgets, width=120, most=9):
    rows = standings(budgets, BURN, NOON)
    return ["".join(text for text, _ in line) for line in lines(BURN, rows, NOON, width, most)]


def test_what_was_spent_comes_first_with_both_rates():
    first, hint = told()
    assert "$6.00 today · $40.00 this month · $2.00/h in the last hour · $0.50/h" in first
    assert hint.strip() == HINT


def test_a_budget_says_how_much_is_gone_and_when_it_is_reached():
    _, day = told(DAY)
    assert "$10.00 a day, then a warning" in day and "$6.00  60%" in day
    assert day.endswith("reached 14:00 at $2.00/h")


def test_the_pressing_budget_comes_first():
    _, *rows = told(TOKENS, DAY, MONTH, SESSION)
    assert [row.split(" a ")[1].split(",")[0].split()[0] for row in rows] == [
        "month",
        "day",
        "session",
        "month",
    ]
    assert "5.0k tokens a month at local" in rows[-1]
    assert rows[-1].endswith("nothing spent in the last day")


def test_where_there_is_one_line_it_is_a_budgets():
    (line,) = told(DAY, width=58, most=1)
    assert "$10.00 a day" in line and "60%" in line
    assert "today" in told(width=58, most=1)[0]


def test_a_rate_that_does_not_reach_it_says_so():
    (_, line) = told(BudgetConfig(per="day", dollars=100))
    assert line.endswith("not today at $2.00/h")


@pytest.mark.parametrize("width", range(56, 140, 6))
def test_no_line_is_wider_than_its_place(width):
    for line in told(DAY, MONTH, TOKENS, SESSION, width=width):
        assert cell_len(line) <= width


def test_time_runs_on():
    (standing,) = standings([DAY], BURN, NOON + 12 * HOUR - 60)
    assert standing.reached is None, "not before midnight"
