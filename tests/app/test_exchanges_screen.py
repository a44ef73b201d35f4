"""From a row or a bar of the savings to its exchanges, to one of them, and back to its place."""

import time
from contextlib import asynccontextmanager

import pytest

from app.dashboard import Dashboard
from app.screens.exchanges import ExchangesScreen
from app.screens.history import HistoryScreen
from app.widgets.grid import Grid
from app.widgets.heading import Heading
from app.widgets.pager import Pager
from app.widgets.pile import PAGE, PAGES_KEPT, Pile
from proxy.ledger.ledger import Ledger
from tests.app.scene import services
from tests.app.screen import SIZES
from tests.app.test_routing_screen import seen, until
from tests.proxy.told import begun, completed, failed, feed
from tests.support.long_ledger import lengthen

HOUR = 3600


@pytest.fixture
def given(tmp_path):
    """Three days: two exchanges of today, one of yesterday, one of the day before."""
    ledger, now = Ledger(tmp_path / "ledger.db"), time.time()
    noon = now - (now - time.mktime(time.localtime(now)[:3] + (12, 0, 0, 0, 0, -1)))
    for id, hours, client in (("a", 0, "codex"), ("b", 0, "aider"), ("c", 24, "codex")):
        at = noon - hours * HOUR
        feed(ledger, (*begun(id, at, f"session-{id}", client=client), completed(id, at)))
    feed(ledger, (*begun("d", noon - 48 * HOUR), failed("d", noon - 48 * HOUR)))
    assert ledger.close(20)
    return services(tmp_path)


@asynccontextmanager
async def savings(given, size=(120, 40)):
    dashboard = Dashboard(given)
    async with dashboard.run_test(size=size) as pilot:
        await pilot.press("s")
        await until(pilot, lambda: len(dashboard.screen.query_one(Grid).rows) == 3)
        yield dashboard, pilot


async def opened(dashboard, pilot, count):
    await until(pilot, lambda: isinstance(dashboard.screen, ExchangesScreen))
    await until(pilot, lambda: bool(dashboard.screen.query(Pile) and pile_of(dashboard).row))
    assert pile_of(dashboard).count == count


def pile_of(dashboard) -> Pile:
    pile = dashboard.screen.query_one(Pile)
    assert isinstance(pile, Pile)
    return pile


@pytest.mark.parametrize("size", SIZES)
async def test_enter_leads_to_the_exchanges_to_one_of_them_and_back_to_the_row(given, size):
    async with savings(given, size) as (dashboard, pilot):
        await pilot.press("j", "enter")
        await opened(dashboard, pilot, 1)
        assert "1 exchange" in seen(pilot) and "model-medium" in seen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "dimension0" in seen(pilot))
        assert "session sessio" in seen(pilot)
        await pilot.press("escape")
        assert isinstance(dashboard.screen, ExchangesScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(dashboard.screen, HistoryScreen))
        assert dashboard.screen.query_one(Grid).cursor == 1


async def test_a_failure_is_told_with_what_the_ledger_keeps_and_what_it_does_not(given):
    async with savings(given) as (dashboard, pilot):
        await pilot.press("G", "enter")
        await opened(dashboard, pilot, 1)
        await pilot.press("enter", "G")
        await until(pilot, lambda: "The ledger keeps no reasons" in seen(pilot))
        lines = dashboard.screen.query_one(Pager).lines
        text = "\n".join("".join(piece for piece, _ in line) for line in lines)
        assert "the provider hung up" in text and "− WebSearch" in text
        assert "rewritten by toon" in text


async def test_a_click_on_a_bar_opens_its_exchanges(given):
    async with savings(given) as (dashboard, pilot):
        await pilot.press(*["right"] * 6)  # client
        await until(pilot, lambda: len(dashboard.screen.query_one(Grid).rows) == 2)
        await until(pilot, lambda: "codex ▄" in seen(pilot))
        rows = dashboard.screen.query_one(Grid).rows
        at = [row[0][0] for row in rows].index("aider")
        await pilot.click("#lying", offset=(12, at))
        await opened(dashboard, pilot, 1)
        assert "Client aider, 30 days" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(dashboard.screen, HistoryScreen))
        assert dashboard.screen.by == "client"


async def test_a_double_click_opens_a_row_and_another_an_exchange(given):
    async with savings(given) as (dashboard, pilot):
        await pilot.click("#rows", offset=(5, 1), times=2)
        await opened(dashboard, pilot, 2)
        await pilot.click("#pile", offset=(5, 2), times=2)
        await until(pilot, lambda: bool(dashboard.screen.full))
        assert pile_of(dashboard).cursor == 1


async def test_another_screen_in_between_keeps_the_place(given):
    async with savings(given) as (dashboard, pilot):
        await pilot.press("enter")
        await opened(dashboard, pilot, 2)
        await pilot.press("j", "question_mark")
        await until(pilot, lambda: "Exchanges behind a row" in seen(pilot))
        await pilot.press("escape", "l", "s")
        await until(pilot, lambda: isinstance(dashboard.screen, ExchangesScreen))
        assert pile_of(dashboard).cursor == 1


async def test_a_list_of_thousands_holds_a_few_pages_and_reaches_its_end(tmp_path):
    assert Ledger(tmp_path / "ledger.db").close(10)
    lengthen(tmp_path / "ledger.db", 30_000)
    dashboard = Dashboard(services(tmp_path))
    async with dashboard.run_test(size=(80, 24)) as pilot:
        await pilot.press("s", *["right_square_bracket"] * 5, *["right"] * 3)
        await until(pilot, lambda: len(dashboard.screen.query_one(Grid).rows) == 4)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(dashboard.screen, ExchangesScreen))
        await until(pilot, lambda: bool(dashboard.screen.query(Pile) and pile_of(dashboard).row))
        pile = pile_of(dashboard)
        assert pile.count == 7_500
        for place in range(0, pile.count, 3 * PAGE):
            pile.go(place)
            await until(pilot, lambda: pile.row is not None)
        await pilot.press("G")
        await until(pilot, lambda: pile.row is not None and pile.cursor == pile.count - 1)
        assert len(pile._pages) <= PAGES_KEPT
        await until(pilot, lambda: "…" not in seen(pilot).splitlines()[-2])


async def test_a_ledger_that_breaks_meanwhile_is_told_not_fatal(given, tmp_path):
    async with savings(given) as (dashboard, pilot):
        (tmp_path / "ledger.db").write_bytes(b"no database any more " * 500)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(dashboard.screen, ExchangesScreen))
        await until(pilot, lambda: "could not be read" in seen(pilot))
        await pilot.press("j", "enter", "escape")
        await until(pilot, lambda: isinstance(dashboard.screen, HistoryScreen))


async def test_the_heading_counts_what_is_listed(given):
    async with savings(given) as (dashboard, pilot):
        await pilot.press("enter")
        await opened(dashboard, pilot, 2)
        heading = dashboard.screen.query_one("#on-pile", Heading)
        assert heading.note == "2 exchanges, newest first"
