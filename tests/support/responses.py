"""Answers as a Responses upstream gives them; blocks as in messages.py, and free-text calls."""

import itertools
from typing import Any

import orjson
from aiohttp import web

from tests.support.messages import Block, text
from tests.support.upstream import Sent, as_json, stream

USAGE = {
    "input_tokens": 200,
    "input_tokens_details": {"cached_tokens": 80},
    "output_tokens": 25,
    "output_tokens_details": {"reasoning_tokens": 5},
    "total_tokens": 225,
}

_ids = itertools.count(1)


def free_call(id: str, name: str, words: str, namespace: str = "") -> Block:
    """A call of a custom tool."""
    inside = {"namespace": namespace} if namespace else {}
    return {"type": "custom", "id": id, "name": name, "input": words, **inside}


def item(block: Block, number: int) -> dict[str, Any]:
    """A block as an output item; one of a type of its own is an item already."""
    if block["type"] == "text":
        part = {"type": "output_text", "annotations": [], "text": block["text"]}
        head = {"id": f"msg_{number:08}", "type": "message", "role": "assistant"}
        return {**head, "status": "completed", "content": [part]}
    if block["type"] not in ("tool_use", "custom"):
        return block
    named: dict[str, Any] = {key: block[key] for key in ("name", "namespace") if key in block}
    named |= {"call_id": block["id"], "status": "completed"}
    if block["type"] == "custom":
        head = {"id": f"ctc_{number:08}", "type": "custom_tool_call"}
        return {**head, **named, "input": block["input"]}
    arguments = orjson.dumps(block["input"]).decode()
    head = {"id": f"fc_{number:08}", "type": "function_call"}
    return {**head, **named, "arguments": arguments}


def answer(model: str, blocks: list[Block]) -> dict[str, Any]:
    return {
        "id": f"resp_{next(_ids):024}",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "model": model,
        "output": [item(block, next(_ids)) for block in blocks],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": USAGE,
    }


def events(model: str, blocks: list[Block]) -> list[bytes]:
    """The stream of `answer`, one event a chunk; text and arguments come in two pieces."""
    whole = answer(model, blocks)
    opening = {**whole, "status": "in_progress", "output": [], "usage": None}
    told = [
        {"type": f"response.{kind}", "response": opening} for kind in ("created", "in_progress")
    ]
    for index, one in enumerate(whole["output"]):
        told += _item(index, one)
    told.append({"type": "response.completed", "response": whole})
    return [_event(one | {"sequence_number": at}) for at, one in enumerate(told)]


def _item(index: int, whole: dict[str, Any]) -> list[dict[str, Any]]:
    place = {"output_index": index, "item_id": whole["id"]}
    kind, key = _GROWS.get(whole["type"], ("", ""))
    empty = {**whole, "status": "in_progress"} | (
        {key: [] if key == "content" else ""} if key else {}
    )
    out = [{"type": "response.output_item.added", "output_index": index, "item": empty}]
    if kind == "output_text":
        place["content_index"] = 0
        part = whole["content"][0]
        out.append({"type": "response.content_part.added", "part": {**part, "text": ""}, **place})
        out += _pieces(kind, "text", part["text"], place)
        out.append({"type": "response.content_part.done", "part": part, **place})
    elif kind:
        out += _pieces(kind, key, whole[key], place)
    return [*out, {"type": "response.output_item.done", "output_index": index, "item": whole}]


_GROWS = {
    "message": ("output_text", "content"),
    "function_call": ("function_call_arguments", "arguments"),
    "custom_tool_call": ("custom_tool_call_input", "input"),
}


_NOTHING: dict[str, dict[str, Any]] = {
    "content": {"content": []},
    "arguments": {"arguments": ""},
    "input": {"input": ""},
}


def _pieces(kind: str, key: str, whole: str, place: dict[str, Any]) -> list[dict[str, Any]]:
    half = len(whole) // 2
    deltas = [
        {"type": f"response.{kind}.delta", "delta": piece, **place}
        for piece in (whole[:half], whole[half:])
    ]
    return [*deltas, {"type": f"response.{kind}.done", key: whole, **place}]


def _event(event: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (event["type"].encode(), orjson.dumps(event))


async def reply(request: web.Request, sent: Sent, blocks: list[Block]) -> web.StreamResponse:
    """Answer as asked: streamed or in one piece."""
    model = sent.body["model"]
    if sent.body.get("stream"):
        return await stream(request, events(model, blocks))
    return as_json(answer(model, blocks))


async def says_hello(request: web.Request, sent: Sent) -> web.StreamResponse:
    """An upstream that always answers with the same words."""
    return await reply(request, sent, [text("Hello from upstream")])
