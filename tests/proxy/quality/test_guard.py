"""A weak model's broken tool calls never reach the client: they are mended, or asked again."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import anthropic
import openai
import orjson
import pytest
from aiohttp import web

from proxy.events import Completed, Escalated, Repaired
from tests.support import chat, messages, responses
from tests.support.messages import Block, call, text
from tests.support.proxy import Heard, config_for, proxy
from tests.support.upstream import Sent, Upstream, stream

KINDS: dict[str, Callable[..., Awaitable[web.StreamResponse]]] = {
    "anthropic_compatible": messages.reply,
    "openai_compatible": chat.reply,
    "openai_responses_compatible": responses.reply,
}
SCHEMA = {
    "type": "object",
    "properties": {"file_path": {"type": "string"}, "limit": {"type": "integer"}},
    "required": ["file_path"],
    "additionalProperties": False,
}
GOOD = call("call_1", "Read", file_path="a.py")
WORDS = text("Let me look.")
ASKED = "thanks!"  # small talk: it goes to the weak model

Told = tuple[str, list[tuple[str, dict[str, Any]]]]  # what was said, and the calls


def weak(reply: Callable[..., Awaitable[web.StreamResponse]], *blocks: Block) -> Any:
    """The small model gives `blocks`, every other one a good call."""

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        small = sent.body["model"] == "small"
        return await reply(request, sent, list(blocks) if small else [text("Here."), GOOD])

    return answer


async def by_anthropic(url: str, stream: bool) -> Told:
    client = anthropic.AsyncAnthropic(api_key="d", base_url=url, max_retries=0)
    asked: Any = {
        "model": "m",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": ASKED}],
        "tools": [{"name": "Read", "input_schema": SCHEMA}],
        "extra_headers": {"x-lynkr-cache": "off"},
    }
    async with client:
        if stream:
            async with client.messages.stream(**asked) as streaming:
                found = await streaming.get_final_message()
        else:
            found = await client.messages.create(**asked)
    assert found.stop_reason == "tool_use"
    said = " ".join(block.text for block in found.content if block.type == "text")
    return said, [(b.name, dict(b.input)) for b in found.content if b.type == "tool_use"]


async def by_chat(url: str, stream: bool) -> Told:
    asked: Any = {
        "model": "m",
        "messages": [{"role": "user", "content": ASKED}],
        "tools": [{"type": "function", "function": {"name": "Read", "parameters": SCHEMA}}],
    }
    async with openai.AsyncOpenAI(api_key="d", base_url=f"{url}/v1", max_retries=0) as client:
        if stream:
            async with client.chat.completions.stream(**asked) as streaming:
                choice = (await streaming.get_final_completion()).choices[0]
        else:
            choice = (await client.chat.completions.create(**asked)).choices[0]
    assert choice.finish_reason == "tool_calls"
    calls = choice.message.tool_calls or []
    return choice.message.content or "", [
        (one.function.name, orjson.loads(one.function.arguments)) for one in calls
    ]


async def by_responses(url: str, stream: bool) -> Told:
    tool = {"type": "function", "name": "Read", "parameters": SCHEMA, "strict": False}
    asked: Any = {"model": "m", "input": ASKED, "tools": [tool]}
    async with openai.AsyncOpenAI(api_key="d", base_url=f"{url}/v1", max_retries=0) as client:
        if stream:
            async with client.responses.stream(**asked) as streaming:
                found = await streaming.get_final_response()
        else:
            found = await client.responses.create(**asked)
    calls = [one for one in found.output if one.type == "function_call"]
    return found.output_text, [(one.name, orjson.loads(one.arguments)) for one in calls]


CLIENTS = {"messages": by_anthropic, "chat": by_chat, "responses": by_responses}
FAULTS: dict[str, list[Block]] = {
    "wrong argument": [WORDS, call("call_9", "Read", place="a.py")],
    "unknown tool": [WORDS, call("call_9", "Peruse", file_path="a.py")],
    "one of two": [WORDS, GOOD, call("call_9", "Read", file_path=["a.py", "b.py"])],
    "nothing said before it": [call("call_9", "Read")],
}


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_broken_call_is_asked_again_one_tier_up(
    tmp_path: Path, client: str, kind: str, stream: bool
):
    for number, (name, blocks) in enumerate(FAULTS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with (
            Upstream(weak(KINDS[kind], *blocks)) as upstream,
            proxy(folder, config_for(upstream.url, kind)) as (server, heard),
        ):
            said, calls = await CLIENTS[client](server.url, stream)
            await heard_end(heard)
        assert calls == [("Read", {"file_path": "a.py"})], name
        assert said.split() == [
            *(["Let", "me", "look."] if WORDS in blocks else []),
            "Here.",
        ]
        assert [one.body["model"] for one in upstream.sent] == ["small", "middle"]
        [escalated] = heard.of(Escalated)
        assert isinstance(escalated, Escalated) and escalated.reason
        [done] = heard.of(Completed)
        assert isinstance(done, Completed) and done.usage.output == 50, "both hops are billed"


NEAR: dict[str, Block] = {
    "a name in other case": call("call_9", "read", file_path="a.py"),
    "an argument in camel case": call("call_9", "Read", filePath="a.py"),
    "a number as text": call("call_9", "Read", file_path="a.py", limit="5"),
}


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_near_miss_is_mended_without_a_second_call(
    tmp_path: Path, client: str, kind: str, stream: bool
):
    for number, block in enumerate(NEAR.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with (
            Upstream(weak(KINDS[kind], WORDS, block)) as upstream,
            proxy(folder, config_for(upstream.url, kind)) as (server, heard),
        ):
            said, calls = await CLIENTS[client](server.url, stream)
            await heard_end(heard)
        assert said == "Let me look."
        [(name, arguments)] = calls
        assert name == "Read" and arguments.pop("limit", 5) == 5
        assert arguments == {"file_path": "a.py"}
        assert len(upstream.sent) == 1 and len(heard.of(Repaired)) == 1


async def test_broken_json_is_mended_where_no_value_is_guessed(tmp_path: Path):
    for number, (written, hops) in enumerate(
        [
            ('{"file_path": "a.py",}', 1),
            ("{'file_path': 'a.py'}", 1),
            ('```json\n{"file_path": "a.py"}\n```', 1),
            ('{"file_path": "a.py"', 1),
            ('{"file_path": "a.p', 2),
            ("nonsense", 2),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()

        async def answer(
            request: web.Request, sent: Sent, written: str = written
        ) -> web.StreamResponse:
            if sent.body["model"] != "small":
                return await chat.reply(request, sent, [GOOD])
            whole = chat.answer("small", [GOOD])
            whole["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] = written
            return web.json_response(whole)

        async with (
            Upstream(answer) as upstream,
            proxy(folder, config_for(upstream.url, "openai_compatible")) as (server, _),
        ):
            _, calls = await by_chat(server.url, stream=False)
        assert calls == [("Read", {"file_path": "a.py"})], written
        assert len(upstream.sent) == hops, written


async def test_good_calls_pass_byte_for_byte(tmp_path: Path):
    wire: list[bytes] = []

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        wire[:] = messages.events("small", [WORDS, GOOD, call("call_2", "Read", file_path="b")])
        return await stream(request, wire)

    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        assert await raw(server.url) == b"".join(wire)


async def test_what_can_not_be_asked_again_passes_as_it_came(tmp_path: Path):
    bad = call("call_9", "Peruse", file_path="a.py")
    wire: list[bytes] = []

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if sent.body["model"] != "small":
            return web.json_response({"type": "error", "error": {"message": "no"}}, status=400)
        wire[:] = messages.events("small", [WORDS, bad])
        return await stream(request, wire)

    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        assert await raw(server.url) == b"".join(wire), "the second hop failed"
        assert len(upstream.sent) == 2
        assert await raw(server.url, **{"x-lynkr-tier": "SIMPLE"}) == b"".join(wire)
        assert len(upstream.sent) == 3, "a person chose the tier"
        assert await raw(server.url, **{"x-lynkr-rewrite": "off"}) == b"".join(wire)
        assert len(upstream.sent) == 4, "nothing is to be touched"


async def test_an_inspector_or_a_hop_that_fails_holds_nothing_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*args: object, **named: object) -> None:
        raise RuntimeError("broken")

    bad = call("call_9", "Peruse", file_path="a.py")
    places = ("proxy.quality.guard.faults_of", "proxy.answer.hops.collected")
    for number, broken in enumerate(places):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with (
            Upstream(weak(messages.reply, WORDS, bad)) as upstream,
            proxy(folder, config_for(upstream.url)) as (server, heard),
        ):
            with monkeypatch.context() as patched:
                patched.setattr(broken, breaks)
                assert b'"Peruse"' in await raw(server.url)
            await heard_end(heard)
        assert len(upstream.sent) == number + 1


async def test_a_slow_second_hop_is_no_silence_of_the_first(tmp_path: Path):
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if sent.body["model"] != "small":
            await asyncio.sleep(1.5)
            return await messages.reply(request, sent, [text("Here."), GOOD])
        return await messages.reply(request, sent, [WORDS, call("call_9", "Read")])

    config = config_for("URL").replace('"URL"', '"URL"\ntimeout = { silence = 1 }')
    async with Upstream(answer) as upstream:
        config = config.replace("URL", upstream.url)
        async with proxy(tmp_path, config) as (server, _):
            assert b"Here." in await raw(server.url)


async def test_an_empty_answer_to_a_result_is_asked_again(tmp_path: Path):
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        blocks = [] if sent.body["model"] == "small" else [text("It is fine.")]
        return await messages.reply(request, sent, blocks)

    turns: list[Any] = [
        {"role": "user", "content": ASKED},
        {"role": "assistant", "content": [call("call_1", "Read", file_path="a.py")]},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "ok"}],
        },
    ]
    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        got = await raw(server.url, turns)
        assert b"It is fine." in got and got.count(b"event: message_start") == 1
        assert [one.body["model"] for one in upstream.sent] == ["small", "middle"]
        assert len(heard.of(Escalated)) == 1


async def raw(url: str, turns: Any = None, **headers: Any) -> bytes:
    body = {
        "model": "m",
        "max_tokens": 100,
        "stream": True,
        "messages": turns or [{"role": "user", "content": ASKED}],
        "tools": [{"name": "Read", "input_schema": SCHEMA}],
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/v1/messages", json=body, headers=headers) as response,
    ):
        return await response.read()


async def heard_end(heard: Heard) -> None:
    async with asyncio.timeout(5):
        while not heard.of(Completed):
            await asyncio.sleep(0.01)
