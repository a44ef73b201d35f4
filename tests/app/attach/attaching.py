"""A dashboard of a proxy elsewhere, without a terminal, for tests."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import trustme
from msgspec.structs import replace
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


@asynccontextmanager
async def behind_tls(url: str, folder: Path) -> AsyncIterator[tuple[str, Path]]:
    """The same proxy by https, and the file with the CA that signed for it."""
    ca, security = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("127.0.0.1").configure_cert(security)
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        with suppress(OSError):
            await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))

    listener = await asyncio.start_server(pass_on, "127.0.0.1", 0, ssl=security)
    async with listener:
        yield f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}", folder / "ca.pem"


async def _copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while data := await source.read(2**16):
        to.write(data)
        await to.drain()
    to.close()
