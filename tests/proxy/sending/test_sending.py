"""Retries and fallbacks on real sockets: nothing after the first byte."""

import asyncio
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import orjson
import pytest

from proxy.events import Completed, Failed, FellBack, Retried
from tests.proxy.sends import QUICK, STREAM, ask, config, row_of, two
from tests.proxy.test_server import QUESTION
from tests.support import messages
from tests.support.proxy import proxy
from tests.support.scripted import hangs_up, in_turn, refusal, says
from tests.support.upstream import Answer, Upstream, stream

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
