"""Plain answers and errors are what the Anthropic SDK expects, and say what was billed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anthropic
import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.model import (
    Answer,
    BlockStart,
    BlockStop,
    Delta,
    End,
    Finish,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.errors import Upstream

WIRE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-x",
    "content": [
        {"type": "thinking", "thinking": "Look.", "signature": "c2ln"},
        {"type": "text", "text": "Reading."},
        {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"path": "/ä"}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {
        "input_tokens": 25,
        "output_tokens": 15,
        "cache_read_input_tokens": 900,
        "cache_creation_input_tokens": 40,
        "output_tokens_details": {"thinking_tokens": 4},
    },
}
CALL = ToolCall("toolu_1", "Read", '{"path":"/ä"}')
ANSWER = Answer(
    "msg_1",
    "claude-x",
    [Thinking("Look.", "c2ln"), Text("Reading."), CALL],
    "tool_use",
    Usage(25, 15, 900, 40, 4),
)


def test_an_answer_is_read_and_written_back() -> None:
    assert ANTHROPIC.read_answer(WIRE) == ANSWER
    assert ANTHROPIC.write_answer(ANSWER, "claude-x") == WIRE
    assert ANTHROPIC.usage(WIRE) == ANSWER.usage


def test_the_model_named_is_the_one_asked_for() -> None:
    assert ANTHROPIC.write_answer(ANSWER, "opus")["model"] == "opus"


@pytest.mark.parametrize(
    ("said", "calls", "means"),
    [
        ("end_turn", False, "end_turn"),
        ("end_turn", True, "tool_use"),
        ("max_tokens", True, "max_tokens"),
        ("pause_turn", False, "end_turn"),
        ("model_context_window_exceeded", False, "max_tokens"),
        ("refusal", False, "refusal"),
        ("of next year", False, "end_turn"),
        (None, True, "tool_use"),
        (None, False, "end_turn"),
    ],
)
def test_every_stop_reason_has_a_meaning(said, calls, means) -> None:
    content = WIRE["content"] if calls else []
    answer = ANTHROPIC.read_answer(WIRE | {"stop_reason": said, "content": content})
    assert answer.stop == means


@pytest.mark.parametrize("arguments", ['{"path":', "[]", "nonsense"])
def test_arguments_that_are_no_object_are_not_made_up(arguments: str) -> None:
    broken = Answer("", "m", [ToolCall("a", "Read", arguments)], "tool_use", Usage())
    with pytest.raises(Upstream, match="'Read'"):
        ANTHROPIC.write_answer(broken, "m")


def test_an_unsaid_usage_is_not_made_up() -> None:
    assert ANTHROPIC.usage({}) == Usage()
    assert ANTHROPIC.usage({"usage": {"input_tokens": "many", "output_tokens": 3}}) == Usage(
        output=3
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content": None},
        {"content": [{"type": "text"}]},
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
    ],
)
def test_an_answer_that_is_none_is_the_upstreams_fault(body) -> None:
    with pytest.raises(Upstream) as fault:
        ANTHROPIC.read_answer(body)
    assert fault.value.status == 502


# What the SDK makes of it


@asynccontextmanager
async def sdk(wire: bytes, status: int = 200) -> AsyncIterator[anthropic.AsyncAnthropic]:
    """The real SDK before a server that answers everything with `wire`."""

    async def answer(_: web.Request) -> web.Response:
        kind = "application/json" if wire.startswith(b"{") else "text/event-stream"
        return web.Response(status=status, body=wire, content_type=kind)

    app = web.Application()
    app.router.add_post("/v1/messages", answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        async with anthropic.AsyncAnthropic(api_key="k", base_url=url, max_retries=0) as client:
            yield client


ASK: dict[str, Any] = {
    "model": "opus",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "hi"}],
}


async def test_the_sdk_reads_a_plain_answer() -> None:
    async with sdk(orjson.dumps(ANTHROPIC.write_answer(ANSWER, "opus"))) as client:
        message = await client.messages.create(**ASK)
    assert message.stop_reason == "tool_use"
    assert message.content[2].model_dump()["input"] == {"path": "/ä"}
    assert message.usage.cache_read_input_tokens == 900


async def test_the_sdk_reads_a_stream() -> None:
    writer = ANTHROPIC.writer("opus")
    events: list[StreamEvent] = [
        Start("msg_1", "m", Usage(25, 1)),
        BlockStart(0, Thinking()),
        Delta(0, "thinking", "Look."),
        Delta(0, "signature", "c2ln"),
        BlockStop(0),
        BlockStart(1, Text("")),
        Delta(1, "text", "Read"),
        Delta(1, "text", "ing."),
        BlockStop(1),
        BlockStart(2, ToolCall("toolu_1", "Read", "")),
        Delta(2, "arguments", '{"path":'),
        Delta(2, "arguments", '"/ä"}'),
        BlockStop(2),
        Finish("tool_use", ANSWER.usage),
        End(),
    ]
    wire = b"".join(writer.write(event) for event in events)
    async with sdk(wire) as client, client.messages.stream(**ASK) as stream:
        message = await stream.get_final_message()
    assert message.model_dump(exclude_none=True)["content"] == WIRE["content"]
    assert (message.stop_reason, message.usage.output_tokens) == ("tool_use", 15)


@pytest.mark.parametrize(
    ("status", "kind", "raised"),
    [
        (400, "invalid_request_error", anthropic.BadRequestError),
        (401, "authentication_error", anthropic.AuthenticationError),
        (403, "permission_error", anthropic.PermissionDeniedError),
        (404, "not_found_error", anthropic.NotFoundError),
        (413, "request_too_large", anthropic.APIStatusError),
        (418, "invalid_request_error", anthropic.APIStatusError),
        (429, "rate_limit_error", anthropic.RateLimitError),
        (500, "api_error", anthropic.InternalServerError),
        (502, "api_error", anthropic.InternalServerError),
        (504, "timeout_error", anthropic.InternalServerError),
        (529, "overloaded_error", anthropic.InternalServerError),
    ],
)
async def test_the_sdk_reads_every_error(status: int, kind: str, raised: type[Exception]) -> None:
    body = ANTHROPIC.error_body(status, "no such thing")
    async with sdk(orjson.dumps(body), status) as client:
        with pytest.raises(raised, match="no such thing"):
            await client.messages.create(**ASK)
    assert body["error"]["type"] == kind


async def test_the_sdk_reads_an_error_inside_a_stream() -> None:
    async with sdk(ANTHROPIC.error_event(529, "Overloaded")) as client:
        with pytest.raises(anthropic.APIStatusError, match="Overloaded"):
            async for _ in await client.messages.create(**ASK, stream=True):
                pass


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 8192 tokens. However, you requested 9000.",
        "Requested tokens (600) exceed context window of 512",
        "context_length_exceeded",
        "The input is too long for this model",
    ],
)
def test_an_overflow_has_the_words_that_a_client_recovers_from(message: str) -> None:
    told = ANTHROPIC.error_body(400, message)["error"]["message"]
    assert told == f"prompt is too long: {message}"
    assert ANTHROPIC.error_body(400, told)["error"]["message"] == told
    assert ANTHROPIC.error_body(500, message)["error"]["message"] == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"type":"error","error":{"type":"x","message":"Overloaded"}}', "Overloaded"),
        (b'{"error":{"message":"bad key"}}', "bad key"),
        (b'{"error":"model not found"}', "model not found"),
        (b'[{"error":{"code":400,"message":"bad schema"}}]', "bad schema"),
        (b'{"detail":[{"loc":["body"],"message":"missing"}]}', "missing"),
        (b'{"message":"Forbidden"}', "Forbidden"),
        (b"<html>\n <b>Bad gateway</b>", "<html> <b>Bad gateway</b>"),
        (b'{"odd":1}', '{"odd":1}'),
        (b"", "the provider answered 502 with an empty body"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_the_message_is_found_in_any_error_body(body: bytes, message: str) -> None:
    assert ANTHROPIC.read_error(502, body) == message


def test_a_long_error_page_is_shortened() -> None:
    assert len(ANTHROPIC.read_error(502, b"<p>" * 5000)) <= 601


def test_an_error_nested_very_deep_is_told_as_text() -> None:
    body = b'{"error":' * 900 + b'"x"' + b"}" * 900
    assert ANTHROPIC.read_error(500, body).startswith('{"error":')


def test_error_bodies_are_json() -> None:
    event = ANTHROPIC.error_event(429, "slow down").split(b"data: ")[1]
    assert orjson.loads(event) == ANTHROPIC.error_body(429, "slow down")
