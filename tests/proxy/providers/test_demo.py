"""The demo provider behaves like a model's API: whole, streamed, with tools, usage and failures."""

import time
from typing import Any

import orjson
import pytest

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.assemble import assemble
from proxy.providers.base import Call
from proxy.providers.demo import DemoProvider, DemoReply
from proxy.providers.demo_scenes import SCENES

Body = dict[str, Any]
TOOLS = [
    {"name": name, "description": name, "input_schema": {"type": "object"}}
    for name in ("Bash", "Read", "Edit", "Grep", "Glob", "Write", "shell", "apply_patch")
]


def ask(text: str, **more: Any) -> Body:
    messages = [{"role": "user", "content": text}]
    return {"model": "demo-medium", "max_tokens": 8000, "messages": messages, **more}


async def send(body: Body, provider: DemoProvider | None = None, **headers: str) -> DemoReply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    stream = bool(body.get("stream"))
    call = Call("/v1/messages", orjson.dumps(body), named, stream)
    return await (provider or DemoProvider("demo", speed=0)).send(call)


async def plain(body: Body) -> Body:
    reply = await send(body)
    assert reply.status == 200
    answer: Body = orjson.loads(await reply.read())
    return answer


async def test_the_same_request_gets_the_same_answer_whole_and_streamed() -> None:
    for scene in SCENES:
        body = ask(scene.cue, tools=TOOLS)
        assert await plain(body) == await plain(body)
        reply = await send({**body, "stream": True})
        assert "text/event-stream" in reply.headers["content-type"]
        assert await reply.read() == await (await send({**body, "stream": True})).read()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.cue)
async def test_a_stream_says_what_the_whole_answer_says(scene: Any) -> None:
    body = ask(scene.cue, tools=TOOLS, model="demo-reasoning", thinking={"type": "adaptive"})
    reader = ANTHROPIC.reader()
    events = []
    async for chunk in (await send({**body, "stream": True})).chunks():
        events += reader.feed(chunk)
    events += reader.close()
    streamed = assemble(events)
    whole = ANTHROPIC.read_answer(await plain(body))
    assert streamed is not None
    assert (streamed.model, streamed.stop) == (whole.model, whole.stop)
    assert [type(block) for block in streamed.blocks] == [type(block) for block in whole.blocks]
    for left, right in zip(streamed.blocks, whole.blocks, strict=True):
        assert _essence(left) == _essence(right)


def _essence(block: Any) -> Any:
    if hasattr(block, "arguments"):
        return block.name, orjson.loads(block.arguments)
    return getattr(block, "text", block)


async def test_a_scene_is_played_round_by_round_to_its_end() -> None:
    scene = next(scene for scene in SCENES if scene.cue == "The invoice totals test fails")
    body = ask(scene.cue, tools=TOOLS)
    for step in scene.steps:
        answer = await plain(body)
        assert answer["stop_reason"] == "tool_use"
        calls = [block for block in answer["content"] if block["type"] == "tool_use"]
        assert [(call["name"], call["input"]) for call in calls] == list(step.calls)
        results = [
            {"type": "tool_result", "tool_use_id": call["id"], "content": "ok"} for call in calls
        ]
        body["messages"] += [
            {"role": "assistant", "content": answer["content"]},
            {"role": "user", "content": results},
        ]
    ids = [
        block["id"]
        for message in body["messages"]
        for block in message["content"]
        if isinstance(block, dict) and block["type"] == "tool_use"
    ]
    assert len(ids) == len(set(ids))
    answer = await plain(body)
    assert answer["stop_reason"] == "end_turn"
    assert answer["content"] == [{"type": "text", "text": scene.end}]


async def test_a_tool_that_is_not_offered_is_never_called() -> None:
    for scene in SCENES:
        answer = await plain(ask(scene.cue))
        assert [block["type"] for block in answer["content"]] == ["text"]


async def test_words_outside_the_story_are_told_that_no_model_reads_them() -> None:
    answer = await plain(ask("Write a haiku about autumn.", tools=TOOLS))
    assert "demo provider" in answer["content"][0]["text"]
    assert "demo-medium" in answer["content"][0]["text"]


