"""Retries, fallbacks, breakers and time limits on real sockets: nothing after the first byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession

from proxy import pulse
from proxy.breaker import MOST_FAILURES, PAUSE, Breakers
from proxy.events import BreakerChanged, Completed, Failed, FellBack, Retried
from proxy.record import Fold, Record
from proxy.server import Server
from proxy.wire_events import as_line
from tests.proxy.test_server import QUESTION, post
from tests.support import messages
from tests.support.proxy import Heard, proxy
from tests.support.scripted import halting, hangs_up, in_turn, late, refusal, says
from tests.support.upstream import Answer, Upstream, stream

STREAM = {**QUESTION, "stream": True}
CHAT = {"model": "gpt-5", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}
QUICK = "[retry]\nseconds = 0.2\n"


def config(first: str, second: str = "", more: str = QUICK, timeout: str = "{}") -> str:
    """Every tier at `first`; SIMPLE falls back to `second`, a Chat provider, where there is one."""
    rows = [f'[providers.up]\nkind = "anthropic_compatible"\nbase_url = "{first}"']
    rows[0] += f"\ntimeout = {timeout}"
    if second:
        rows.append(f'[providers.spare]\nkind = "openai_compatible"\nbase_url = "{second}"')
    tiers = 'SIMPLE = "up/small"\nMEDIUM = "up/middle"\nCOMPLEX = "up/large"\nREASONING = "up/deep"'
    fallback = 'fallback = { SIMPLE = ["spare/other"] }' if second else ""
    return "\n".join([*rows, "[cache]\nexact = false", "[tiers]", tiers, fallback, more])


@asynccontextmanager
async def two(
    folder: Path, first: Answer, second: Answer | None = None, **settings: str
) -> AsyncIterator[tuple[Server, Heard, Upstream, Upstream]]:
    """A proxy before one upstream, with a second one to fall back to where that is scripted."""
    async with Upstream(first) as up, Upstream(second or says("never asked")) as spare:
        text = config(up.url, spare.url if second else "", **settings)
        async with proxy(folder, text) as (server, heard):
            yield server, heard, up, spare


async def ask(server: Server, body: Any = QUESTION, **headers: str) -> tuple[int, Any, bytes]:
    return await post(f"{server.url}/v1/messages", body, **headers)


def row_of(heard: Heard) -> Record:
    fold = Fold()
    rows = [row for event in list(heard) if (row := fold(event))]
    return rows[-1]


# Retries


@pytest.mark.parametrize("first", [refusal(s) for s in (408, 409, 429, 500, 503, 529)] + [hangs_up])
@pytest.mark.parametrize("body", [QUESTION, STREAM])
async def test_what_can_pass_is_tried_again(tmp_path: Path, first: Answer, body: Any):
    async with two(tmp_path, in_turn(first, says("at last"))) as (server, heard, up, _):
        status, _, got = await ask(server, body)
        assert status == 200 and b"at last" in got
        assert len(up.sent) == 2 and up.sent[0].raw == up.sent[1].raw
        assert len(heard.of(Retried)) == 1
        assert any("tried again" in step for step in row_of(heard).steps)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_what_stays_is_told_at_once_and_verbatim(tmp_path: Path, status: int):
    async with two(tmp_path, refusal(status, "because")) as (server, heard, up, _):
        got = await ask(server)
        assert got[0] == status and orjson.loads(got[2])["error"]["message"] == "because"
        assert len(up.sent) == 1 and not heard.of(Retried)


async def test_tries_are_bounded_and_the_last_refusal_comes_back(tmp_path: Path):
    async with two(tmp_path, refusal(529, "Overloaded")) as (server, heard, up, _):
        status, _, got = await ask(server)
        assert status == 529 and b"Overloaded" in got
        assert len(up.sent) == 3 and len(heard.of(Retried)) == 2
        assert len(heard.of(Failed)) == 1


@pytest.mark.parametrize("after", ["0.15", "a date"])
async def test_a_short_retry_after_is_waited_for(tmp_path: Path, after: str):
    after = after if after == "0.15" else formatdate(time() + 0.9, usegmt=True)
    first = refusal(429, retry_after=after)
    more = "[retry]\nseconds = 1.2\n"
    async with two(tmp_path, in_turn(first, says("ok")), more=more) as (server, heard, _, _):
        status, _, _ = await ask(server)
        (retried,) = heard.of(Retried)
        assert isinstance(retried, Retried)
        assert status == 200 and "429" in retried.why and retried.wait <= 1.2
        if after == "0.15":
            assert retried.wait == 0.15


async def test_a_long_retry_after_goes_to_the_client_at_once(tmp_path: Path):
    async with two(tmp_path, refusal(429, "slow down", retry_after="60")) as (server, _, up, _):
        status, headers, got = await ask(server)
        assert (status, headers["retry-after"]) == (429, "60")
        assert orjson.loads(got)["error"]["message"] == "slow down"
        assert len(up.sent) == 1


async def test_a_stream_that_begins_with_an_error_is_tried_again(tmp_path: Path):
    event = messages.event("error", error={"type": "overloaded_error", "message": "Overloaded"})

    async def breaks(request, sent):
        return await stream(request, [event])

    async with two(tmp_path, in_turn(breaks, says("ok"))) as (server, heard, up, _):
        status, _, got = await ask(server, STREAM)
        assert status == 200 and b"Overloaded" not in got and b"message_stop" in got
        assert len(up.sent) == 2


async def test_nothing_is_tried_again_after_the_first_byte(tmp_path: Path):
    async def cuts(request, sent):
        return await stream(request, messages.events("m", [messages.text("Half")])[:3], end=False)

    async with two(tmp_path, cuts, says("other")) as (server, heard, up, spare):
        _, _, got = await ask(server, STREAM)
        assert b"Half" in got and b"event: error" in got and b"other" not in got
        assert (len(up.sent), len(spare.sent)) == (1, 0)
        assert not heard.of(Retried) and not heard.of(FellBack)


async def test_a_client_that_leaves_while_it_is_waited_ends_the_tries(tmp_path: Path):
    first = refusal(429, retry_after="5")
    async with two(tmp_path, first, more="") as (server, heard, up, _):
        asking = asyncio.ensure_future(ask(server))  # noqa: TID251
        while not heard.of(Retried):
            await asyncio.sleep(0.01)
        asking.cancel()
        while not heard.of(Failed):
            await asyncio.sleep(0.01)
        assert len(up.sent) == 1
        assert server.house.breakers.ready("up")


# Fallbacks


@pytest.mark.parametrize(
    ("first", "calls"),
    [
        (refusal(429, retry_after="60"), 1),
        (refusal(529), 3),
        (refusal(401), 1),
        (refusal(404), 1),
        (hangs_up, 3),
    ],
)
@pytest.mark.parametrize("body", [QUESTION, STREAM])
async def test_the_fallback_answers_and_is_named(
    tmp_path: Path, first: Answer, calls: int, body: Any
):
    async with two(tmp_path, first, says("from the spare")) as (server, heard, up, spare):
        status, headers, got = await ask(server, body)
        assert status == 200 and b"from the spare" in got and b'"type":"message"' in got
        assert (headers["x-lynkr-provider"], headers["x-lynkr-model"]) == ("spare", "other")
        assert headers["x-lynkr-tier"] == "SIMPLE"
        assert len(up.sent) == calls
        assert spare.sent[0].path == "/v1/chat/completions"
        assert spare.sent[0].body["model"] == "other"
        row = row_of(heard)
        assert (row.provider, row.model, row.state) == ("spare", "other", "done")
        assert any("fell back to spare/other" in step for step in row.steps)
        assert len(heard.of(FellBack)) == len(heard.of(Completed)) == 1


async def test_a_bad_request_is_bad_everywhere(tmp_path: Path):
    async with two(tmp_path, refusal(400), says("never")) as (server, heard, _, spare):
        status, headers, _ = await ask(server)
        assert (status, headers["x-lynkr-provider"]) == (400, "up")
        assert not spare.sent and not heard.of(FellBack)


async def test_where_all_fail_the_last_refusal_is_told_in_the_clients_dialect(tmp_path: Path):
    async with two(tmp_path, refusal(529), refusal(500, "also broken")) as (server, _, _, spare):
        status, headers, got = await ask(server)
        error = orjson.loads(got)["error"]
        assert (status, headers["x-lynkr-provider"]) == (500, "spare")
        assert error == {"type": "api_error", "message": "also broken"}
        assert len(spare.sent) == 3


async def test_other_tiers_and_models_asked_for_by_name_have_no_fallback(tmp_path: Path):
    async with two(tmp_path, refusal(529), says("never")) as (server, heard, _, spare):
        for asked in ("lynkr/medium", "up/elsewhere"):
            assert (await ask(server, {**QUESTION, "model": asked}))[0] == 529
        assert not spare.sent and not heard.of(FellBack)


async def test_the_callers_own_refused_credential_is_its_own_matter(tmp_path: Path):
    async with two(tmp_path, refusal(401, "expired"), says("never")) as (server, heard, up, spare):
        path = server.house.config.providers["up"]
        own = path.model_copy(update={"key": "client"})
        rows = {**server.house.config.providers, "up": own}
        server.house.config = server.house.config.model_copy(update={"providers": rows})
        status, _, got = await ask(server)
        assert status == 401 and b"expired" in got and not spare.sent


async def test_the_next_request_asks_the_tiers_own_model_again(tmp_path: Path):
    first = in_turn(refusal(404), says("back again"))
    async with two(tmp_path, first, says("spare")) as (server, _, _, _):
        assert (await ask(server))[1]["x-lynkr-provider"] == "spare"
        assert (await ask(server))[1]["x-lynkr-provider"] == "up"


async def test_what_a_fallback_answered_is_not_cached_for_the_model_that_did_not(tmp_path: Path):
    more = QUICK
    async with Upstream(in_turn(refusal(404), says("own"))) as up, Upstream(says("spare")) as spare:
        text = config(up.url, spare.url, more).replace("exact = false", "exact = true")
        async with proxy(tmp_path, text) as (server, _):
            assert b"spare" in (await ask(server))[2]
            _, headers, got = await ask(server)
            assert headers["x-lynkr-cache"] == "miss" and b"own" in got
            _, headers, got = await ask(server)
            assert headers["x-lynkr-cache"] == "exact" and b"own" in got


# Breakers


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


# Time limits and pings


async def test_no_first_byte_in_time_goes_to_the_fallback(tmp_path: Path):
    async with two(
        tmp_path, late(5, says("late")), says("spare"), timeout="{ first_byte = 0.1 }"
    ) as (server, heard, up, _):
        status, headers, _ = await ask(server, STREAM)
        assert (status, headers["x-lynkr-provider"], len(up.sent)) == (200, "spare", 1)
        (fell,) = heard.of(FellBack)
        assert isinstance(fell, FellBack) and "timeout.first_byte" in fell.why


async def test_without_one_it_is_tried_again(tmp_path: Path):
    first = in_turn(late(5, says("late")), says("in time"))
    async with two(tmp_path, first, timeout="{ first_byte = 0.1 }") as (server, _, up, _):
        status, _, got = await ask(server, STREAM)
        assert status == 200 and b"in time" in got and len(up.sent) == 2


async def test_a_first_byte_that_never_comes_is_a_504_that_names_the_setting(tmp_path: Path):
    first = late(5, says("late"))
    async with two(tmp_path, first, timeout="{ first_byte = 0.05 }") as (server, _, up, _):
        status, _, got = await ask(server, STREAM)
        assert status == 504 and b"providers.up.timeout.first_byte" in got
        assert len(up.sent) == 3


async def test_an_answer_that_is_not_streamed_may_take_longer(tmp_path: Path):
    first = late(0.3, says("worth it"))
    async with two(tmp_path, first, timeout="{ first_byte = 0.1 }") as (server, _, up, _):
        status, _, got = await ask(server)
        assert status == 200 and b"worth it" in got and len(up.sent) == 1


async def test_silence_in_mid_stream_is_an_error_event_and_no_fallback(tmp_path: Path):
    async with two(tmp_path, halting("Half", 5), says("never"), timeout="{ silence = 0.1 }") as (
        server,
        heard,
        up,
        spare,
    ):
        _, _, got = await ask(server, STREAM)
        assert b"Half" in got and b"event: error" in got and b"fell silent for 0.1 s" in got
        assert (len(up.sent), len(spare.sent)) == (1, 0)
        assert [e.status for e in heard if isinstance(e, Failed)] == [504]


async def test_a_stream_that_goes_on_in_time_is_whole(tmp_path: Path):
    first = halting("Half", 0.15)
    async with two(tmp_path, first, timeout="{ silence = 0.3 }") as (server, heard, _, _):
        _, _, got = await ask(server, STREAM)
        assert b"message_stop" in got and b"event: error" not in got and heard.of(Completed)


async def test_a_silent_stream_is_kept_alive_by_pings(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(pulse, "EVERY", 0.05)
    async with two(tmp_path, halting("Half", 0.3)) as (server, heard, _, _):
        _, _, got = await ask(server, STREAM)
        assert 2 <= got.count(b'event: ping\ndata: {"type": "ping"}\n\n') <= 6
        untouched = got.replace(b'event: ping\ndata: {"type": "ping"}\n\n', b"")
        assert untouched.count(b"event: ") == 6 and heard.of(Completed)
        _, _, got = await post(f"{server.url}/v1/chat/completions", {**CHAT, "stream": True})
        assert 2 <= got.count(b": ping\n\n") <= 6 and b"event: ping" not in got
        assert got.endswith(b"data: [DONE]\n\n")


async def test_no_ping_ever_lands_inside_an_event(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(pulse, "EVERY", 0.03)
    whole = b"".join(messages.events("m", [messages.text("cut in the middle")]))
    half = len(whole) // 2

    async def cut(request, sent):
        response = await stream(request, [whole[:half]])
        await asyncio.sleep(0.15)
        await response.write(whole[half:])
        return response

    async with two(tmp_path, cut) as (server, _, _, _):
        _, _, got = await ask(server, STREAM)
        events = [part for part in got.split(b"\n\n") if b"event: ping" not in part]
        assert events == whole.split(b"\n\n")


async def test_an_upstreams_own_pings_are_handed_on(tmp_path: Path):
    chunks = messages.events("m", [messages.text("Hello")])
    ping = messages.event("ping")

    async def pings(request, sent):
        return await stream(request, [chunks[0], ping, *chunks[1:]])

    async with two(tmp_path, pings) as (server, _, _, _):
        _, _, got = await ask(server, STREAM)
        assert got == b"".join([chunks[0], ping, *chunks[1:]])
