"""A dashboard of a proxy elsewhere, without a terminal, for tests."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from textual.pilot import Pilot

from app.attach.far import Far
from app.attach.run import services
from app.dashboard import Dashboard
from app.services import DashboardServices
from proxy.providers.http import new_session
from proxy.tasks import Tasks
from tests.app.screen import running, screen_of

VARIABLE = "LYNKR_TUI_TOKEN"


@asynccontextmanager
async def following(url: str, token: str = "") -> AsyncIterator[DashboardServices]:
    """What a dashboard is given that is attached to `url`; it follows the proxy."""
    tasks = Tasks()
    async with new_session() as session:
        try:
            far = Far(url, session, token, VARIABLE)
            yield replace(await services(far, tasks, deque()), theme="lynkr-dark")
        finally:
            await tasks.end()


@asynccontextmanager
async def attached(
    url: str, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Dashboard, Pilot[None]]]:
    async with following(url) as given, running(given, size) as both:
        yield both


async def so(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait until something is true that takes a way to the proxy and back."""
    async with asyncio.timeout(30):
        while not true():
            await pilot.pause(0.02)


async def shows(pilot: Pilot[None], dashboard: Dashboard, *words: str) -> str:
    """The screen, once it shows all of the words."""
    await so(pilot, lambda: all(one in screen_of(dashboard) for one in words))
    return screen_of(dashboard)
