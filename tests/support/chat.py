"""Answers as a Chat Completions upstream gives them; blocks as in messages.py."""

from typing import Any

import orjson
from aiohttp import web

from tests.support.messages import Block, text
from tests.support.upstream import Sent, as_json, stream

USAGE = {
    "prompt_tokens": 200,
    "completion_tokens": 25,
    "total_tokens": 225,
    "prompt_tokens_details": {"cached_tokens": 80},
}


def answer(model: str, blocks: list[Block]) -> dict[str, Any]:
    calls = [_call(block) for block in blocks if block["type"] == "tool_use"]
    words = "".join(block["text"] for block in blocks if block["type"] == "text")
    message: dict[str, Any] = {"role": "assistant", "content": words or None}
    if calls:
        message["tool_calls"] = calls
    reason = "tool_calls" if calls else "stop"
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": USAGE,
    }


def _call(block: Block) -> dict[str, Any]:
    function = {"name": block["name"], "arguments": orjson.dumps(block["input"]).decode()}
    return {"id": block["id"], "type": "function", "function": function}


def chunks(model: str, blocks: list[Block]) -> list[bytes]:
    """The stream of `answer`; a call's arguments come in two pieces."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    calls = 0
    for block in blocks:
        if block["type"] == "text":
            deltas.append({"content": block["text"]})
            continue
        call = _call(block)
        arguments = call["function"]["arguments"]
        half = len(arguments) // 2
        opening = {**call, "index": calls, "function": {**call["function"], "arguments": ""}}
        deltas.append({"tool_calls": [opening]})
        for piece in (arguments[:half], arguments[half:]):
            deltas.append({"tool_calls": [{"index": calls, "function": {"arguments": piece}}]})
        calls += 1
    out = [_chunk(model, [{"index": 0, "delta": d, "finish_reason": None}]) for d in deltas]
    reason = "tool_calls" if calls else "stop"
    out.append(_chunk(model, [{"index": 0, "delta": {}, "finish_reason": reason}]))
    return [*out, _chunk(model, [], usage=USAGE), b"data: [DONE]\n\n"]


def _chunk(model: str, choices: list[dict[str, Any]], **more: object) -> bytes:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": model,
        "choices": choices,
        **more,
    }
    return b"data: %s\n\n" % orjson.dumps(body)


async def reply(request: web.Request, sent: Sent, blocks: list[Block]) -> web.StreamResponse:
    """Answer as asked: streamed or in one piece."""
    model = sent.body["model"]
    if sent.body.get("stream"):
        return await stream(request, chunks(model, blocks))
    return as_json(answer(model, blocks))


async def says_hello(request: web.Request, sent: Sent) -> web.StreamResponse:
    """An upstream that always answers with the same words."""
    return await reply(request, sent, [text("Hello from upstream")])
