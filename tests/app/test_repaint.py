"""What the dashboard draws, and what it does not draw again."""

import asyncio
import time
from pathlib import Path

import pytest
from textual.strip import Strip

from app.services import DashboardServices
from app.widgets.canvas import Line
from app.widgets.columns import drawn
from app.widgets.feed import Feed
from proxy.record import Record
from tests.app.scene import done, services
from tests.app.screen import running, ticked


@pytest.fixture
def given(tmp_path: Path) -> DashboardServices:
    return services(tmp_path)


async def test_hidden_screens_do_no_work(
    given: DashboardServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(given) as (dashboard, pilot):
        await pilot.press("L")
        await pilot.pause()
        flushed: list[int] = []
        monkeypatch.setattr(Feed, "flush", lambda self: flushed.append(1))
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert dashboard.store.totals.requests == 1
        assert flushed == []


async def test_an_idle_dashboard_repaints_nothing(
    given: DashboardServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(given) as (dashboard, pilot):
        await ticked(dashboard, pilot)
        painted: list[int] = []
        paint = Feed.render_line

        def spied(self: Feed, y: int) -> Strip:
            painted.append(y)
            return paint(self, y)

        monkeypatch.setattr(Feed, "render_line", spied)
        for _ in range(5):
            await ticked(dashboard, pilot)
        assert painted == []


async def test_a_repaint_draws_only_the_lines_in_sight(
    given: DashboardServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(given) as (dashboard, pilot):
        for _ in range(3000):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        seen: list[str] = []

        def spied(row: Record, width: int, mark: str) -> Line:
            seen.append(row.id)
            return drawn(row, width, mark)

        monkeypatch.setattr("app.widgets.feed.drawn", spied)
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert 0 < len(seen) < 300, "a tenth of the rows at most, whatever the clock adds"


async def test_fifty_exchanges_a_second_hold_nobody_up(given: DashboardServices) -> None:
    async with running(given, (160, 45)) as (dashboard, pilot):
        gaps: list[float] = []
        last = time.perf_counter()
        for _ in range(150):
            done(given.bus.publish)
            await asyncio.sleep(0.01)
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()
        await ticked(dashboard, pilot)
        gaps.sort()
        assert dashboard.store.totals.requests == 150
        assert gaps[len(gaps) // 2] < 0.05, "half of all waits are short even on a busy machine"
