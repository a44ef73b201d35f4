"""Responses clients through a whole proxy: at home, at other providers, refused, leaving early."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import openai
import orjson
import pytest
from aiohttp import web

from proxy.control.explain import dialect_of
from proxy.events import Completed, Failed
from tests.support import chat, messages, responses
from tests.support.messages import call, text
from tests.support.proxy import Heard, config_for, proxy
from tests.support.responses import free_call
from tests.support.upstream import Sent, Upstream, stream

UPSTREAMS = {
    "openai_responses_compatible": responses.reply,
    "anthropic_compatible": messages.reply,
    "openai_compatible": chat.reply,
}
BODY = {"model": "gpt-x", "input": "hi", "prompt_cache_key": "s1", "x_unknown": {"a": [1, 2.0]}}
PATCH: Any = {"type": "custom", "name": "patch", "description": "Edits files."}


def sdk(url: str) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(api_key="d", base_url=f"{url}/v1", max_retries=0)


async def until(heard: Heard, *kinds: type) -> None:
    async with asyncio.timeout(5):
        while not any(heard.of(kind) for kind in kinds):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_the_sdk_gets_plain_and_streamed_answers_of_any_upstream(tmp_path: Path, kind: str):
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        foreign = kind != "openai_responses_compatible"
        patch = call("call_1", "patch", input="go\n") if foreign else None
        blocks = [text("Hello."), patch or free_call("call_1", "patch", "go\n")]
        return await UPSTREAMS[kind](request, sent, blocks)

    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind)) as (server, heard),
        sdk(server.url) as client,
    ):
        plain = await client.responses.create(model="m", input="hi", tools=[PATCH])
        async with client.responses.stream(model="m", input="hi", tools=[PATCH]) as streaming:
            streamed = await streaming.get_final_response()
    for found in (plain, streamed):
        assert found.output_text == "Hello."
        called = found.output[1]
        assert called.type == "custom_tool_call"
        assert (called.call_id, called.name, called.input) == ("call_1", "patch", "go\n")
        assert found.usage is not None and found.usage.input_tokens_details.cached_tokens == 80
    assert [event.usage.cache_read for event in heard.of(Completed)] == [80, 80]  # type: ignore[attr-defined]


async def test_a_body_reaches_a_responses_upstream_with_only_the_model_changed(tmp_path: Path):
    async with (
        Upstream(responses.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai_responses_compatible")) as (server, _),
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/v1/responses", json=BODY) as reply,
    ):
        assert reply.status == 200
    (sent,) = upstream.sent
    assert sent.path == "/v1/responses"
    assert sent.body == BODY | {"model": sent.body["model"]}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "input"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_text"}]}]},
            "input[0].content[0].text",
        ),
        ({"input": "hi", "previous_response_id": "resp_1"}, "previous_response_id"),
    ],
)
async def test_a_refusal_is_one_that_the_sdk_understands(
    tmp_path: Path, body: dict[str, Any], param: str
):
    async with (
        Upstream(chat.says_hello) as up,
        proxy(tmp_path, config_for(up.url, "openai_compatible")) as (server, _),
        sdk(server.url) as client,
    ):
        with pytest.raises(openai.BadRequestError) as refused:
            await client.post("/responses", body=body, cast_to=object)
    assert refused.value.param == param
    assert not up.sent


async def test_a_client_that_leaves_once_it_heard_the_end_had_its_whole_answer(tmp_path: Path):
    """Codex does not wait for the connection's end; the provider may keep it for long."""

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        response = await stream(request, responses.events("m", [text("Hello.")]))
        await asyncio.sleep(30)
        return response

    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai_responses_compatible")) as (server, heard),
        aiohttp.ClientSession() as session,
    ):
        body = BODY | {"stream": True}
        async with session.post(f"{server.url}/v1/responses", json=body) as reply:
            async for line in reply.content:
                if b'"response.completed"' in line:
                    break
            reply.close()
        await until(heard, Completed, Failed)
        await asyncio.sleep(0.1)
    assert len(heard.of(Completed)) == 1
    assert not heard.of(Failed)
    assert upstream.gone == 1


async def test_a_repeated_request_is_answered_from_the_cache_where_nothing_is_stored(
    tmp_path: Path,
):
    """By default the provider stores each answer, and the client goes on from it by its id: an
    answer out of a cache would have an id that no provider knows."""
    async with (
        Upstream(responses.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai_responses_compatible")) as (server, _),
        sdk(server.url) as client,
    ):
        ask = client.responses.create
        texts = [(await ask(model="m", input="hi", store=False)).output_text for _ in range(2)]
        assert len(upstream.sent) == 1
        texts += [(await ask(model="m", input="hi")).output_text for _ in range(2)]
        assert len(upstream.sent) == 3
        stream = await ask(model="m", input="hi", store=False, stream=True)
        kinds = [event.type async for event in stream]
    assert texts == ["Hello from upstream"] * 4
    assert kinds[0] == "response.created" and kinds[-1] == "response.completed"


@pytest.mark.parametrize(
    "body",
    [
        {"input": "hi"},
        {"input": "hi", "tools": [{"type": "function", "name": "f"}]},
        {"previous_response_id": "resp_1"},
    ],
)
def test_a_responses_body_is_known_by_its_shape(body: dict[str, Any]):
    assert dialect_of(orjson.dumps(body)) == "openai_responses"
