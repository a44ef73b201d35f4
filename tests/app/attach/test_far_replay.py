"""`R` on an attached dashboard: the proxy sends it again, both answers are read from afar."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from app.doors.replay import NOBODY, ReplayDoors
from app.holds.replayer import Replayer
from app.replayed import RUNS
from classifier.tiers import Tier
from proxy.server import Server
from tests.app.attach.attaching import attached, following, shows, so
from tests.app.attach.test_attached import Scene
from tests.app.attach.test_far import TOKEN, guarded
from tests.app.scene import begin
from tests.app.screen import SIZES, screen_of
from tests.app.test_replay_screen import told
from tests.proxy.control.test_api import call
from tests.proxy.past.test_replay import (
    OWN_AND_CALLERS,
    PRICES,
    READ,
    body,
    names_itself,
    post,
    rows_in,
)
from tests.support import messages
from tests.support.program import serve
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Sent, Upstream

CALLERS = "caller-canary-of-a-key"


@asynccontextmanager
async def stage(
    folder: Path, size: tuple[int, int] = (120, 40), more: str = PRICES
) -> AsyncIterator[Scene]:
    """A proxy with a dashboard attached to it that nothing was asked of yet."""
    async with (
        Upstream(names_itself) as upstream,
        proxy(folder, config_for(upstream.url, more=more)) as (server, _),
        attached(server.url, size) as (dashboard, pilot),
    ):
        await so(pilot, lambda: server.house.recent.wanted == 1)
        yield Scene(server, upstream, dashboard, pilot, folder / "config.toml")


async def opened(one: Scene) -> None:
    """Open the newest exchange's replay, up to its offers."""
    await so(one.pilot, lambda: one.dashboard.store.totals.done > 0)
    one.dashboard.beat()
    await one.pilot.press("R")
    await so(one.pilot, lambda: "which is billed" in words(one))


@pytest.mark.parametrize("size", SIZES)
async def test_both_answers_stand_side_by_side(tmp_path: Path, size: tuple[int, int]):
    async with stage(tmp_path, size) as one:
        await post(one.server, body("hello", tools=[READ], stream=True))
        await opened(one)
        await so(one.pilot, lambda: "I am small" in told(one.dashboard, "#then"))
        assert "Not sent" in told(one.dashboard, "#now") and len(one.upstream.sent) == 1
        await one.pilot.press("4")
        await so(one.pilot, lambda: "up/deep: about $0.0" in words(one))
        await one.pilot.press("enter")
        await so(one.pilot, lambda: "I am deep" in told(one.dashboard, "#now"))
        for side in ("#then", "#now"):
            said = told(one.dashboard, side)
            assert "$0.00" in said and "25 out" in said and '▸ Read {"path":"a.py"}' in said
        assert [sent.body["model"] for sent in one.upstream.sent] == ["small", "deep"]
        await one.pilot.press("escape")
        assert one.dashboard.current_mode == "live"


def words(one: Scene) -> str:
    return " ".join(screen_of(one.dashboard).split())


async def test_what_is_told_is_what_the_proxys_own_dashboard_is_told(tmp_path: Path):
    async with stage(tmp_path) as one:
        id = await post(one.server, body("hello", tools=[READ]))
        await so(one.pilot, lambda: one.dashboard.store.totals.done == 1)
        here, row = Replayer(one.server.house), one.dashboard.store.row(id)
        there = one.dashboard.services.replays
        assert row is not None and there is not None
        assert await there.look(row) == await here.look(row)
        assert await there.answer(id) == await here.answer(id)


