"""Golden dialogues of the Responses dialect: where they lie, and what else its tests share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import openai
from aiohttp import web
from aiohttp.test_utils import TestServer

from proxy.dialects.model import (
    BlockStart,
    BlockStop,
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
from proxy.dialects.openai_responses import OPENAI_RESPONSES

GOLDEN = Path(__file__).parents[2] / "golden" / "openai_responses"
REQUESTS = sorted((GOLDEN / "requests").glob("*.json"))
UPSTREAM = sorted((GOLDEN / "upstream").glob("*.json"))
STREAMS = sorted((GOLDEN / "streams").glob("*.txt"))

TOOLS: list[dict[str, Any]] = [
    {"type": "function", "name": "Read", "parameters": {"type": "object"}},
    {"type": "custom", "name": "patch"},
    {
        "type": "namespace",
        "name": "clock",
        "description": "Time.",
        "tools": [{"type": "function", "name": "sleep"}, {"type": "custom", "name": "exec"}],
    },
    {"type": "tool_search", "execution": "client", "parameters": {"type": "object"}},
    {"type": "local_shell"},
]

# An answer of everything: thoughts, words, and a call of each kind of tool above.
STREAM: list[StreamEvent] = [
    Start("r1", "up", Usage()),
    BlockStart(0, Thinking("")),
    Delta(0, "thinking", "h"),
    Delta(0, "thinking", "m"),
    Delta(0, "signature", "c2ln"),
    BlockStop(0),
    Ping(),
    BlockStart(1, Text("")),
    Delta(1, "text", "Rea"),
    Delta(1, "text", "ding."),
    BlockStop(1),
    BlockStart(2, ToolCall("call_a", "Read", "")),
    Delta(2, "arguments", '{"p":'),
    Delta(2, "arguments", "1}"),
    BlockStop(2),
    BlockStart(3, ToolCall("call_b", "patch", "")),
    Delta(3, "arguments", '{"input":"*** Be'),
    Delta(3, "arguments", 'gin\\n"}'),
    BlockStop(3),
    BlockStart(4, ToolCall("call_c", "clock__sleep", "")),
    BlockStop(4),
    BlockStart(5, ToolCall("call_d", "clock__exec", "")),
    Delta(5, "arguments", '{"input":"1+1"}'),
    BlockStop(5),
    BlockStart(6, ToolCall("call_e", "tool_search", "")),
    Delta(6, "arguments", '{"query":"x"}'),
    BlockStop(6),
    BlockStart(7, ToolCall("call_f", "local_shell", "")),
    Delta(7, "arguments", '{"command":["ls"]}'),
    BlockStop(7),
    Finish("tool_use", Usage(input=20, output=7, cache_read=80, reasoning=3)),
    End(),
]


def request_of(**body: Any) -> Request:
    return OPENAI_RESPONSES.parse({"model": "asked", "input": "hi", "tools": TOOLS} | body)


def written(events: list[StreamEvent], request: Request | None = None) -> bytes:
    writer = OPENAI_RESPONSES.writer("asked", request or request_of())
    return b"".join(writer.write(event) for event in events)


@asynccontextmanager
async def sdk(status: int, body: bytes, kind: str) -> AsyncIterator[openai.AsyncOpenAI]:
    """The official SDK, whose every call is answered with `body` over a real socket."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, content_type=kind)

    app = web.Application()
    app.router.add_post("/v1/responses", answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/v1"))
        async with openai.AsyncOpenAI(api_key="d", base_url=url, max_retries=0) as client:
            yield client
