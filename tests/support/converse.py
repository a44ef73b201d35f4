"""Answers as Bedrock's Converse gives them, plain and as AWS event-stream frames; blocks as in
messages.py."""

import struct
from typing import Any
from zlib import crc32

import orjson
from aiohttp import web

from tests.support.messages import Block
from tests.support.upstream import Sent, as_json

USAGE = {
    "inputTokens": 120,
    "outputTokens": 25,
    "totalTokens": 225,
    "cacheReadInputTokens": 80,
    "cacheWriteInputTokens": 0,
}


def answer(blocks: list[Block]) -> dict[str, Any]:
    calls = any(block["type"] == "tool_use" for block in blocks)
    return {
        "output": {"message": {"role": "assistant", "content": [_content(b) for b in blocks]}},
        "stopReason": "tool_use" if calls else "end_turn",
        "usage": USAGE,
        "metrics": {"latencyMs": 7},
    }


def _content(block: Block) -> dict[str, Any]:
    if block["type"] == "text":
        return {"text": block["text"]}
    use = {"toolUseId": block["id"], "name": block["name"], "input": block["input"]}
    return {"toolUse": use}


def frames(blocks: list[Block]) -> list[bytes]:
    """The stream of `answer`, one event a frame; a call's input comes in two pieces."""
    whole = answer(blocks)
    out = [frame("messageStart", {"role": "assistant"})]
    for index, block in enumerate(whole["output"]["message"]["content"]):
        out += _block(index, block)
    out.append(frame("messageStop", {"stopReason": whole["stopReason"]}))
    return [*out, frame("metadata", {"usage": USAGE, "metrics": {"latencyMs": 7}})]


def _block(index: int, block: dict[str, Any]) -> list[bytes]:
    at = {"contentBlockIndex": index}
    out = []
    if "toolUse" in block:
        use = block["toolUse"]
        start = {"toolUse": {"toolUseId": use["toolUseId"], "name": use["name"]}}
        out.append(frame("contentBlockStart", {"start": start, **at}))
        text = orjson.dumps(use["input"]).decode()
        pieces = [{"toolUse": {"input": part}} for part in (text[:5], text[5:]) if part]
    else:
        pieces = [{"text": block["text"]}]
    out += [frame("contentBlockDelta", {"delta": piece, **at}) for piece in pieces]
    return [*out, frame("contentBlockStop", at)]


def frame(event: str, body: object, kind: str = "event") -> bytes:
    """One frame: prelude, headers, payload, and the checksums of the first and of all."""
    name = ":exception-type" if kind == "exception" else ":event-type"
    fields = {name: event, ":content-type": "application/json", ":message-type": kind}
    headers = b"".join(_header(key, value) for key, value in fields.items())
    payload = orjson.dumps(body)
    prelude = struct.pack("!II", len(headers) + len(payload) + 16, len(headers))
    begun = prelude + struct.pack("!I", crc32(prelude)) + headers + payload
    return begun + struct.pack("!I", crc32(begun))


def _header(name: str, value: str) -> bytes:
    key, text = name.encode(), value.encode()
    return struct.pack("!B", len(key)) + key + struct.pack("!BH", 7, len(text)) + text


async def reply(request: web.Request, sent: Sent, blocks: list[Block]) -> web.StreamResponse:
    """Answer as the path asks: streamed or in one piece."""
    if not sent.path.endswith("/converse-stream"):
        return as_json(answer(blocks))
    response = web.StreamResponse(headers={"Content-Type": "application/vnd.amazon.eventstream"})
    await response.prepare(request)
    for piece in frames(blocks):
        await response.write(piece)
    return response
