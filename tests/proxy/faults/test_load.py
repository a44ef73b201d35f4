"""Too much at once is turned away with a time to come back, and nothing else suffers by it."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import anthropic
import openai
import orjson
import pytest

from app.dashboard import Dashboard
from proxy.dialects.table import DIALECTS
from proxy.events import Completed
from tests.app.screen import services_of
from tests.proxy.faults import upstreams
from tests.proxy.faults.talk import ASKED, ask
from tests.proxy.faults.test_client import QUIET, at_rest, until
from tests.proxy.test_server import post
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

MEBIBYTE = 2**20


@asynccontextmanager
async def busy(folder: Path, limits: str, holds: int, text: str = "Hello"):
    """A proxy with `holds` requests under way, and what lets them go on."""
    go = asyncio.Event()

    async def waits(request, sent):
        await go.wait()
        return await upstreams.well(request, sent)

    more = f"{QUIET}[load]\n{limits}\n"
    async with (
        Upstream(waits) as upstream,
        proxy(folder, config_for(upstream.url, more=more)) as (server, heard),
    ):
        said = [{"role": "user", "content": text}]
        body = orjson.dumps({**ASKED["anthropic"], "messages": said})
        held = asyncio.gather(*(post(f"{server.url}/v1/messages", body) for _ in range(holds)))
        await until(lambda: len(upstream.sent) == holds)
        yield server, heard, go
        go.set()
        assert [status for status, *_ in await held] == [200] * holds
        await until(lambda: at_rest(server))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("streamed", [False, True])
async def test_one_request_too_many_is_told_when_to_come_back(
    dialect: str, streamed: bool, tmp_path: Path
):
    async with busy(tmp_path, "requests = 3", holds=3) as (server, heard, go):
        got = await ask(server, dialect, streamed)
        assert (got.status, got.headers["retry-after"]) == (503, "2")
        assert "3 requests" in got.error and "[load]" in got.error
        _, _, said = await _get(f"{server.url}/lynkr/health")
        assert (said["in_flight"], said["turned_away"]) == (3, 1)
        go.set()
        await until(lambda: at_rest(server))
        assert (await ask(server, dialect, streamed)).whole
        assert len(heard.of(Completed)) == 4


async def test_bodies_that_are_too_much_together_are_turned_away_unread(tmp_path: Path):
    async with busy(tmp_path, "megabytes = 1", 1, "x" * (MEBIBYTE - 5_000)) as (server, _, go):
        status, headers, _ = await post(f"{server.url}/v1/messages", b" " * 10_000)
        assert (status, headers["retry-after"]) == (503, "2")
        go.set()
        assert (await ask(server, "anthropic", False)).whole, "a small one has room"


async def test_a_body_in_chunks_counts_once_it_is_there(tmp_path: Path):
    async def chunks():
        yield b" " * MEBIBYTE

    async with busy(tmp_path, "megabytes = 1", holds=0) as (server, *_):
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{server.url}/v1/messages", data=chunks()) as answer,
        ):
            assert answer.status == 400, "alone it has its place"
        assert server.house.load.size == 0


async def test_the_sdks_know_it_for_what_it_is(tmp_path: Path):
    async with busy(tmp_path, "requests = 1", holds=1) as (server, *_):
        claude = anthropic.AsyncAnthropic(base_url=server.url, api_key="none", max_retries=0)
        with pytest.raises(anthropic.InternalServerError) as raised:
            await claude.messages.create(**{**ASKED["anthropic"], "model": "any"})
        assert raised.value.response.headers["retry-after"] == "2"
        gpt = openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)
        with pytest.raises(openai.InternalServerError):
            await gpt.chat.completions.create(**ASKED["openai_chat"])
        with pytest.raises(openai.InternalServerError):
            await gpt.responses.create(**ASKED["openai_responses"])


async def test_the_dashboard_stays_alive_while_hundreds_are_turned_away(tmp_path: Path):
    async with busy(tmp_path, "requests = 20", holds=20) as (server, *_):
        dashboard = Dashboard(services_of(server))
        async with dashboard.run_test(size=(120, 40)) as pilot:
            flood = asyncio.gather(*(ask(server, "anthropic", True) for _ in range(300)))
            for key, screen in ("r", "RoutingScreen"), ("s", "HistoryScreen"), ("l", "LiveScreen"):
                await pilot.press(key)
                await pilot.pause()
                assert type(dashboard.screen).__name__ == screen
            assert {got.status for got in await flood} == {503}
            assert server.house.load.shed == 300


async def _get(url: str):
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, answer.headers, orjson.loads(await answer.read())
