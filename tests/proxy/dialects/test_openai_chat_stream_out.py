"""Streams as a Chat client gets them, read back by the official SDK's own parser."""

from typing import Any

import openai
import orjson
import pytest
from openai.types.chat import ChatCompletionChunk

from proxy.dialects.model import (
    BlockStart,
    BlockStop,
    Broken,
    Delta,
    End,
    Finish,
    Ping,
    Request,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.openai_chat import OPENAI_CHAT
from tests.proxy.dialects.chat_golden import STREAMS, lines, read_stream
from tests.proxy.dialects.chat_sdk import ASK, sdk

USAGE = Usage(input=20, output=7, cache_read=80)
STREAM: list[StreamEvent] = [
    Start("c1", "up", Usage()),
    BlockStart(0, Thinking("")),
    Delta(0, "thinking", "hm"),
    Delta(0, "signature", "c2ln"),
    BlockStop(0),
    Ping(),
    BlockStart(1, Text("")),
    Delta(1, "text", "Rea"),
    Delta(1, "text", "ding."),
    BlockStop(1),
    BlockStart(2, ToolCall("a", "Read", "")),
    Delta(2, "arguments", '{"p":'),
    Delta(2, "arguments", "1}"),
    BlockStop(2),
    BlockStart(3, ToolCall("b", "Ping", "")),
    BlockStop(3),
    Finish("tool_use", USAGE),
    End(),
]


def request_of(**body) -> Request:
    return Request("openai_chat", "asked", [], body)


def write(events: list[StreamEvent], request: Request | None = None) -> bytes:
    writer = OPENAI_CHAT.writer("asked", request)
    return b"".join(writer.write(event) for event in events)


def chunks(wire: bytes) -> list[dict[str, Any]]:
    datas = [line[6:] for line in wire.split(b"\n") if line.startswith(b"data: ")]
    return [orjson.loads(data) for data in datas if data != b"[DONE]"]


async def sdk_chunks(wire: bytes) -> list[ChatCompletionChunk]:
    async with sdk(200, wire, "text/event-stream") as client:
        stream = await client.chat.completions.create(model="m", messages=ASK, stream=True)
        return [chunk async for chunk in stream]


async def test_the_sdk_reads_role_thinking_text_calls_and_finish():
    found = await sdk_chunks(write(STREAM))
    deltas = [chunk.choices[0].delta for chunk in found]
    pieces = [piece for delta in deltas for piece in delta.tool_calls or []]
    names = [(p.index, p.id, p.function and p.function.name) for p in pieces if p.id]
    arguments = [p.function.arguments for p in pieces if p.index == 0 and p.function]
    finishes = [chunk.choices[0].finish_reason for chunk in found]

    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == "Reading."
    assert [d.reasoning_content for d in deltas if hasattr(d, "reasoning_content")] == ["hm"]
    assert names == [(0, "a", "Read"), (1, "b", "Ping")]
    assert "".join(filter(None, arguments)) == '{"p":1}'
    assert [finish for finish in finishes if finish] == ["tool_calls"]
    assert {(c.id, c.model) for c in found} == {("c1", "asked")}
    assert write(STREAM).endswith(b"data: [DONE]\n\n")


def test_usage_comes_last_and_only_where_it_was_asked_for():
    asked = chunks(write(STREAM, request_of(stream_options={"include_usage": True})))
    assert asked[-1]["choices"] == []
    assert asked[-1]["usage"]["prompt_tokens"] == 100
    for request in (None, request_of(), request_of(stream_options={"include_usage": False})):
        assert all("usage" not in chunk for chunk in chunks(write(STREAM, request)))


def test_usage_that_nobody_said_is_not_made_up():
    events = [*STREAM[:-2], Finish("tool_use", Usage()), End()]
    wire = write(events, request_of(stream_options={"include_usage": True}))
    assert all(chunk["choices"] for chunk in chunks(wire))


async def test_a_broken_stream_is_an_error_for_the_sdk_and_has_no_done():
    wire = write([*STREAM[:9], Broken("overloaded_error", "Overloaded")])
    assert b"[DONE]" not in wire
    with pytest.raises(openai.APIError, match="Overloaded"):
        await sdk_chunks(wire)


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_every_golden_stream_means_the_same_when_written_and_read_again(path):
    wire, _ = read_stream(path)
    reader = OPENAI_CHAT.reader()
    events = reader.feed(wire) + reader.close()
    again = OPENAI_CHAT.reader()
    written = write(events, request_of(stream_options={"include_usage": True}))
    assert told(again.feed(written) + again.close()) == [
        line.replace("upstream-model", "asked") for line in told(events)
    ]


def told(events: list[StreamEvent]) -> list[str]:
    """Chat has no word for the end of a block: it shows only where something follows."""
    said = lines(events)
    short = bool(said) and said[-1].startswith("broken")
    said = [line for line in said if not line.endswith(" arguments {}")]  # as good as none
    return [line for line in said if not (short and line.startswith("close"))]
