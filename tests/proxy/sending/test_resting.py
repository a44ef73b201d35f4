"""A provider that fails too often rests for a while: its breaker, on real sockets."""

import asyncio
from pathlib import Path

import orjson
from aiohttp import ClientSession

from proxy.control.wire_events import as_line
from proxy.events import BreakerChanged, Failed
from proxy.providers.breaker import MOST_FAILURES, PAUSE, Breakers
from proxy.server import Server
from tests.proxy.sends import CHAT, STREAM, ask, row_of, two
from tests.proxy.test_server import QUESTION, post
from tests.support import messages
from tests.support.scripted import in_turn, late, refusal, says
from tests.support.upstream import stream


async def broken(server: Server, times: int = MOST_FAILURES) -> None:
    for _ in range(times):
        await ask(server)


async def test_five_failures_open_the_breaker_and_a_clear_503_follows(tmp_path: Path):
    more = "[retry]\ntimes = 0\n"
    async with two(tmp_path, refusal(500, "out of memory"), more=more) as (server, heard, up, _):
        await broken(server)
        status, headers, got = await ask(server)
        error = orjson.loads(got)["error"]
        assert status == 503 and len(up.sent) == MOST_FAILURES
        assert error["type"] == "overloaded_error"
        assert "provider up" in error["message"] and "tried again in" in error["message"]
        assert "out of memory" in error["message"]
        assert 0 < int(headers["retry-after"]) <= PAUSE
        (changed,) = heard.of(BreakerChanged)
        assert isinstance(changed, BreakerChanged)
        assert (changed.standing.provider, changed.standing.state) == ("up", "open")
        assert server.house.breakers.states()["up"].state == "open"
        _, _, got = await post(f"{server.url}/v1/chat/completions", CHAT)
        assert orjson.loads(got)["error"]["code"] == "overloaded"


async def test_how_breakers_stand_can_be_read_and_every_event_be_written(tmp_path: Path):
    async with two(tmp_path, refusal(500), says("spare")) as (server, heard, _, _):
        await broken(server)
        async with ClientSession() as session:
            async with session.get(f"{server.url}/lynkr/health") as said:
                up, spare = (await said.json())["breakers"]
            async with session.get(f"{server.url}/metrics") as said:
                counts = (await said.text()).splitlines()
        assert (up["provider"], up["state"], up["failures"]) == ("up", "open", MOST_FAILURES)
        assert 0 < up["wait"] <= PAUSE and (spare["provider"], spare["state"]) == (
            "spare",
            "closed",
        )
        assert {
            'lynkr_retries_total{provider="up"} 10',
            'lynkr_fallbacks_total{provider="up"} 5',
            'lynkr_breaker_open{provider="up"} 1',
        } <= set(counts)
        lines = [orjson.loads(as_line(event)) for event in heard]
        told = {line["event"]: line for line in lines}
        assert told["Retried"]["target"] == told["FellBack"]["source"] == "up/small"
        assert told["FellBack"]["target"] == "spare/other"
        assert told["BreakerChanged"]["standing"]["state"] == "open"


async def test_an_open_breaker_sends_to_the_fallback_without_asking(tmp_path: Path):
    async with two(tmp_path, refusal(500), says("spare")) as (server, heard, up, spare):
        await broken(server)
        asked = len(up.sent)
        status, headers, _ = await ask(server)
        assert (status, headers["x-lynkr-provider"]) == (200, "spare")
        assert len(up.sent) == asked
        assert any("rests after failures" in step for step in row_of(heard).steps)


async def test_refusals_never_open_it(tmp_path: Path):
    first = in_turn(*(refusal(s) for s in (400, 401, 404, 413, 422, 429) * 3), says("ok"))
    async with two(tmp_path, first, more="[retry]\ntimes = 0\n") as (server, heard, _, _):
        await broken(server, 18)
        assert (await ask(server))[0] == 200 and not heard.of(BreakerChanged)


async def test_a_count_tokens_404_does_not_either(tmp_path: Path):
    async with two(tmp_path, refusal(404)) as (server, heard, _, _):
        for _ in range(8):
            await post(f"{server.url}/v1/messages/count_tokens", QUESTION)
        assert not heard.of(BreakerChanged) and server.house.breakers.ready("up")


async def test_after_the_pause_one_probe_closes_it(tmp_path: Path):
    first = in_turn(*[refusal(500)] * MOST_FAILURES, says("recovered"))
    now = 1000.0
    async with two(tmp_path, first, more="[retry]\ntimes = 0\n") as (server, heard, up, _):
        house = server.house
        house.breakers = Breakers(house._tell_breaker, lambda: now)
        await broken(server)
        assert (await ask(server))[0] == 503
        now += PAUSE
        assert (await ask(server))[0] == 200
        states = [e.standing.state for e in heard if isinstance(e, BreakerChanged)]
        assert states == ["open", "half-open", "closed"]


async def test_a_probe_is_one_call_and_a_client_that_leaves_it_makes_room(tmp_path: Path):
    first = in_turn(*[refusal(500)] * (MOST_FAILURES + 1), late(5, says("late")), says("ok"))
    now = 1000.0
    async with two(tmp_path, first, more="[retry]\ntimes = 0\n") as (server, heard, up, _):
        house = server.house
        house.breakers = Breakers(house._tell_breaker, lambda: now)
        await broken(server)
        more = house.config.retry.model_copy(update={"times": 2, "seconds": 0.1})
        house.config = house.config.model_copy(update={"retry": more})
        now += PAUSE
        assert (await ask(server))[0] == 500 and len(up.sent) == MOST_FAILURES + 1
        now += PAUSE
        asking = asyncio.ensure_future(ask(server))  # noqa: TID251
        while len(up.sent) < MOST_FAILURES + 2:
            await asyncio.sleep(0.01)
        assert (await ask(server))[0] == 503
        asking.cancel()
        while len(heard.of(Failed)) < MOST_FAILURES + 3:
            await asyncio.sleep(0.01)
        assert (await ask(server))[0] == 200


async def test_a_stream_that_breaks_off_counts(tmp_path: Path):
    async def cuts(request, sent):
        return await stream(request, messages.events("m", [messages.text("Half")])[:3], end=False)

    async with two(tmp_path, cuts) as (server, _, _, _):
        await ask(server, STREAM)
        assert server.house.breakers.states()["up"].failures == 1