async def test_only_the_reasoning_model_thinks_and_only_if_asked() -> None:
    async def kinds(model: str, **more: Any) -> list[str]:
        answer = await plain(ask("hi there", model=model, **more))
        return [block["type"] for block in answer["content"]]

    thinking = {"type": "enabled", "budget_tokens": 2000}
    assert await kinds("demo-reasoning", thinking=thinking) == ["thinking", "text"]
    assert await kinds("demo-reasoning") == ["text"]
    assert await kinds("demo-reasoning", thinking={"type": "disabled"}) == ["text"]
    assert await kinds("demo-complex", thinking=thinking) == ["text"]


async def test_usage_follows_the_sizes_and_a_repeated_prefix_is_read_from_cache() -> None:
    system = [{"type": "text", "text": "s" * 4000, "cache_control": {"type": "ephemeral"}}]
    first = ask("hi there", system=system)
    begun = (await plain(first))["usage"]
    assert begun["cache_read_input_tokens"] == 0
    assert 1000 <= begun["cache_creation_input_tokens"] <= 1040
    assert begun["input_tokens"] < 20
    turns = [{"role": "assistant", "content": "Hi!"}, {"role": "user", "content": "x" * 400}]
    later = (await plain({**first, "messages": first["messages"] + turns}))["usage"]
    assert later["cache_read_input_tokens"] >= 1000
    assert 100 <= later["input_tokens"] <= 120
    unmarked = (await plain(ask("x" * 400, system="s" * 4000)))["usage"]
    assert unmarked["cache_read_input_tokens"] == unmarked["cache_creation_input_tokens"] == 0
    assert 1100 <= unmarked["input_tokens"] <= 1130


async def test_an_answer_longer_than_allowed_is_cut_and_says_so() -> None:
    answer = await plain(ask("across three regions and prove", max_tokens=50))
    assert answer["stop_reason"] == "max_tokens"
    assert 0 < answer["usage"]["output_tokens"] <= 50


async def test_a_schema_is_answered_with_an_object_of_its_shape() -> None:
    schema = {"type": "object", "properties": {"title": {"type": "string"}}}
    form = {"format": {"type": "json_schema", "schema": schema}}
    answer = await plain(ask("Add a debounced search box", output_config=form))
    assert orjson.loads(answer["content"][0]["text"]) == {"title": "Add product search"}


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, "rate_limit_error"), (500, "api_error"), (529, "overloaded_error")],
)
async def test_it_fails_as_a_provider_does_when_asked_to(status: int, kind: str) -> None:
    for reply in (
        await send(ask("hi there"), x_demo_fail=str(status)),
        await send(ask(f"hi there [demo:{status}]", stream=True)),
    ):
        assert reply.status == status
        assert orjson.loads(await reply.read())["error"]["type"] == kind
        assert ("retry-after" in reply.headers) == (status == 429)


async def test_a_status_that_it_does_not_know_is_no_failure() -> None:
    for asked in ("200", "abc", "99999", ""):
        assert (await send(ask("hi there"), x_demo_fail=asked)).status == 200


async def test_nothing_to_answer_is_refused() -> None:
    assert (await send(ask("x", messages=[]))).status == 400


async def test_speed_is_the_pace_of_the_pieces() -> None:
    async def seconds(**headers: str) -> float:
        began = time.perf_counter()
        await (await send(ask("hi there", stream=True), DemoProvider("demo"), **headers)).read()
        return time.perf_counter() - began

    assert await seconds(x_demo_speed="0") < 0.3
    assert await seconds(x_demo_speed="1") >= 0.35
    assert await seconds(x_demo_speed="0.5") >= 0.7


async def test_a_closed_reply_gives_no_more() -> None:
    reply = await send(ask("hi there", stream=True))
    chunks = reply.chunks()
    assert await anext(chunks)
    reply.close()
    assert [chunk async for chunk in chunks] == []


async def test_the_four_models_are_listed() -> None:
    models = await DemoProvider("demo").models()
    assert models == ["demo-simple", "demo-medium", "demo-complex", "demo-reasoning"]
