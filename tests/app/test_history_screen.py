"""The savings screen: the figures of a real ledger, and never a wait for it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from app.commands.history import told
from app.dashboard import Dashboard
from app.savings.table import COLUMNS
from app.screens.history import HistoryScreen
from app.widgets.grid import Grid
from app.widgets.note import Note
from proxy.config.model import BudgetConfig
from proxy.dialects.model import Usage
from proxy.ledger.ledger import Ledger
from tests.app.scene import services
from tests.app.screen import SIZES
from tests.app.test_routing_screen import seen, until
from tests.proxy.told import begun, completed, failed, feed

DAY = 86_400


@pytest.fixture
def given(tmp_path):
    """Three exchanges today, one eight days ago, in a ledger.db of the ledger's own making."""
    now = time.time()
    ledger = Ledger(tmp_path / "ledger.db")
    usage = Usage(input=100, output=20, cache_read=900)
    events = [
        *begun("a", now, session="[b]one[/b]", client="codex"),
        completed("a", now, usage=usage, cost=0.25, cost_asked=1.5),
        *begun("b", now, session="two", client="aider"),
        completed("b", now, cost=None, cost_asked=None),
        *begun("c", now, session="two"),
        failed("c", now),
        *begun("d", now - 8 * DAY, session="old"),
        completed("d", now - 8 * DAY, cost=0.1, cost_asked=0.4),
    ]
    feed(ledger, events)
    assert ledger.flush(20)
    ledger.close(5)
    return services(tmp_path)


@asynccontextmanager
async def savings(given, size=(120, 40)) -> AsyncIterator[tuple[HistoryScreen, Pilot[None]]]:
    dashboard = Dashboard(given)
    async with dashboard.run_test(size=size, notifications=True) as pilot:
        await pilot.press("s")
        await pilot.pause()
        assert isinstance(dashboard.screen, HistoryScreen)
        yield dashboard.screen, pilot


def titles():
    return [column.title for column in COLUMNS]


def keys(screen):
    return [row[0][0] for row in screen.query_one(Grid).rows]


async def test_days_show_what_was_saved_newest_first(given):
    async with savings(given) as (screen, pilot):
        await until(pilot, lambda: len(screen.query_one(Grid).rows) == 2)
        today = [text for text, _ in screen.query_one(Grid).rows[0]]
        assert time.strftime("%Y-%m-%d") in today[0]
        assert today[1] == "3"
        assert "$1.25" in today, "money saved counts priced exchanges only"
        assert today[titles().index("failed")] == "1"
        await until(pilot, lambda: "█" in seen(pilot))
        assert "2 without a known price" in screen.query_one("#legend", Note).text


async def test_estimated_and_measured_figures_have_columns_of_their_own(given):
    async with savings(given) as (screen, pilot):
        await until(pilot, lambda: "before ~" in seen(pilot))
        shown = seen(pilot)
        assert "billed in" in shown and "saved ~" in shown
        today = [text for text, _ in screen.query_one(Grid).rows[0]]
        assert today[5] == "1.1k", "billed input counts cached tokens too: 1,000 and 100"


async def test_left_and_right_walk_through_the_groupings(given):
    async with savings(given) as (screen, pilot):
        await pilot.press("right", "right", "right")
        await until(pilot, lambda: keys(screen) == ["MEDIUM"])
        await pilot.press("right")
        await until(pilot, lambda: keys(screen) == ["model-medium"])
        await pilot.press("right")
        await until(pilot, lambda: sorted(keys(screen)) == ["[b]one[/b]", "old", "two"])
        assert "[b]one[/b]" in seen(pilot)
        await pilot.press("right")
        await until(pilot, lambda: sorted(keys(screen)) == ["aider", "codex"])


async def test_brackets_take_in_fewer_or_more_days(given):
    async with savings(given) as (screen, pilot):
        await until(pilot, lambda: len(keys(screen)) == 2)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: len(keys(screen)) == 1)
        assert "7 days" in seen(pilot)
        await pilot.press(*["right_square_bracket"] * 5)
        await until(pilot, lambda: len(keys(screen)) == 2 and "all days" in seen(pilot))


async def test_money_that_is_not_known_is_called_unknown(tmp_path):
    ledger = Ledger(tmp_path / "ledger.db")
    feed(ledger, (*begun("a", time.time()), completed("a", time.time(), None, None, None)))
    assert ledger.flush(20)
    ledger.close(5)
    async with savings(services(tmp_path)) as (screen, pilot):
        await until(pilot, lambda: len(keys(screen)) == 1)
        assert ("unknown", "quiet") in screen.query_one(Grid).rows[0]


@pytest.mark.parametrize("size", SIZES)
async def test_without_a_ledger_a_hint_says_what_to_do(tmp_path, size):
    async with savings(services(tmp_path), size) as (_, pilot):
        await until(pilot, lambda: "Point a client" in seen(pilot))


async def test_a_damaged_ledger_is_told_not_fatal(tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"not a database at all" * 100)
    async with savings(services(tmp_path)) as (_, pilot):
        await until(pilot, lambda: "could not be read" in seen(pilot))
        await pilot.press("right")


@pytest.mark.parametrize("size", SIZES)
async def test_each_size_shows_requests_savings_and_money(given, size):
    async with savings(given, size) as (screen, pilot):
        await until(pilot, lambda: len(keys(screen)) == 2)
        await pilot.pause()
        for words in ("requests", "saved ~", "money", "$1.25"):
            assert words in seen(pilot)


async def test_hours_are_a_grouping_and_what_saved_it_stands_below_the_sums(given):
    async with savings(given) as (screen, pilot):
        await pilot.press("left")
        await until(pilot, lambda: len(keys(screen)) == 2 and ":00" in keys(screen)[0])
        assert keys(screen)[0].endswith(":00")
        for words in ("by routing", "by the cache", "by tools ~", "by results ~"):
            assert words in seen(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_each_size_tells_the_pressing_budget(given, size):
    budget = BudgetConfig(per="day", dollars=0.5)
    given = replace(given, budgets=lambda: (budget,))
    async with savings(given, size) as (_, pilot):
        await until(pilot, lambda: "$0.50 a day" in seen(pilot))
        assert "50%" in seen(pilot)


@pytest.mark.parametrize(("key", "form"), [("e", "csv"), ("E", "json")])
async def test_an_export_is_a_new_file_of_the_same_shape_as_the_commands(
    given, tmp_path, key, form
):
    folder = tmp_path / "here"
    folder.mkdir()
    async with savings(replace(given, folders=(folder,))) as (screen, pilot):
        await until(pilot, lambda: len(keys(screen)) == 2)
        await pilot.press(key)
        await until(pilot, lambda: len(list(folder.iterdir())) == 1)
        await pilot.press(key)
        await until(pilot, lambda: len(list(folder.iterdir())) == 2)
        await until(pilot, lambda: "Written" in seen(pilot))
    first, second = sorted(folder.iterdir(), key=lambda path: len(path.name))
    assert first.name == f"lynkr-savings-by-day-{date.today()}.{form}"
    assert second.stem == f"{first.stem}-2", "nothing is overwritten"
    assert {path.stat().st_mode & 0o777 for path in (first, second)} == {0o600}
    since = date.today() - timedelta(days=29)
    assert first.read_text() == told(tmp_path, "day", since, None, form)


async def test_an_export_that_no_folder_takes_is_told(given, tmp_path):
    async with savings(replace(given, folders=(tmp_path / "none",))) as (screen, pilot):
        await until(pilot, lambda: len(keys(screen)) == 2)
        await pilot.press("e")
        await until(pilot, lambda: "Nothing was written" in seen(pilot))
