"""count_tokens: Anthropic's own count where it is to be had, else what would be sent."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from proxy.tokens.counter import count
from tests.proxy.test_server import post
from tests.support import chat, messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Answer, Upstream, as_json

ASKED: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "system": "Be brief.",
    "messages": [{"role": "user", "content": "Why is the sky blue?"}],
}
HERE = count("Be brief.") + count("Why is the sky blue?") + 3
LONG = {**ASKED, "max_tokens": 9, "system": "All there is to know of this repository. " * 200}


def answers(status: int, body: object) -> Answer:
    async def answer(request, sent):
        return as_json(body, status, request_id="r1")

    return answer


async def counted(url: str, body: object) -> int:
    status, _, raw = await post(f"{url}/v1/messages/count_tokens?beta=true", body)
    assert status == 200
    tokens = orjson.loads(raw)["input_tokens"]
    assert type(tokens) is int
    return tokens


async def test_anthropic_counts_for_itself(tmp_path: Path):
    async with (
        Upstream(answers(200, {"input_tokens": 4321, "new": 1})) as upstream,
        proxy(tmp_path, config_for(upstream.url, "anthropic")) as (server, heard),
    ):
        url = f"{server.url}/v1/messages/count_tokens?beta=true"
        _, headers, raw = await post(url, ASKED, anthropic_beta="x-1")
        assert orjson.loads(raw) == {"input_tokens": 4321, "new": 1}
        assert headers["request-id"] == "r1" and headers["x-lynkr-model"] == "small"
        sent = upstream.sent[0]
        assert sent.path == "/v1/messages/count_tokens"
        assert sent.headers["anthropic-beta"] == "x-1"
        assert sent.body == {**ASKED, "model": "small"}
        assert heard == []


@pytest.mark.parametrize("status", [400, 404])
async def test_where_anthropic_has_no_count_there_is_one_all_the_same(tmp_path: Path, status: int):
    error = {"type": "error", "error": {"type": "not_found_error", "message": "no"}}
    async with (
        Upstream(answers(status, error)) as upstream,
        proxy(tmp_path, config_for(upstream.url, "anthropic")) as (server, heard),
    ):
        assert await counted(server.url, ASKED) == HERE
        assert heard == []


async def test_another_refusal_comes_back_as_it_is(tmp_path: Path):
    error = {"type": "error", "error": {"type": "rate_limit_error", "message": "slow down"}}
    async with (
        Upstream(answers(429, error)) as upstream,
        proxy(tmp_path, config_for(upstream.url, "anthropic")) as (server, _),
    ):
        status, _, raw = await post(f"{server.url}/v1/messages/count_tokens", ASKED)
        assert (status, orjson.loads(raw)) == (429, error)


@pytest.mark.parametrize("kind", ["anthropic_compatible", "openai_compatible"])
async def test_nobody_else_is_asked(tmp_path: Path, kind: str):
    async with (
        Upstream(answers(500, {})) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind)) as (server, heard),
    ):
        assert await counted(server.url, ASKED) == HERE
        assert (upstream.sent, heard) == ([], [])


async def test_what_would_be_sent_is_what_counts(tmp_path: Path):
    tools = [
        {"name": name, "input_schema": {"type": "object", "description": "word " * 500}}
        for name in ("Read", "Write", "Bash")
    ]
    greeting = {**ASKED, "tools": tools, "messages": [{"role": "user", "content": "hello!"}]}
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        assert await counted(server.url, greeting) < HERE + 200
        assert await counted(server.url, {**ASKED, "tools": tools}) > HERE + 500


async def test_a_body_that_makes_no_sense_is_a_400(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        status, _, raw = await post(f"{server.url}/v1/messages/count_tokens", b"{}")
        assert status == 400 and orjson.loads(raw)["type"] == "error"


async def test_counts_come_near_to_what_the_model_bills(tmp_path: Path):
    """An upstream whose tokenizer makes a third more of each text than ours."""
    here = count(str(LONG["system"])) + count("Why is the sky blue?") + 3

    async def bills(request: web.Request, sent: Any) -> web.Response:
        body = chat.answer("small", [messages.text("Hello")])
        body["usage"] = {"prompt_tokens": here * 4 // 3, "completion_tokens": 5}
        return as_json(body)

    async with (
        Upstream(bills) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai_compatible")) as (server, _),
    ):
        assert await counted(server.url, LONG) == here
        for _ in range(3):
            await post(f"{server.url}/v1/messages", LONG, x_lynkr_cache="off")
        assert await counted(server.url, LONG) == pytest.approx(here * 4 / 3, rel=0.01)
        assert await counted(server.url, ASKED) == pytest.approx(HERE * 4 / 3, abs=1)
    async with proxy(tmp_path, config_for("http://127.0.0.1:9", "openai_compatible")) as (after, _):
        while after.house.calibration.factor("up/small") == 1:
            await asyncio.sleep(0.01)
        assert await counted(after.url, LONG) == pytest.approx(here * 4 / 3, rel=0.01)
