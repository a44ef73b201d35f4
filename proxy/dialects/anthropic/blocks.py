"""Content blocks of the Messages API read into neutral blocks; unknown ones stay raw."""

from collections.abc import Callable
from typing import Any, Final

import orjson

from proxy.dialects.anthropic.checks import want
from proxy.dialects.model import Block, Body, Image, Other, Text, Thinking, ToolCall, ToolResult

Where = tuple[str | int, ...]  # in pieces that are joined only for a refusal


def read_content(content: Any, where: Where) -> list[Block]:
    """A string or an array of blocks; an empty string has no blocks."""
    if type(content) is str:
        return [Text(content)] if content else []
    blocks: list[Block] = []
    for raw in content if type(content) is list else want(content, list, *where):
        blocks.append(read_block(raw, where, len(blocks)))
    return blocks


def read_block(raw: Any, where: Where, at: int) -> Block:
    """One block; BadRequest names it by `where` and `at`."""
    kind = (raw if type(raw) is dict else want(raw, dict, *where, at)).get("type")
    if kind == "text" and len(raw) == 2 and type(text := raw.get("text")) is str:
        return Text(text)
    read = _READERS.get(kind if type(kind) is str else want(kind, str, *where, at, "type"))
    return read(raw, where, at) if read else Other(raw)


def _extra(raw: Body, known: frozenset[str]) -> Body:
    if raw.keys() <= known:
        return {}
    return {key: raw[key] for key in raw if key not in known}


def _text(raw: Body, where: Where, at: int) -> Block:
    return Text(want(raw.get("text"), str, *where, at, "text"), _extra(raw, _TEXT))


def _image(raw: Body, where: Where, at: int) -> Block:
    source = want(raw.get("source"), dict, *where, at, "source")
    extra = _extra(raw, _IMAGE)
    match source.get("type"):
        case "base64":
            data = want(source.get("data"), str, *where, at, "source.data")
            kind = want(source.get("media_type"), str, *where, at, "source.media_type")
            return Image(kind, data, extra=extra)
        case "url":
            return Image(url=want(source.get("url"), str, *where, at, "source.url"), extra=extra)
    return Other(raw)  # a file id means something to its own provider only


def _thinking(raw: Body, where: Where, at: int) -> Block:
    text = want(raw.get("thinking"), str, *where, at, "thinking")
    signature = want(raw.get("signature") or "", str, *where, at, "signature")
    return Thinking(text, signature, extra=_extra(raw, _THINKING))


def _redacted(raw: Body, where: Where, at: int) -> Block:
    data = want(raw.get("data"), str, *where, at, "data")
    return Thinking(redacted=data, extra=_extra(raw, _REDACTED))


def _tool_use(raw: Body, where: Where, at: int) -> Block:
    id, name, given = raw.get("id"), raw.get("name"), raw.get("input")
    if not (type(id) is type(name) is str and type(given) in _INPUT):
        want({} if given is None else given, dict, *where, at, "input")
        want(id, str, *where, at, "id")
        want(name, str, *where, at, "name")
    if given is None:
        return ToolCall(id, name, "", _extra(raw, _TOOL_USE))  # type: ignore[arg-type]  # checked above
    extra = {} if len(raw) == len(_TOOL_USE) else _extra(raw, _TOOL_USE)
    return ToolCall(id, name, orjson.dumps(given).decode(), extra)  # type: ignore[arg-type]  # checked above


def _tool_result(raw: Body, where: Where, at: int) -> Block:
    call, content = raw.get("tool_use_id"), raw.get("content")
    if type(content) is str:
        blocks: list[Block] = [Text(content)] if content else []
    else:
        blocks = [] if content is None else read_content(content, (*where, at, "content"))
    return ToolResult(
        call if type(call) is str else want(call, str, *where, at, "tool_use_id"),
        blocks,
        bool(raw.get("is_error")),
        _extra(raw, _TOOL_RESULT),
    )


_INPUT: Final = (dict, type(None))
_TEXT: Final = frozenset({"type", "text"})
_IMAGE: Final = frozenset({"type", "source"})
_THINKING: Final = frozenset({"type", "thinking", "signature"})
_REDACTED: Final = frozenset({"type", "data"})
_TOOL_USE: Final = frozenset({"type", "id", "name", "input"})
_TOOL_RESULT: Final = frozenset({"type", "tool_use_id", "content", "is_error"})

_READERS: Final[dict[str, Callable[[Body, Where, int], Block]]] = {
    "text": _text,
    "image": _image,
    "thinking": _thinking,
    "redacted_thinking": _redacted,
    "tool_use": _tool_use,
    "tool_result": _tool_result,
}
