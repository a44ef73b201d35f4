"""A dashboard that runs without a terminal, and what stands on its screen as text."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget

from app.dashboard import Dashboard
from app.holds.past import LedgerPast
from app.screens.live import LiveScreen
from app.services import DashboardServices
from proxy.server import Server

SIZES = [(120, 40), (80, 24), (60, 15)]


def services_of(server: Server, **more: Any) -> DashboardServices:
    """What the dashboard of a real proxy is given, and `more` where a screen needs it."""
    house = server.house
    return DashboardServices(
        bus=house.bus,
        routing=house.routing,
        save=house.save,
        past=LedgerPast(house.ledger_path),
        base_url=server.url,
        theme="lynkr-dark",
        **more,
    )


@asynccontextmanager
async def running(
    given: DashboardServices, size: tuple[int, int] = (120, 40), toasts: bool = False
) -> AsyncIterator[tuple[Dashboard, Pilot[None]]]:
    dashboard = Dashboard(given)
    async with dashboard.run_test(size=size, notifications=toasts) as pilot:
        yield dashboard, pilot


async def ticked(dashboard: Dashboard, pilot: Pilot[None]) -> None:
    """Let the dashboard's clock beat, and the screen be drawn."""
    dashboard.beat()
    await pilot.pause()


def text_of(widget: Widget) -> str:
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))


def screen_of(dashboard: App[Any]) -> str:
    """What stands on the whole screen, as text."""
    strips = dashboard.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def live_of(dashboard: Dashboard) -> LiveScreen:
    assert isinstance(dashboard.screen, LiveScreen)
    return dashboard.screen


async def seen_by(pilot: Pilot[Any], words: str) -> None:
    """Wait until `words` stand on the screen."""
    for _ in range(200):
        await pilot.pause()
        if words in screen_of(pilot.app):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{words!r} is not on the screen:\n{screen_of(pilot.app)}")
