"""Neutral blocks as content blocks of the Messages API."""

from collections.abc import Callable
from typing import Any, Final

import orjson

from proxy.dialects.anthropic.digits import input_of
from proxy.dialects.model import Block, Body, Image, Other, Text, Thinking, ToolCall, ToolResult

# Unknown fields of another dialect mean nothing here; these do, wherever they come from.
_KEPT: Final = ("cache_control", "citations")


def write_block(block: Block) -> Body:
    """One block; ValueError for a call whose arguments are not a JSON object."""
    return _WRITERS[type(block)](block)


def arguments(call: ToolCall) -> Body:
    """A call's arguments as an object, {} where it has none; ValueError if they are not one."""
    if not call.arguments.strip():
        return {}
    try:
        found = orjson.loads(call.arguments)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"the arguments of the call of {call.name!r} are not JSON") from error
    if not isinstance(found, dict):
        raise ValueError(f"the arguments of the call of {call.name!r} are not a JSON object")
    return found


def blank(block: Block) -> bool:
    """Whether it is text without a visible character, which the API refuses."""
    return isinstance(block, Text) and (not block.text or block.text.isspace())


def _with_kept(wire: Body, block: Block) -> Body:
    extra = getattr(block, "extra", None)
    if extra:
        wire.update((key, extra[key]) for key in _KEPT if extra.get(key))
    return wire


def _text(block: Text) -> Body:
    return _with_kept({"type": "text", "text": block.text}, block)


def _image(block: Image) -> Body:
    source = {"type": "url", "url": block.url}
    if block.data:
        source = {"type": "base64", "media_type": block.media_type, "data": block.data}
    return _with_kept({"type": "image", "source": source}, block)


def _thinking(block: Thinking) -> Body:
    if block.redacted:
        return {"type": "redacted_thinking", "data": block.redacted}
    return {"type": "thinking", "thinking": block.text, "signature": block.signature}


def _call(block: ToolCall) -> Body:
    given = input_of(block, arguments(block))
    wire = {"type": "tool_use", "id": block.id, "name": block.name, "input": given}
    return _with_kept(wire, block)


def _result(block: ToolResult) -> Body:
    wire: Body = {"type": "tool_result", "tool_use_id": block.call_id}
    content = [write_block(part) for part in block.content if not blank(part)]
    if content:
        wire["content"] = content
    if block.is_error:
        wire["is_error"] = True
    return _with_kept(wire, block)


def _other(block: Other) -> Body:
    return block.raw


_WRITERS: Final[dict[type, Callable[[Any], Body]]] = {
    Text: _text,
    Image: _image,
    Thinking: _thinking,
    ToolCall: _call,
    ToolResult: _result,
    Other: _other,
}