async def test_texts_are_held_while_one_is_attached_and_forgotten_with_the_last(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        recent = server.house.recent
        before = await post(server, body("hello"))
        async with following(server.url):
            async with following(server.url):
                await eventually(lambda: recent.wanted == 2)
            await eventually(lambda: recent.wanted == 1)
            during = await post(server, body("hello again"))
            assert recent.find(before) is None and recent.find(during) is not None
        await eventually(lambda: recent.wanted == 0)
        assert recent.find(during) is None and recent.size == 0
        url = f"{server.url}/lynkr/exchanges/{during}/answer"
        status, said = await call("GET", url)
        assert status == 409 and "is not held" in said["error"]["message"]


async def eventually(true) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


async def test_where_its_text_is_not_held_the_key_says_why(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        await post(server, body("hello"))
        async with attached(server.url) as (dashboard, pilot):
            one = Scene(server, upstream, dashboard, pilot, tmp_path)
            await so(pilot, lambda: dashboard.store.totals.done == 1)
            dashboard.beat()
            await pilot.press("R")
            await one.tells("keep_text = true")
            assert dashboard.current_mode == "live"


async def test_what_is_kept_can_be_replayed_without_anybody_attached(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url, more="[ledger]\nkeep_text = true\n")) as made,
    ):
        server, _ = made
        id = await post(server, body("hello"))
        ledger = server.house.ledger_path
        await eventually(lambda: rows_in(ledger, "texts") and rows_in(ledger, "exchanges"))
        url = f"{server.url}/lynkr/exchanges"
        status, said = await call("POST", f"{url}/{id}/replay", {"tier": "REASONING"})
        assert status == 200
        async with asyncio.timeout(20):
            while (got := await call("GET", f"{url}/{said['id']}/answer"))[0] == 409:
                await asyncio.sleep(0.02)
        assert got == (
            200,
            {"parts": [{"kind": "text", "text": "I am deep"}], "more": False, "why": ""},
        )


async def test_what_was_said_stays_while_the_proxy_is_away_and_nothing_is_sent(tmp_path: Path):
    async with stage(tmp_path) as one:
        await post(one.server, body("hello"))
        await opened(one)
        await one.pilot.press("4", "enter")
        await so(one.pilot, lambda: "I am deep" in told(one.dashboard, "#now"))
        await one.server.stop()
        await one.pilot.press("enter")
        await one.tells(one.server.url)
        await so(one.pilot, lambda: f"nothing answers at {one.server.url}" in words(one))
        assert "pick another tier" not in words(one), "there is none"
        assert "I am small" in told(one.dashboard, "#then")
        assert "I am deep" in told(one.dashboard, "#now")


async def test_it_can_be_sent_again_once_the_proxy_is_back(tmp_path: Path):
    async with Upstream(names_itself) as upstream:
        config = config_for(upstream.url, more=f"{PRICES}[ledger]\nkeep_text = true\n")
        async with serve(tmp_path, config) as first, attached(first.url) as (dashboard, pilot):
            await call("POST", f"{first.url}/v1/messages", body("hello"))
            await so(pilot, lambda: dashboard.store.totals.done == 1)
            dashboard.beat()
            await pilot.press("R")
            await shows(pilot, dashboard, "which is billed")
            first.process.terminate()  # it writes its ledger to the end
            await shows(pilot, dashboard, "nothing answers", "I am small")
            port = first.url.rpartition(":")[2]
            async with serve(tmp_path, config, "--port", port):
                await shows(pilot, dashboard, "which is billed", "I am small")
                await pilot.press("4", "enter")
                await so(pilot, lambda: "I am deep" in told(dashboard, "#now"))


async def test_a_proxy_without_these_doors_is_said_to_be_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ReplayDoors, "routes", lambda self: [])
    async with stage(tmp_path) as one:
        await post(one.server, body("hello"))
        await so(one.pilot, lambda: one.dashboard.store.totals.done == 1)
        one.dashboard.beat()
        await one.pilot.press("R")
        await one.tells("is older and can't do this from afar: bring it up to date")


DOORS = (("GET", "replay"), ("POST", "replay"), ("GET", "answer"))


