"""Traps of the wire that are no single request and answer: who leaves when, what is kept apart,
how bytes are cut, which headers are taken."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import anthropic
import openai
import orjson
import pytest

from proxy.events import Completed, Failed
from tests.support import chat, messages, responses
from tests.support.proxy import config_for, proxy
from tests.support.traps import FOLDER, PATHS, Trap, read, settled
from tests.support.upstream import Upstream, as_json, stream

QUESTION: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Why is the sky blue?"}],
}
STREAMED = [trap for folder in sorted(FOLDER.glob("*")) if (trap := read(folder)).streamed]


async def post(url: str, body: object, **headers: str) -> tuple[int, dict[str, str], bytes]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=orjson.dumps(body), headers=names) as answer,
    ):
        named = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, named, await answer.read()


@pytest.mark.parametrize("trap", STREAMED, ids=lambda trap: trap.folder.name)
async def test_a_stream_in_bits_gives_the_client_the_same(trap: Trap, tmp_path: Path, monkeypatch):
    """UTF-8 and JSON split between reads, a CR and its LF in two chunks."""
    trap.lend_key(monkeypatch)
    assert trap.answer is not None and trap.expected is not None
    whole = trap.answer.body
    bits = [whole[at : at + 7] for at in range(0, len(whole), 7)]

    async def in_bits(request, sent):
        return await stream(request, bits)

    async with (
        Upstream(in_bits) as upstream,
        proxy(tmp_path, config_for(upstream.url, trap.provider)) as (server, _),
    ):
        url = server.url + PATHS[trap.client]
        _, _, got = await post(url, orjson.loads(trap.request))
        assert meaning(settled(got)) == meaning(trap.expected.body)


def meaning(wire: bytes) -> bytes:
    """What a client hears: how the text of a block is cut is the upstream's affair."""
    return wire.replace(b"\r\n", b"\n").rstrip()


ENDS = {
    "anthropic": ("anthropic_compatible", messages, b"message_stop"),
    "openai_chat": ("openai_compatible", chat, b"[DONE]"),
    "openai_responses": ("openai_responses_compatible", responses, b"response.completed"),
}


@pytest.mark.parametrize("client", ENDS)
async def test_a_client_that_leaves_once_it_has_heard_the_end_has_a_whole_answer(
    client: str, tmp_path: Path
):
    kind, dialect, end = ENDS[client]

    async def lingers(request, sent):
        """It keeps the connection open after the end."""
        blocks = [messages.text("Blue.")]
        whole = dialect.events if hasattr(dialect, "events") else dialect.chunks
        response = await stream(request, whole("m", blocks))
        await asyncio.sleep(5)
        return response

    body = {**QUESTION, "stream": True, "input": "Why is the sky blue?"}
    if client == "openai_responses":
        del body["messages"]
    async with (
        Upstream(lingers) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind)) as (server, heard),
        aiohttp.ClientSession() as session,
    ):
        answer = await session.post(server.url + PATHS[client], data=orjson.dumps(body))
        async for line in answer.content:
            if end in line:
                break
        answer.close()
        async with asyncio.timeout(3):
            while not heard.of(Completed) and not heard.of(Failed):
                await asyncio.sleep(0.01)
        assert heard.of(Completed) and not heard.of(Failed)


async def test_esc_in_mid_thinking_and_the_next_request_is_fine(tmp_path: Path):
    thinking = {"type": "thinking", "thinking": "", "signature": ""}
    opening = [
        messages.events("m", [])[0],
        messages.event("content_block_start", index=0, content_block=thinking),
        messages.event(
            "content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Hm"}
        ),
    ]

    async def thinks(request, sent):
        if len(upstream.sent) > 1:
            return await messages.says_hello(request, sent)
        response = await stream(request, opening)
        await asyncio.sleep(30)
        return response

    async with (
        Upstream(thinks) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
        aiohttp.ClientSession() as session,
    ):
        url, body = f"{server.url}/v1/messages", {**QUESTION, "stream": True}
        names = {"x-claude-code-session-id": "one"}
        answer = await session.post(url, data=orjson.dumps(body), headers=names)
        await answer.content.readany()
        answer.close()
        async with asyncio.timeout(3):
            while not upstream.gone:
                await asyncio.sleep(0.01)
        status, headers, got = await post(url, body, x_claude_code_session_id="one")
        assert status == 200 and b"Hello from upstream" in got and b"message_stop" in got
        assert headers["x-lynkr-provider"] == "up"
        assert [event.status for event in heard.of(Failed)] == [499]  # type: ignore[attr-defined]


