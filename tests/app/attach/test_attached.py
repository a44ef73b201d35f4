"""A dashboard on a proxy elsewhere does what one in the proxy's own process does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app.attach.link import Link
from app.dashboard import Dashboard
from app.widgets.grid import Grid
from classifier.tiers import Tier
from proxy.server import Server
from tests.app.attach.attaching import attached, following, shows, so
from tests.app.screen import SIZES, screen_of
from tests.proxy.control.test_api import QUESTION
from tests.proxy.money.test_approval import LONG, approval, ask, waiting
from tests.proxy.test_server import post
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream


@dataclass
class Scene:
    server: Server
    upstream: Upstream
    dashboard: Dashboard
    pilot: Pilot[None]
    config: Path

    async def shows(self, *words: str) -> str:
        return await shows(self.pilot, self.dashboard, *words)

    async def tells(self, words: str) -> None:
        """A toast says so; they are not drawn in tests."""
        notes = self.dashboard._notifications
        await so(self.pilot, lambda: any(words in note.message for note in notes))

    async def ask(self) -> dict[str, str]:
        """A client asks the proxy; the headers of its answer."""
        status, headers, _ = await post(f"{self.server.url}/v1/messages", QUESTION)
        assert status == 200
        return headers


@asynccontextmanager
async def scene(
    folder: Path, more: str = "", size: tuple[int, int] = (120, 40), before: int = 1
) -> AsyncIterator[Scene]:
    """A proxy that answered so many times, and a dashboard that was attached after that."""
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(folder, config_for(upstream.url, more=more)) as (server, _),
    ):
        for _ in range(before):
            await post(f"{server.url}/v1/messages", QUESTION)
        async with attached(server.url, size) as (dashboard, pilot):
            await so(pilot, lambda: len(dashboard.store.rows) == before)
            yield Scene(server, upstream, dashboard, pilot, folder / "config.toml")


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_before_and_what_comes_stands_on_the_screen_once(
    tmp_path: Path, size: tuple[int, int]
):
    async with scene(tmp_path, size=size, before=3) as one:
        await one.ask()
        await so(one.pilot, lambda: one.dashboard.store.totals.done == 4)
        assert len({row.id for row in one.dashboard.store.rows}) == 4
        times = [row.at for row in one.dashboard.store.rows]
        assert times == sorted(times)
        assert "up/small" in await one.shows("4 exchanges")


async def test_a_key_holds_the_session_there_and_every_dashboard_says_so(tmp_path: Path):
    async with scene(tmp_path) as one:
        async with following(one.server.url) as second:
            await one.pilot.press("4")
            await one.shows("HELD", "REASONING")
            await so(one.pilot, lambda: bool(one.server.house.routing.table.overrides))
            assert (await one.ask())["x-lynkr-tier"] == "REASONING"
            await so(one.pilot, lambda: bool(second.routing.table.overrides))
        await one.pilot.press("0")
        await so(one.pilot, lambda: not one.server.house.routing.table.overrides)
        assert "HELD" not in screen_of(one.dashboard)


async def test_two_that_steer_at_once_do_not_undo_each_other(tmp_path: Path):
    async with scene(tmp_path) as one, following(one.server.url) as second:
        table = second.routing.table
        changed = table.with_tier(Tier.MEDIUM, table.tiers[Tier.COMPLEX])
        one.dashboard.services.routing.replace(table.with_override("s", Tier.REASONING))
        await asyncio.to_thread(second.save, changed)
        there = one.server.house.routing
        await so(one.pilot, lambda: there.table.overrides == {"s": Tier.REASONING})
        assert there.table.tiers == changed.tiers
        await so(one.pilot, lambda: one.dashboard.services.routing.table == there.table)
        await so(one.pilot, lambda: second.routing.table == there.table)


async def test_an_edit_is_saved_there_and_one_that_can_not_be_says_why(tmp_path: Path):
    async with scene(tmp_path, more="# mine, keep it\n") as one:
        await one.pilot.press("r")
        await one.shows("up/small", "saved there, to")
        await one.pilot.press("tab", "right", "enter")
        await one.shows("✓ boundaries 21, 51, 76")
        assert one.server.house.routing.table.boundaries == (21, 51, 76)
        written = one.config.read_text()
        assert "21" in written and "# mine, keep it" in written
        await one.pilot.press("u")
        await one.shows("✓ undone")
        assert one.server.house.routing.table.boundaries == (20, 51, 76)
        one.config.write_text("[not toml")
        await one.pilot.press("right", "enter")
        await one.shows("✗")
        assert one.server.house.routing.table.boundaries == (20, 51, 76)


async def test_an_edit_of_the_file_there_shows_up_here(tmp_path: Path):
    async with scene(tmp_path) as one:
        await one.pilot.press("r")
        await one.shows("up/small")
        one.config.write_text(one.config.read_text().replace("up/small", "up/smaller"))
        await one.shows("up/smaller", "changed elsewhere")


async def test_the_cache_is_switched_and_an_answer_called_wrong(tmp_path: Path):
    async with scene(tmp_path) as one:
        assert (await one.ask())["x-lynkr-cache"] == "exact"
        await so(one.pilot, lambda: one.dashboard.store.totals.hits == 1)
        one.dashboard.beat()
        await one.pilot.press("w")
        await one.tells("Forgotten")
        assert (await one.ask())["x-lynkr-cache"] == "miss"
        await one.pilot.press("c")
        await one.shows("cache off")
        await so(one.pilot, lambda: not one.server.house.cached_on)
        await one.pilot.press("c")
        await so(one.pilot, lambda: one.server.house.cached_on)


@pytest.mark.parametrize(("key", "status"), [("plus", 200), ("minus", 402)])
async def test_a_dear_request_waits_for_a_word_from_here(tmp_path: Path, key: str, status: int):
    async with scene(tmp_path, approval()) as one:
        await one.pilot.press("h")
        await so(one.pilot, lambda: one.server.house.approvals.on)
        call = one.server.house.tasks.spawn(ask(one.server, LONG), "ask")
        [id] = await waiting(one.server)
        await one.shows("1 wait: + lets go")
        await so(one.pilot, lambda: one.dashboard.store.place(id) is not None)
        while not call.done():
            await one.pilot.press(key)  # the first may only select it
            await one.pilot.pause(0.05)
        assert call.result()[0] == status
        await so(one.pilot, lambda: "1 wait" not in screen_of(one.dashboard))


async def test_the_past_is_the_proxys(tmp_path: Path):
    async with scene(tmp_path, before=2) as one:
        await one.pilot.press("s")
        await one.shows("By day", "billed in")
        past = one.dashboard.services.past
        async with asyncio.timeout(20):
            while (await asyncio.to_thread(past.totals)).requests < 2:
                await asyncio.sleep(0.05)
        rows = await asyncio.to_thread(past.savings, "tier")
        assert [(row.key, row.requests) for row in rows] == [("SIMPLE", 2)]
        await so(one.pilot, lambda: bool(one.dashboard.screen.query_one("#rows", Grid).rows))
        await one.pilot.press("enter")
        await one.shows("up/small", "2 exchanges")
        await one.pilot.press("enter")
        await one.shows("score")


async def test_the_providers_are_the_proxys_and_it_tests_them(tmp_path: Path):
    async with scene(tmp_path) as one:
        await one.pilot.press("p")
        await one.shows("up", "anthropic_compatible")
        await one.pilot.press("t")
        await one.shows("its list of models answered 500")


async def test_what_stays_on_the_proxys_machine_is_said(tmp_path: Path):
    async with scene(tmp_path) as one:
        await one.pilot.press("L")
        await one.shows("The proxy's own log stays on its machine", "lynkr-tui.log")


async def test_a_tool_is_left_alone_from_here(tmp_path: Path):
    async with scene(tmp_path, "[compression]\nnever = ['Grep']\n") as one:
        await one.pilot.press("b")
        await one.shows("Grep", "never compressed")
        await one.pilot.press("n")
        await so(one.pilot, lambda: one.server.house.config.compression.never == ())
        await one.tells("compressed again")
        await so(one.pilot, lambda: "never compressed" not in screen_of(one.dashboard))


@pytest.mark.parametrize("size", SIZES)
async def test_it_says_that_the_proxy_is_gone_and_nothing_is_pretended(
    tmp_path: Path, size: tuple[int, int]
):
    async with scene(tmp_path, size=size) as one:
        await one.server.stop()
        said = await one.shows("NOT CONNECTED", "again in")
        line = next(line for line in said.splitlines() if "NOT CONNECTED" in line)
        assert len(line) <= size[0]
        await one.shows("NOT CONNECTED", "Connection refused; ", "again in")
        await one.pilot.press("4")
        await one.tells("Not steered")
        assert "HELD" not in screen_of(one.dashboard)
        await one.pilot.press("s")
        await one.shows("not known at present")
        await one.pilot.press("p", "t")
        assert one.dashboard.failure is None


async def test_a_link_tells_of_nothing_while_it_holds(tmp_path: Path):
    async with scene(tmp_path) as one:
        link = one.dashboard.services.link
        assert isinstance(link, Link) and link.problem == "" and link.take() == []
