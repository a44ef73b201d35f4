"""Dashboard, proxy and upstream together: a request shows up, and a key press steers the next."""

from pathlib import Path

import aiohttp
import orjson

from app.dashboard import Dashboard
from app.holds.past import LedgerPast
from app.services import DashboardServices
from proxy.providers.breaker import MOST_FAILURES
from proxy.server import Server
from tests.proxy.sends import two
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.scripted import refusal, says
from tests.support.upstream import Upstream


async def ask(url: str, words: str) -> dict[str, str]:
    body = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": words}],
    }
    headers = {"x-claude-code-session-id": "5e55-10", "user-agent": "claude-cli/2.1"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/v1/messages", data=orjson.dumps(body), headers=headers) as answer,
    ):
        await answer.read()
        return {name.lower(): value for name, value in answer.headers.items()}


def dashboard_of(server: Server) -> Dashboard:
    house = server.house
    services = DashboardServices(
        bus=house.bus,
        routing=house.routing,
        save=house.save,
        past=LedgerPast(house.ledger_path),
        base_url=server.url,
    )
    return Dashboard(services)


async def test_a_request_shows_its_13_parts_and_key_4_steers_the_next_one(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        app = dashboard_of(server)
        async with app.run_test(size=(140, 45)) as pilot:
            first = await ask(server.url, "What is the capital of France?")
            assert first["x-lynkr-tier"] == "SIMPLE"
            await pilot.pause(0.6)
            row = app.store.rows[-1]
            assert (row.session, row.client, row.state) == ("5e55-10", "claude-code", "done")
            assert len(row.parts) == 13
            screen = app.export_screenshot().replace("&#160;", " ")
            for part in row.parts:
                assert part.dimension.replace("_", " ") in screen
            await pilot.press("4")
            await pilot.pause()
            second = await ask(server.url, "What is the capital of Spain?")
            assert (second["x-lynkr-tier"], second["x-lynkr-reason"]) == ("REASONING", "override")
            assert upstream.sent[-1].body["model"] == "deep"
            await pilot.press("0")
            await pilot.pause()
            third = await ask(server.url, "What is the capital of Italy?")
            assert third["x-lynkr-tier"] == "SIMPLE"


async def test_a_provider_that_keeps_failing_shows_as_down_and_what_fell_back_is_marked(
    tmp_path: Path,
):
    more = "[retry]\ntimes = 1\nseconds = 0.1\n"
    async with two(tmp_path, refusal(503, "no capacity"), says("hello"), more=more) as (server, *_):
        app = dashboard_of(server)
        async with app.run_test(size=(120, 40)) as pilot:
            for _ in range(MOST_FAILURES):
                answer = await ask(server.url, "What is the capital of France?")
                assert answer["x-lynkr-provider"] == "spare"
            await pilot.pause(0.6)
            screen = app.export_screenshot().replace("&#160;", " ")
            assert "▼ DOWN" in screen and "no capacity" in screen and "tried again in" in screen
            assert "↳" in screen and "fell back" in screen
            row = app.store.rows[-1]
            assert (row.retries, row.fell_back, row.provider) == (1, True, "spare")
