"""A real proxy before a scripted upstream: what goes through, what comes back, what is told."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from proxy.events import Completed, Failed, Routed
from proxy.rewrite.results import restore, shrink
from tests.support import chat, messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream, as_json, stream

QUESTION = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Why is the sky blue?"}],
}


async def post(url: str, body: object, **headers: str) -> tuple[int, dict[str, str], bytes]:
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=data, headers=names) as answer,
    ):
        named = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, named, await answer.read()


async def test_a_plain_answer_passes_byte_for_byte_and_is_told_stage_by_stage(tmp_path: Path):
    answer = b'{ "content" : [], "new": 1.0e0 }'

    async def answers(request, asked):
        return web.Response(body=answer, content_type="application/json")

    async with (
        Upstream(answers) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        status, headers, body = await post(f"{server.url}/v1/messages", QUESTION)
        assert status == 200
        assert body == answer
        assert headers["x-lynkr-tier"] == "SIMPLE"
        assert headers["x-lynkr-model"] == "small"
        assert headers["x-lynkr-cache"] == "miss"
        assert 0 <= float(headers["x-lynkr-score"]) <= 100
        assert heard.names == [
            "Received",
            "Scored",
            "Routed",
            "Rewritten",
            "FirstToken",
            "Completed",
        ]
        assert {event.id for event in heard} == {headers["x-lynkr-request-id"]}


async def test_only_the_model_changes_on_the_way_up(tmp_path: Path):
    raw = (
        b'{"model" :"claude-x",  "max_tokens":100, "new_field": {"b":1.0e0,"a":[1, 2]},\n'
        b'"messages":[{"role":"user","content":"hi there friend, why is the sky blue?"}]}'
    )
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        await post(f"{server.url}/v1/messages?beta=true", raw, anthropic_beta="x-1", cookie="a=b")
        sent = upstream.sent[0]
        assert sent.raw == raw.replace(b'"claude-x"', b'"small"')
        assert sent.headers["anthropic-beta"] == "x-1"
        assert "cookie" not in sent.headers


async def test_a_stream_passes_untouched(tmp_path: Path):
    sent = messages.events("small", [messages.text("Hello from upstream")])

    async def streams(request, asked):
        return await stream(request, sent)

    async with (
        Upstream(streams) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        body = {**QUESTION, "stream": True}
        status, headers, got = await post(f"{server.url}/v1/messages", body)
        assert status == 200
        assert headers["content-type"].startswith("text/event-stream")
        assert got == b"".join(sent)
        done = heard.of(Completed)[0]
        assert isinstance(done, Completed)
        assert (done.usage.input, done.usage.output, done.usage.cache_read) == (120, 25, 80)


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_messages_client_reaches_a_chat_provider(tmp_path: Path, streamed: bool):
    async def answer(request, sent):
        blocks = [messages.text("Reading."), messages.call("call_1", "Read", file_path="a.py")]
        return await chat.reply(request, sent, blocks)

    body = {
        **QUESTION,
        "stream": streamed,
        "system": "Be brief.",
        "tools": [{"name": "Read", "input_schema": {"type": "object", "properties": {}}}],
    }
    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai_compatible")) as (server, heard),
    ):
        _, _, got = await post(f"{server.url}/v1/messages", body)
        sent = upstream.sent[0]
        assert sent.path == "/v1/chat/completions"
        assert sent.body["messages"][0] == {"role": "system", "content": "Be brief."}
        assert b'"Read"' in got and b"call_1" in got and b"tool_use" in got
        done = heard.of(Completed)[0]
        assert isinstance(done, Completed)
        assert (done.usage.input, done.usage.cache_read) == (120, 80)


async def test_an_upstream_error_comes_back_verbatim(tmp_path: Path):
    error = {"type": "error", "error": {"type": "rate_limit_error", "message": "slow down"}}

    async def refuses(request, sent):
        return as_json(error, 429, retry_after="7")

    async with (
        Upstream(refuses) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        status, headers, body = await post(f"{server.url}/v1/messages", QUESTION)
        assert (status, body, headers["retry-after"]) == (429, orjson.dumps(error), "7")
        assert [event.error for event in heard.of(Failed)] == ["slow down"]  # type: ignore[attr-defined]


async def test_a_stream_that_stops_short_ends_with_an_error_event(tmp_path: Path):
    async def cuts(request, sent):
        return await stream(request, messages.events("small", [messages.text("Half")])[:3])

    async with (
        Upstream(cuts) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        _, _, got = await post(f"{server.url}/v1/messages", {**QUESTION, "stream": True})
        assert b"event: error" in got
        assert b"message_stop" not in got
        assert [event.status for event in heard.of(Failed)] == [502]  # type: ignore[attr-defined]


async def test_an_answer_dropped_for_another_client_is_not_told_as_whole(tmp_path: Path):
    async def drops(request, sent):
        """As llama-cpp-python does when the next request comes."""
        said = chat.chunks("m", [messages.text("Half a sentence and")])[:2]
        return await stream(request, [*said, b"data: [DONE]\n\n"], end=False)

    async with (
        Upstream(drops) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai_compatible")) as (server, heard),
    ):
        _, _, got = await post(f"{server.url}/v1/messages", {**QUESTION, "stream": True})
        assert b"Half a sentence and" in got
        assert b"broke off" in got and b"event: error" in got
        assert b"message_stop" not in got and b"end_turn" not in got
        assert [event.status for event in heard.of(Failed)] == [502]  # type: ignore[attr-defined]


async def test_a_provider_that_is_down_is_named_with_its_url(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        status, _, body = await post(f"{server.url}/v1/messages", QUESTION)
        message = orjson.loads(body)["error"]["message"]
        assert status == 502
        assert "provider up at http://127.0.0.1:9/v1/messages" in message


async def test_a_client_that_leaves_ends_the_upstream_call(tmp_path: Path):
    async def endless(request, sent):
        opening = messages.events("small", [messages.text("Half")])[:3]
        response = await stream(request, opening)
        while True:
            await asyncio.sleep(0.02)
            await response.write(b": still here\n\n")

    async with (
        Upstream(endless) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
        aiohttp.ClientSession() as session,
    ):
        body = orjson.dumps({**QUESTION, "stream": True})
        answer = await session.post(f"{server.url}/v1/messages", data=body)
        await answer.content.readany()
        answer.close()
        async with asyncio.timeout(3):
            while not upstream.gone:
                await asyncio.sleep(0.01)
        assert [event.status for event in heard.of(Failed)] == [499]  # type: ignore[attr-defined]


BAD_BODIES = [
    (b"", "empty"),
    (b"{}", "messages"),
    (b"[1]", "object"),
    (b'{"model": "m", "max_tokens": 5, "messages": "hi"}', "messages"),
    (b'{"model": 5, "max_tokens": 5, "messages": []}', "model"),
    (b'{"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": 7}]}', "content"),
    (b"not json at all", "JSON"),
    (b'{"model": "m\xff"}', "JSON"),
]


@pytest.mark.parametrize(("raw", "named"), BAD_BODIES)
async def test_a_bad_body_gets_a_400_that_names_the_fault(tmp_path: Path, raw: bytes, named: str):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        status, _, body = await post(f"{server.url}/v1/messages", raw)
        error = orjson.loads(body)
        assert status == 400
        assert error["type"] == "error"
        assert error["error"]["type"] == "invalid_request_error"
        assert named in error["error"]["message"]


async def test_a_body_of_60_mb_is_refused_as_too_large(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        raw = b'{"model":"m","messages":"' + b"a" * 60_000_000 + b'"}'
        status, _, body = await post(f"{server.url}/v1/messages", raw)
        assert status == 413
        assert orjson.loads(body)["error"]["type"] == "request_too_large"


async def test_the_tier_header_wins_and_a_wrong_one_is_refused(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        url = f"{server.url}/v1/messages"
        _, headers, _ = await post(url, QUESTION, x_lynkr_tier="REASONING")
        assert (headers["x-lynkr-model"], headers["x-lynkr-reason"]) == ("deep", "header")
        status, _, body = await post(url, QUESTION, x_lynkr_tier="HUGE")
        assert status == 400 and b"HUGE" in body


async def test_an_override_holds_its_session_and_no_other(tmp_path: Path):
    from classifier.tiers import Tier

    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        routing = server.house.routing
        routing.replace(routing.table.with_override("mine", Tier.COMPLEX))
        url = f"{server.url}/v1/messages"
        for session, model in (("mine", "large"), ("other", "small")):
            _, headers, _ = await post(url, QUESTION, x_lynkr_session=session)
            assert headers["x-lynkr-model"] == model
        reasons = [event.decision.reason for event in heard if isinstance(event, Routed)]
        assert reasons[0] == "override" and reasons[1] != "override"


async def test_the_same_question_again_is_answered_from_the_cache(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        url = f"{server.url}/v1/messages"
        await post(url, QUESTION)
        _, headers, body = await post(url, QUESTION)
        assert headers["x-lynkr-cache"] == "exact"
        answer = orjson.loads(body)
        assert answer["content"] == [messages.text("Hello from upstream")]
        assert answer["usage"]["input_tokens"] == 0
        _, headers, stream_body = await post(url, {**QUESTION, "stream": True})
        assert headers["x-lynkr-cache"] == "exact"
        assert b"event: message_stop" in stream_body and b"Hello from upstream" in stream_body
        await post(url, QUESTION, x_lynkr_cache="off")
        assert len(upstream.sent) == 2


async def test_a_tier_holds_through_a_tool_round(tmp_path: Path):
    hard = "Prove that the consensus protocol tolerates byzantine faults, step by step."
    turns = [
        {"role": "user", "content": hard},
        {"role": "assistant", "content": [messages.call("c1", "Read", file_path="a")]},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "ok"}],
        },
    ]
    tools = [{"name": "Read", "input_schema": {"type": "object", "properties": {}}}]
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        url = f"{server.url}/v1/messages"
        _, first, _ = await post(url, {**QUESTION, "tools": tools, "messages": turns[:1]})
        _, later, _ = await post(url, {**QUESTION, "tools": tools, "messages": turns})
        assert first["x-lynkr-tier"] == later["x-lynkr-tier"] == "REASONING"
        assert later["x-lynkr-reason"] == "pinned"
        assert first["x-lynkr-score"] == later["x-lynkr-score"]


async def test_a_rewritten_result_reaches_the_upstream_and_decodes_to_the_same(
    tmp_path: Path,
):
    rows = [{"id": n, "name": f"file-{n}.py", "size": n * 7} for n in range(40)]
    result = orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode()
    turns: list[dict[str, Any]] = [
        {"role": "user", "content": "List the files, please."},
        {"role": "assistant", "content": [messages.call("c1", "list_files")]},
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": result, "new": 1},
                {"type": "text", "text": "<system-reminder>Be kind.</system-reminder>"},
            ],
        },
    ]
    tools = [{"name": "list_files", "input_schema": {"type": "object", "properties": {}}}]
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        body = {**QUESTION, "tools": tools, "messages": turns}
        _, headers, _ = await post(f"{server.url}/v1/messages", body)
        told = upstream.sent[0].body["messages"][2]["content"]
        assert told[0]["new"] == 1 and told[1] == turns[2]["content"][1]
        assert len(told[0]["content"]) < len(result) / 2
        shrunk = shrink(result)
        assert shrunk is not None and told[0]["content"] == shrunk.text
        assert orjson.loads(restore(shrunk)) == rows
        assert int(headers["x-lynkr-saved-tokens"]) > 200
        assert upstream.sent[0].body["messages"][:2] == turns[:2]


async def test_a_greeting_needs_no_tools_and_a_task_has_them_all(tmp_path: Path):
    tools = [
        {"name": name, "description": "word" * 400, "input_schema": {"type": "object"}}
        for name in ("Read", "Write", "Bash")
    ]
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        url = f"{server.url}/v1/messages"
        for words in ("hello!", "Fix the typo in the README."):
            turns = [{"role": "user", "content": words}]
            await post(url, {**QUESTION, "tools": tools, "messages": turns})
        greeting, task = (one.body["tools"] for one in upstream.sent)
        assert [tool["name"] for tool in greeting] == ["lynkr_load_tools"]
        assert task == tools


@pytest.mark.parametrize("kept", [False, True])
async def test_text_is_kept_in_the_ledger_only_on_the_users_word(tmp_path: Path, kept: bool):
    more = "[ledger]\nkeep_text = true\n" if kept else ""
    async with Upstream(messages.says_hello) as upstream:
        async with proxy(tmp_path, config_for(upstream.url, more=more)) as (server, _):
            await post(f"{server.url}/v1/messages", QUESTION)
            await post(f"{server.url}/v1/messages", {**QUESTION, "stream": True})
    found = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("ledger.db*"))
    assert (b"Why is the sky blue?" in found) is kept
    assert (b"Hello from upstream" in found) is kept


async def test_a_chat_body_passes_byte_for_byte_to_a_chat_provider(tmp_path: Path):
    raw = (
        b'{"messages" : [{"role":"user", "content":"Why is the sky blue?"}], "x": 1.0e0,'
        b' "tools": [ {"type":"function","function":{"name":"a" , "parameters":{}}} ], "model":"m"}'
    )
    async with (
        Upstream(chat.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai_compatible")) as (server, _),
    ):
        _, headers, _ = await post(f"{server.url}/v1/chat/completions", raw)
        model = headers["x-lynkr-model"].encode()
        assert upstream.sent[0].raw == raw.replace(b'"model":"m"', b'"model":"%s"' % model)
