"""Answers as a Messages upstream gives them, plain and streamed."""

import itertools
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from tests.support.upstream import Sent, as_json, stream

USAGE = {
    "input_tokens": 120,
    "cache_read_input_tokens": 80,
    "cache_creation_input_tokens": 0,
    "output_tokens": 25,
}

Block = dict[str, Any]

_ids = itertools.count(1)


def text(words: str) -> Block:
    return {"type": "text", "text": words}


def call(id: str, name: str, /, **arguments: object) -> Block:
    return {"type": "tool_use", "id": id, "name": name, "input": arguments}


def event(name: str, **data: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps({"type": name, **data}))


def answer(model: str, blocks: list[Block]) -> dict[str, Any]:
    calls = any(block["type"] == "tool_use" for block in blocks)
    return {
        "id": f"msg_{next(_ids):024}",  # Claude Code merges answers of one id
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": blocks,
        "stop_reason": "tool_use" if calls else "end_turn",
        "stop_sequence": None,
        "usage": USAGE,
    }


def events(model: str, blocks: list[Block]) -> list[bytes]:
    """The stream of `answer`, one event a chunk."""
    whole = answer(model, blocks)
    opening = {**whole, "content": [], "stop_reason": None, "usage": {**USAGE, "output_tokens": 1}}
    out = [event("message_start", message=opening)]
    for index, block in enumerate(blocks):
        out += _block(index, block)
    ending = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    out.append(event("message_delta", delta=ending, usage={"output_tokens": 25}))
    return [*out, event("message_stop")]


def _block(index: int, block: Block) -> list[bytes]:
    start, *deltas = _PARTS[block["type"]](block)
    return [
        event("content_block_start", index=index, content_block=start),
        *(event("content_block_delta", index=index, delta=delta) for delta in deltas),
        event("content_block_stop", index=index),
    ]


_PARTS: dict[str, Callable[[Block], list[Block]]] = {
    "text": lambda block: [
        {"type": "text", "text": ""},
        {"type": "text_delta", "text": block["text"]},
    ],
    "thinking": lambda block: [
        {"type": "thinking", "thinking": "", "signature": ""},
        {"type": "thinking_delta", "thinking": block["thinking"]},
        {"type": "signature_delta", "signature": block["signature"]},
    ],
    "tool_use": lambda block: [
        {**block, "input": {}},
        {"type": "input_json_delta", "partial_json": orjson.dumps(block["input"]).decode()},
    ],
}


async def reply(request: web.Request, sent: Sent, blocks: list[Block]) -> web.StreamResponse:
    """Answer as asked: streamed or in one piece."""
    model = sent.body["model"]
    if sent.body.get("stream"):
        return await stream(request, events(model, blocks))
    return as_json(answer(model, blocks))


async def says_hello(request: web.Request, sent: Sent) -> web.StreamResponse:
    """An upstream that always answers with the same words."""
    return await reply(request, sent, [text("Hello from upstream")])
