"""A stripped tool stays in reach: the proxy answers its own tools, and the client never knows."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import anthropic
import openai
import orjson
import pytest
from aiohttp import web

from proxy.events import Completed, RewriteRefused, Served
from tests.support import chat, messages, responses
from tests.support.messages import Block, call, text
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Sent, Upstream, as_json, stream

KINDS: dict[str, Callable[..., Awaitable[web.StreamResponse]]] = {
    "anthropic": messages.reply,
    "anthropic_compatible": messages.reply,
    "openai_compatible": chat.reply,
    "openai_responses_compatible": responses.reply,
}
LONG = "A thing that is explained at length, so that it is worth leaving out. " * 20
QUERY = {
    "type": "object",
    "properties": {"query": {"type": "string"}},
    "required": ["query"],
    "additionalProperties": False,
}
PATH = {"type": "object", "properties": {"file_path": {"type": "string"}}}
TOOLS = {"Read": PATH, "Bash": PATH, "WebSearch": QUERY, "NotebookEdit": PATH, "Deploy": QUERY}
ASKED = "Look at pyproject.toml and say which version it has"
FOUND = call("call_2", "WebSearch", query="uv")
LOADS = call("call_1", "lynkr_load_tools", names=["WebSearch"])
THROUGH = call("call_2", "lynkr_call_tool", name="WebSearch", arguments={"query": "uv"})

Told = tuple[str, list[tuple[str, dict[str, Any]]]]


def offered(sent: Sent) -> list[str]:
    tools = sent.body.get("tools") or []
    return [tool.get("name") or tool["function"]["name"] for tool in tools]


def script(reply: Callable[..., Awaitable[web.StreamResponse]], *answers: list[Block]) -> Any:
    """Gives `answers` in turn, the last one again and again."""
    left = list(answers)

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        return await reply(request, sent, left.pop(0) if len(left) > 1 else left[0])

    return answer


async def by_anthropic(url: str, stream: bool) -> Told:
    tools: Any = [
        {"name": name, "description": LONG, "input_schema": schema}
        for name, schema in TOOLS.items()
    ]
    asked: Any = {
        "model": "m",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": ASKED}],
        "tools": tools,
    }
    client = anthropic.AsyncAnthropic(api_key="d", base_url=url, max_retries=0)
    async with client:
        if stream:
            async with client.messages.stream(**asked) as streaming:
                found = await streaming.get_final_message()
        else:
            found = await client.messages.create(**asked)
    said = "".join(block.text for block in found.content if block.type == "text")
    return said, [(b.name, dict(b.input)) for b in found.content if b.type == "tool_use"]


async def by_chat(url: str, stream: bool) -> Told:
    tools: Any = [
        {"type": "function", "function": {"name": n, "description": LONG, "parameters": schema}}
        for n, schema in TOOLS.items()
    ]
    asked: Any = {
        "model": "m",
        "messages": [{"role": "user", "content": ASKED}],
        "tools": tools,
    }
    async with openai.AsyncOpenAI(api_key="d", base_url=f"{url}/v1", max_retries=0) as client:
        if stream:
            async with client.chat.completions.stream(**asked) as streaming:
                choice = (await streaming.get_final_completion()).choices[0]
        else:
            choice = (await client.chat.completions.create(**asked)).choices[0]
    calls = choice.message.tool_calls or []
    return choice.message.content or "", [
        (one.function.name, orjson.loads(one.function.arguments)) for one in calls
    ]


async def by_responses(url: str, stream: bool) -> Told:
    tools: Any = [
        {
            "type": "function",
            "name": name,
            "description": LONG,
            "parameters": schema,
            "strict": False,
        }
        for name, schema in TOOLS.items()
    ]
    asked: Any = {"model": "m", "input": ASKED, "tools": tools}
    async with openai.AsyncOpenAI(api_key="d", base_url=f"{url}/v1", max_retries=0) as client:
        if stream:
            async with client.responses.stream(**asked) as streaming:
                found = await streaming.get_final_response()
        else:
            found = await client.responses.create(**asked)
    calls = [one for one in found.output if one.type == "function_call"]
    return found.output_text, [(one.name, orjson.loads(one.arguments)) for one in calls]


CLIENTS = {"messages": by_anthropic, "chat": by_chat, "responses": by_responses}
EVERY = pytest.mark.parametrize(
    ("client", "kind", "stream"),
    [(client, kind, how) for client in CLIENTS for kind in KINDS for how in (False, True)],
)


@EVERY
async def test_a_model_that_loads_a_tool_has_it_within_the_same_answer(
    tmp_path: Path, client: str, kind: str, stream: bool
):
    fixed = kind == "anthropic"
    answers = [[text("Let me see."), LOADS], [text("Found."), THROUGH if fixed else FOUND]]
    async with (
        Upstream(script(KINDS[kind], *answers)) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind)) as (server, heard),
    ):
        said, calls = await CLIENTS[client](server.url, stream)
    assert said == "Let me see.\n\nFound." and calls == [("WebSearch", {"query": "uv"})]
    first, second = upstream.sent
    assert "WebSearch" not in offered(first) and "lynkr_load_tools" in offered(first)
    if fixed:
        assert offered(second) == offered(first), "signed thinking is bound to its tools"
        assert b"additionalProperties" in second.raw, "its schema is in what the loader gave"
    else:
        assert offered(second) == [*offered(first), "WebSearch"], "what was there stands first"
    [served] = heard.of(Served)
    assert isinstance(served, Served) and served.asked == "WebSearch"
    [done] = heard.of(Completed)
    assert isinstance(done, Completed) and done.usage.output == 50, "both hops are billed"


@EVERY
async def test_a_stripped_tool_may_be_called_straight(
    tmp_path: Path, client: str, kind: str, stream: bool
):
    async with (
        Upstream(script(KINDS[kind], [FOUND])) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind)) as (server, _),
    ):
        assert (await CLIENTS[client](server.url, stream))[1] == [("WebSearch", {"query": "uv"})]
        assert len(upstream.sent) == 1


@EVERY
async def test_one_that_is_called_wrongly_is_shown_and_called_again(
    tmp_path: Path, client: str, kind: str, stream: bool
):
    wrong = call("call_1", "WebSearch", words=["uv"])
    async with (
        Upstream(script(KINDS[kind], [wrong], [FOUND])) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind)) as (server, _),
    ):
        assert (await CLIENTS[client](server.url, stream))[1] == [("WebSearch", {"query": "uv"})]
        assert len(upstream.sent) == 2


@EVERY
async def test_a_model_that_only_loads_is_stopped(
    tmp_path: Path, client: str, kind: str, stream: bool
):
    async with (
        Upstream(script(KINDS[kind], [LOADS])) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind)) as (server, _),
    ):
        said, calls = await CLIENTS[client](server.url, stream)
    assert calls == [] and "called none of them" in said
    assert len(upstream.sent) == 3


async def test_calls_beside_a_load_go_to_the_client(tmp_path: Path):
    read = call("call_3", "Read", file_path="a.py")
    async with (
        Upstream(script(messages.reply, [LOADS, read])) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        for how in (False, True):
            assert (await by_anthropic(server.url, how))[1] == [("Read", {"file_path": "a.py"})]
        assert len(upstream.sent) == 2


async def test_a_second_hop_that_fails_leaks_no_call_of_ours(tmp_path: Path):
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if len(sent.body["messages"]) > 1:
            return as_json({"type": "error", "error": {"message": "no"}}, status=400)
        return await messages.reply(request, sent, [text("Let me see."), LOADS])

    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        for how in (False, True):
            assert await by_anthropic(server.url, how) == ("Let me see.", [])


async def test_a_rewritten_request_that_is_refused_goes_again_as_it_came(tmp_path: Path):
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if "lynkr_load_tools" in offered(sent):
            return as_json({"type": "error", "error": {"message": "no such tool"}}, status=400)
        return await messages.reply(request, sent, [FOUND])

    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        for how in (False, True):
            assert (await by_anthropic(server.url, how))[1] == [("WebSearch", {"query": "uv"})]
        assert [offered(one) == list(TOOLS) for one in upstream.sent] == [False, True, True]
        assert len(heard.of(RewriteRefused)) == 1, "it is not tried again in this session"


async def test_a_request_that_is_wrong_is_refused_in_the_upstreams_own_words(tmp_path: Path):
    wrong = {"type": "error", "error": {"type": "invalid_request_error", "message": "bad model"}}

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        return as_json(wrong, status=400)

    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": ASKED}]}
    body["tools"] = [
        {"name": name, "description": LONG, "input_schema": schema}
        for name, schema in TOOLS.items()
    ]
    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/v1/messages", json=body) as got,
    ):
        assert got.status == 400 and await got.json() == wrong
        assert len(upstream.sent) == 2 and not heard.of(RewriteRefused)


async def test_signed_thinking_of_the_first_hop_stays_with_its_call(tmp_path: Path):
    thinking = {"type": "thinking", "thinking": "I need the web.", "signature": "c2lnbmVk"}

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        blocks = [thinking, LOADS] if len(sent.body["messages"]) == 1 else [THROUGH]
        return await stream(request, messages.events("m", blocks))

    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url, "anthropic")) as (server, _),
    ):
        _, calls = await by_anthropic(server.url, True)
        assert calls == [("WebSearch", {"query": "uv"})]
        said = upstream.sent[1].body["messages"][1]
        assert said["content"] == [thinking, LOADS]