async def test_the_doors_name_what_they_can_not_do(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        url, tier = f"{server.url}/lynkr/exchanges", {"tier": "SIMPLE"}
        runs = begin(server.house.bus.publish)
        for method, name in DOORS:
            for id, why in (("nobody", NOBODY), (runs, RUNS)):
                status, said = await call(method, f"{url}/{id}/{name}", tier)
                assert (status, said["error"]["message"]) == (409, why)
        wrongs: list[object] = [{}, {"tier": "HIGH"}, {"tier": 1}, []]
        for wrong in wrongs:
            status, said = await call("POST", f"{url}/{runs}/replay", wrong)
            assert status == 400 and "must be" in said["error"]["message"]
        status, said = await call("GET", f"{server.url}/lynkr/events?hold=all")
        assert status == 400 and "hold" in said["error"]["message"]


async def test_the_doors_open_to_no_foreign_page_and_to_no_one_without_the_token(tmp_path: Path):
    foreign = ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"})
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        for method, name in DOORS:
            for header in (*foreign, {"Host": "evil.example"}):
                url = f"{server.url}/lynkr/exchanges/x/{name}"
                assert (await call(method, url, {"tier": "SIMPLE"}, **header))[0] == 403
    (tmp_path / "far").mkdir()
    async with guarded(tmp_path / "far") as server:
        for method, name in DOORS:
            url = f"http://127.0.0.1:{server.port}/lynkr/exchanges/x/{name}"
            assert (await call(method, url, {"tier": "SIMPLE"}))[0] == 401
            header = {"x-lynkr-token": TOKEN}
            assert (await call(method, url, {"tier": "SIMPLE"}, **header))[0] == 409


@dataclass
class Ears:
    """What every door says of some exchanges, and what the event stream told meanwhile."""

    server: Server
    heard: bytearray

    async def ask_all(self, session: aiohttp.ClientSession, ids: list[str]) -> bytes:
        paths = ["state", "health", "history", "exchanges", "spending", "routing", "../metrics"]
        paths += [f"exchanges/{id}{what}" for id in ids for what in ("", "/replay", "/answer")]
        said = bytearray(self.heard)
        for path in paths:
            async with session.get(f"{self.server.url}/lynkr/{path}") as got:
                said += await got.read()
        return bytes(said)


async def repeats(request: web.Request, sent: Sent) -> web.StreamResponse:
    """An upstream that repeats its headers in an answer that is none of an error."""
    seen = f"I am {sent.body['model']} and got {sent.headers}"
    return await messages.reply(request, sent, [messages.text(seen)])


async def test_a_callers_key_goes_to_its_provider_again_and_through_no_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OWN_KEY", "own-canary-of-a-key")
    async with (
        Upstream(names_itself) as own,
        Upstream(repeats) as callers,
        proxy(tmp_path, OWN_AND_CALLERS.format(own.url, callers.url)) as (server, _),
        attached(server.url) as (dashboard, pilot),
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/lynkr/events?hold=texts") as feed,
    ):
        ears = Ears(server, bytearray())

        async def hear() -> None:
            async for chunk in feed.content.iter_any():
                ears.heard.extend(chunk)

        server.house.tasks.spawn(hear(), "ears")
        await so(pilot, lambda: server.house.recent.wanted == 2)
        first = await post(server, body("hello"), x_api_key=CALLERS)
        await so(pilot, lambda: dashboard.store.totals.done == 1)
        row, replays = dashboard.store.row(first), dashboard.services.replays
        assert row is not None and replays is not None
        ids = [first]
        for tier in (Tier.COMPLEX, Tier.REASONING):
            ids.append(await replays.begin(row, tier))
            await so(pilot, lambda: dashboard.store.totals.done == len(ids))
        said = await ears.ask_all(session, ids)
    assert len(callers.sent) == 2 and len(own.sent) == 1
    assert all(CALLERS in str(one.headers) for one in callers.sent), "it was replayed with the key"
    assert b"I am large" in said and b"I am deep" in said and b"[secret]" in said
    assert re.findall(rb"[\w-]*canary[\w-]*", said) == []