PASTED = "Here is the file:\n" + "x = 1\n" * 50
APART: dict[str, list[dict[str, Any]]] = {
    "two system prompts": [{"system": "Be brief."}, {"system": "Be long."}],
    "a system prompt and none": [{}, {"system": "Be brief."}],
    "two tool sets": [
        {"tools": [{"name": name, "input_schema": {"type": "object"}}]} for name in ("Read", "Look")
    ],
    "two pasted files": [
        {"messages": [{"role": "user", "content": f"Why is it slow?\n{PASTED}{end}"}]}
        for end in ("y = 2", "y = 3")
    ],
    "enable and disable": [
        {"messages": [{"role": "user", "content": f"How do I {word} 2FA?"}]}
        for word in ("enable", "disable")
    ],
}


@pytest.mark.parametrize("case", APART)
async def test_what_differs_has_a_cache_entry_of_its_own(case: str, tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        for changes in APART[case]:
            _, headers, _ = await post(f"{server.url}/v1/messages", {**QUESTION, **changes})
            assert headers["x-lynkr-cache"] in ("miss", "skip")
        assert len(upstream.sent) == 2


async def test_two_keys_have_two_cache_entries(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        url = f"{server.url}/v1/messages"
        seen = [
            (await post(url, QUESTION, x_api_key=key))[1]["x-lynkr-cache"]
            for key in ("mine", "yours", "mine")
        ]
        assert seen == ["miss", "miss", "exact"]
        assert len(upstream.sent) == 2


@pytest.mark.parametrize("client", PATHS)
async def test_a_cached_answer_streams_in_every_dialect_that_asks_for_a_stream(
    client: str, tmp_path: Path
):
    ask: dict[str, Any] = {**QUESTION, "input": "Why is the sky blue?"}
    del ask["input" if client != "openai_responses" else "messages"]
    if client == "openai_responses":
        del ask["max_tokens"]
        ask["store"] = False  # else its client may go on from the answer's id
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        url = server.url + PATHS[client]
        await post(url, ask)
        _, headers, got = await post(url, {**ask, "stream": True})
        assert headers["x-lynkr-cache"] == "exact" and len(upstream.sent) == 1
        assert headers["content-type"].startswith("text/event-stream")
        assert b"Hello from upstream" in got and ENDS[client][2] in got


@pytest.mark.parametrize(
    ("header", "credential"), [("authorization", "Bearer client-key"), ("x-api-key", "client-key")]
)
async def test_both_styles_of_a_clients_own_key_and_any_version_are_taken(
    header: str, credential: str, tmp_path: Path
):
    async with Upstream(messages.says_hello) as upstream:
        config = config_for(upstream.url).replace(
            f'base_url = "{upstream.url}"', f'base_url = "{upstream.url}"\nkey = "client"'
        )
        async with proxy(tmp_path, config) as (server, _):
            names = {header.replace("-", "_"): credential, "anthropic_version": "2026-10-21"}
            status, _, _ = await post(f"{server.url}/v1/messages", QUESTION, **names)
        assert status == 200
        assert upstream.sent[0].headers[header] == credential
        assert upstream.sent[0].headers["anthropic-version"] == "2026-10-21"


@pytest.mark.parametrize(
    ("header", "credential"), [("authorization", "Bearer dummy"), ("x-api-key", "dummy")]
)
async def test_a_dummy_key_of_the_client_never_reaches_a_provider_with_its_own(
    header: str, credential: str, tmp_path: Path, monkeypatch
):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-own")
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, "anthropic")) as (server, _),
    ):
        names = {header.replace("-", "_"): credential}
        status, _, _ = await post(f"{server.url}/v1/messages", QUESTION, **names)
        assert status == 200
        assert upstream.sent[0].headers["x-api-key"] == "sk-ant-own"
        assert b"dummy" not in repr(upstream.sent[0].headers).encode()


@pytest.mark.parametrize(
    ("method", "path"), [("HEAD", "/"), ("GET", "/"), ("HEAD", "/api/hello"), ("GET", "/api/hello")]
)
async def test_a_client_that_asks_whether_anyone_is_there_hears_yes(
    method: str, path: str, tmp_path: Path
):
    async with (
        proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, heard),
        aiohttp.ClientSession() as session,
        session.request(method, server.url + path) as answer,
    ):
        assert answer.status == 200
        assert not heard


async def test_27_counts_at_once_are_all_answered(tmp_path: Path):
    """What /context of Claude Code asks for."""
    async with proxy(tmp_path, config_for("http://127.0.0.1:9", "openai_compatible")) as (
        server,
        heard,
    ):
        url = f"{server.url}/v1/messages/count_tokens"
        bodies = [{**QUESTION, "system": "word " * (number + 1)} for number in range(27)]
        answers = await asyncio.gather(*(post(url, body) for body in bodies))
        counts = [orjson.loads(body)["input_tokens"] for _, _, body in answers]
        assert {status for status, _, _ in answers} == {200}
        assert sorted(set(counts)) == counts
        assert not heard


