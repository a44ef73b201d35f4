"""What past traffic would have cost is worked out by the proxy that has it, and shown from afar."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from app.attach.far import Far, FarError
from app.attach.hub import Hub
from app.attach.what_if import FarWhatIf
from app.dashboard import Dashboard
from app.doors.what_if import WhatIfDoors
from app.holds.what_if import WhatIf
from app.widgets.outcome import OutcomeTable
from classifier.tiers import Tier
from proxy.past import what_if as judging
from proxy.providers.http import new_session
from proxy.routing.table import Target
from proxy.server import Server
from proxy.tasks import Tasks
from tests.app.attach.attaching import attached, following, shows, so
from tests.app.holds.test_what_if import ASKS
from tests.app.screen import SIZES, screen_of, text_of
from tests.proxy.control.test_api import call
from tests.proxy.past.test_replay import body, post
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

PRICES = """
[prices."up/small"]
input = 1.0
output = 2.0
[prices."up/middle"]
input = 100.0
output = 200.0
[prices."up/large"]
input = 1000.0
output = 2000.0
"""


@asynccontextmanager
async def busy(folder: Path) -> AsyncIterator[Server]:
    """A proxy with ten exchanges in its ledger, on three tiers."""
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(folder, config_for(upstream.url, more=PRICES)) as (server, _),
    ):
        for number, words in enumerate(ASKS):
            await post(server, body(words), x_lynkr_session=f"s{number}", x_lynkr_cache="off")
        async with asyncio.timeout(30):
            while await rows_of(server) < len(ASKS):
                await asyncio.sleep(0.05)
        yield server


async def rows_of(server: Server) -> int:
    here, table = WhatIf(server.house), server.house.routing.table
    await here.load()
    return (await here.outcome(table, table)).rows


async def test_the_answer_is_what_the_proxys_own_dashboard_is_told(tmp_path: Path):
    async with busy(tmp_path) as server, following(server.url) as given:
        here, table = WhatIf(server.house), server.house.routing.table
        await here.load()
        assert given.what_if is not None and await given.what_if.load()
        for after in (
            replace(table, boundaries=(40, 51, 76)),
            table.with_tier(Tier.SIMPLE, table.tiers[Tier.COMPLEX]),
            replace(table, weights=dict.fromkeys(given.routing.table.weights or {}, 1 / 13)),
        ):
            told = await given.what_if.outcome(table, after)
            assert told == await here.outcome(table, after)
            assert told.rows == len(ASKS) and sum(told.spread) == len(ASKS)
        moved = await given.what_if.outcome(table, replace(table, boundaries=(40, 51, 76)))
        assert moved.moved and moved.cost.after < moved.cost.before


async def test_prices_are_the_proxys(tmp_path: Path):
    async with busy(tmp_path) as server, following(server.url) as given:
        targets = [Target("up", "small"), Target("up", "deep"), Target("gone", "x")]
        assert given.what_if is not None
        told = await given.what_if.prices(targets)
        assert told == {targets[0]: (1.0, 2.0), targets[1]: None, targets[2]: None}


@pytest.mark.parametrize("size", SIZES)
async def test_a_draft_says_who_would_move_and_what_that_costs(
    tmp_path: Path, size: tuple[int, int]
):
    async with busy(tmp_path) as server, attached(server.url, size) as (dashboard, pilot):
        await pilot.press("r", "tab", *["shift+right"] * 6)
        shown = await shows(pilot, dashboard, "What if", "of 10 move", " → ~$")
        assert "MEDIUM → SIMPLE" in shown and "elsewhere" not in shown
        if size[1] > 20:
            await shows(pilot, dashboard, "$1.00 in, $2.00 out" if size[0] >= 100 else "$1/$2")
        await posted_once_more(server, dashboard, pilot)
        await pilot.press("escape")
        await so(pilot, lambda: not dashboard.screen.query_one(OutcomeTable).display)
        assert server.house.routing.table.boundaries == (20, 51, 76), "nothing is in force yet"


async def posted_once_more(server: Server, dashboard: Dashboard, pilot: Pilot[None]) -> None:
    """Traffic that comes in is counted in."""
    await post(server, body(ASKS[0]), x_lynkr_session="new", x_lynkr_cache="off")
    await so(pilot, lambda: "of 11 move" in screen_of(dashboard))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"after": {"boundaries": [1]}}, "after: "),
        ({"before": {"tiers": {"SIMPLE": "gone/x"}}}, "before: tiers.SIMPLE: provider 'gone'"),
        ({"after": {"force": [{"name": "n", "pattern": "(", "tier": "SIMPLE"}]}}, "after: force"),
        ({"after": []}, "after: the body must be a JSON object"),
        ({"then": {}}, "then: unknown key; use before and after"),
        ([], "object"),
    ],
)
async def test_a_table_that_is_none_says_why(tmp_path: Path, asked: object, why: str):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        status, said = await call("POST", f"{server.url}/lynkr/what-if", asked)
    assert status == 400 and why in said["error"]["message"]


@pytest.mark.parametrize("targets", [None, "up/small", ["nothing"], [1], ["up/m"] * 501])
async def test_what_names_no_model_has_no_price(tmp_path: Path, targets: object):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        status, said = await call("POST", f"{server.url}/lynkr/prices", {"targets": targets})
    assert status == 400 and said["error"]["message"].startswith("targets: ")


async def test_a_question_that_nobody_waits_for_is_dropped_and_the_next_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    dropped = asyncio.Event()
    loop, judge = asyncio.get_running_loop(), judging.outcome
    began = asyncio.Event()

    def endless(rows, before, after, price, economy, wanted):
        if after.boundaries != (1, 2, 3):
            return judge(rows, before, after, price, economy, wanted)
        loop.call_soon_threadsafe(began.set)
        while wanted():
            pass
        loop.call_soon_threadsafe(dropped.set)
        return None

    monkeypatch.setattr("app.holds.what_if.outcome", endless)
    async with busy(tmp_path) as server, new_session() as session:
        what_if = FarWhatIf(Hub(Far(server.url, session), Tasks()))
        table = server.house.routing.table
        async with asyncio.TaskGroup() as group:
            older = replace(table, boundaries=(1, 2, 3))
            asking = group.create_task(what_if.outcome(table, older))
            await asyncio.wait_for(began.wait(), 20)
            asking.cancel()
        await asyncio.wait_for(dropped.wait(), 20)
        assert (await what_if.outcome(table, table)).rows == len(ASKS)


async def test_the_screen_says_so_where_the_proxy_is_older_and_edits_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(WhatIfDoors, "routes", lambda self: [])
    async with busy(tmp_path) as server, attached(server.url, (80, 24)) as (dashboard, pilot):
        await pilot.press("r", "tab", "right")
        await so(pilot, lambda: "is older and can't do this from afar" in told(dashboard))
        assert "bring it up to date" in told(dashboard)
        with pytest.raises(FarError, match="is older"):
            assert dashboard.services.what_if is not None
            await dashboard.services.what_if.prices([])
        await pilot.press("enter")
        await so(pilot, lambda: server.house.routing.table.boundaries == (21, 51, 76))


def told(dashboard: Dashboard) -> str:
    return " ".join(text_of(dashboard.screen.query_one(OutcomeTable)).split())


async def test_the_doors_open_to_no_foreign_page(tmp_path: Path):
    async with (
        proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _),
        aiohttp.ClientSession() as session,
    ):
        for path in ("/lynkr/what-if", "/lynkr/prices"):
            for header in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
                async with session.post(server.url + path, data=b"{}", headers=header) as answer:
                    assert answer.status == 403, path
