"""Keys of the live screen: switch the cache off and on, and call a cached answer wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import orjson
from msgspec.structs import replace
from textual.pilot import Pilot

from app.dashboard import Dashboard
from app.holds.cached import Cached
from proxy.events import CalledWrong
from proxy.house import House
from tests.app.scene import hit, services
from tests.app.screen import running, screen_of, ticked
from tests.support import messages
from tests.support.proxy import Heard, config_for, proxy
from tests.support.upstream import Upstream

BODY = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "What is it?"}]}


class Scene:
    """A proxy that answers, and the dashboard that watches it."""

    def __init__(self, url: str, house: House, heard: Heard, screen: Dashboard, pilot: Pilot[None]):
        self.url, self.house, self.heard, self.screen, self.pilot = url, house, heard, screen, pilot

    async def ask(self) -> str:
        """What the answer says of the cache; it stands in the feed then."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/v1/messages", data=orjson.dumps(BODY)) as answer,
        ):
            await answer.read()
        await ticked(self.screen, self.pilot)
        return answer.headers["x-lynkr-cache"]

    async def press(self, key: str) -> str:
        """What stands on the screen afterwards."""
        await self.pilot.press(key)
        await ticked(self.screen, self.pilot)
        return screen_of(self.screen)

    @property
    def toasts(self) -> list[str]:
        return [note.message for note in self.screen._notifications]


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(folder, config_for(upstream.url)) as (server, heard),
    ):
        house = server.house
        given = replace(services(folder, cached=Cached(house)), bus=house.bus)
        async with running(given) as (screen, pilot):
            yield Scene(server.url, house, heard, screen, pilot)


async def test_c_switches_the_cache_off_and_the_screen_says_so(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        assert [await at.ask(), await at.ask()] == ["miss", "exact"]
        assert "cache off" in await at.press("c")
        assert await at.ask() == "skip"
        assert "cache off" not in await at.press("c")
        assert await at.ask() == "exact"


async def test_w_forgets_the_answer_that_the_selected_exchange_was_given(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        assert [await at.ask(), await at.ask()] == ["miss", "exact"]
        assert "Wrong answer" in screen_of(at.screen), "the key bar offers it on a hit"
        await at.press("w")
        assert at.toasts == ["Forgotten: this answer is not given again."]
        assert await at.ask() == "miss"
        assert [event.cache for event in at.heard if isinstance(event, CalledWrong)] == ["exact"]


async def test_w_on_a_hit_that_is_not_known_any_more_says_so(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        hit(at.house.bus.publish)
        await ticked(at.screen, at.pilot)
        await at.press("w")
        assert at.toasts[-1].startswith("No such answer is known")
        assert not at.heard.of(CalledWrong)


async def test_w_has_nothing_to_act_on_where_no_cache_answered(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        assert await at.ask() == "miss"
        assert "Wrong answer" not in screen_of(at.screen)
        await at.press("w")
        assert await at.ask() == "exact"