async def test_a_count_is_of_what_will_be_sent(tmp_path: Path):
    """A greeting goes without its tools, but for one that loads them, and so does its count."""
    tools = [
        {"name": name, "description": "word " * 200, "input_schema": {"type": "object"}}
        for name in ("Read", "Write", "Bash")
    ]
    async with proxy(tmp_path, config_for("http://127.0.0.1:9", "openai_compatible")) as (
        server,
        _,
    ):
        url = f"{server.url}/v1/messages/count_tokens"
        counts = []
        for words in ("hello!", "Fix the typo in the README."):
            turns = [{"role": "user", "content": words}]
            _, _, body = await post(url, {**QUESTION, "tools": tools, "messages": turns})
            counts.append(orjson.loads(body)["input_tokens"])
        assert counts[0] < 200 and counts[1] > 600


async def test_nothing_is_compressed_either_way(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        body = {**QUESTION, "stream": True}
        url = f"{server.url}/v1/messages"
        _, headers, got = await post(url, body, accept_encoding="gzip, deflate, br, zstd")
        assert "content-encoding" not in headers and got.startswith(b"event: message_start")
        assert "gzip" not in upstream.sent[0].headers.get("accept-encoding", "")


async def test_nothing_is_held_back_until_later(tmp_path: Path):
    """Each event is there before the upstream says the next."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def waits(request, sent):
        response = await stream(request, [])
        for event in messages.events("m", [messages.text("Blue.")]):
            await response.write(event)
            async with asyncio.timeout(3):
                assert await heard.get() == event
        return response

    async with (
        Upstream(waits) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
        aiohttp.ClientSession() as session,
    ):
        url, body = f"{server.url}/v1/messages", orjson.dumps({**QUESTION, "stream": True})
        async with session.post(url, data=body) as answer:
            async for chunk in answer.content.iter_any():
                heard.put_nowait(chunk)
        assert not upstream.gone


async def test_a_refused_count_is_counted_here(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")

    async def knows_no_counting(request, sent):
        return as_json({"type": "error", "error": {"type": "not_found_error"}}, 404)

    async with (
        Upstream(knows_no_counting) as upstream,
        proxy(tmp_path, config_for(upstream.url, "anthropic")) as (server, _),
    ):
        status, _, body = await post(f"{server.url}/v1/messages/count_tokens", QUESTION)
        assert status == 200 and 5 < orjson.loads(body)["input_tokens"] < 40
        assert upstream.sent[0].path == "/v1/messages/count_tokens"


ORPHAN = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "x", "content": "x"}]}


async def test_the_sdks_raise_their_own_error_for_what_a_provider_can_not_be_told(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9", "openai_compatible")) as (
        server,
        _,
    ):
        claude = anthropic.AsyncAnthropic(base_url=server.url, api_key="dummy", max_retries=0)
        turns: Any = [{"role": "user", "content": "Go"}, ORPHAN]
        with pytest.raises(anthropic.BadRequestError, match=r"messages\.1: result for 'x'"):
            await claude.messages.create(model="m", max_tokens=9, messages=turns)
        gpt = openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="dummy", max_retries=0)
        items: Any = [
            {"role": "user", "content": "Go"},
            {"type": "function_call_output", "call_id": "x", "output": "x"},
        ]
        with pytest.raises(openai.BadRequestError, match="result for 'x'") as refused:
            await gpt.responses.create(model="m", input=items)
        assert refused.value.param == "input[1]"


async def test_the_openai_sdk_raises_its_own_error_by_the_clients_own_index(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        gpt = openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="dummy", max_retries=0)
        said: Any = [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Go"},
            {"role": "critic", "content": "Hm."},
        ]
        with pytest.raises(openai.BadRequestError, match="critic") as refused:
            await gpt.chat.completions.create(model="m", messages=said)
        assert refused.value.param == "messages[2]"


async def test_a_status_is_the_sdks_own_exception_whatever_the_provider_speaks(tmp_path: Path):
    async def refuses(request, sent):
        said = {"error": {"message": "Slow down", "type": "requests", "code": None}}
        return as_json(said, 429, retry_after="30")

    async with (
        Upstream(refuses) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai_compatible")) as (server, _),
    ):
        claude = anthropic.AsyncAnthropic(base_url=server.url, api_key="dummy", max_retries=0)
        turns: Any = QUESTION["messages"]
        with pytest.raises(anthropic.RateLimitError, match="Slow down") as refused:
            await claude.messages.create(model="m", max_tokens=9, messages=turns)
        assert refused.value.response.headers["retry-after"] == "30"
