"""Chat content and calls read into neutral blocks; unknown parts stay raw."""

from collections.abc import Callable

import orjson

from proxy.dialects.model import Block, Body, Json, Other, Text, Thinking, ToolCall
from proxy.dialects.openai.calls import argument_text
from proxy.dialects.openai.checks import extra, want
from proxy.dialects.openai.images import image_of
from proxy.dialects.openai_chat.answer import thinking_text

_CALL = frozenset({"id", "type", "function", "custom", "index"})


def read_content(content: Json, where: str) -> list[Block]:
    """A string, parts, or null; an empty string has no blocks."""
    if content is None or content == "":
        return []
    if isinstance(content, str):
        return [Text(content)]
    parts = enumerate(want(content, list, where))
    return [_part(want(part, dict, f"{where}[{at}]"), f"{where}[{at}]") for at, part in parts]


def _part(part: Body, where: str) -> Block:
    read = _PARTS.get(want(part.get("type"), str, f"{where}.type"))
    return read(part, where) if read else Other(part, where)


def _text(part: Body, where: str) -> Block:
    text = want(part.get("text"), str, f"{where}.text")
    return Text(text, extra(part, frozenset({"type", "text"})))


def _image(part: Body, where: str) -> Block:
    """A data URL gives its type and data, any other URL stays one."""
    image = part.get("image_url")
    image = {"url": image} if isinstance(image, str) else want(image, dict, f"{where}.image_url")
    url, detail = want(image.get("url"), str, f"{where}.image_url.url"), extra(image, _URL)
    return image_of(url, detail)


def _refusal(part: Body, where: str) -> Block:
    return Text(want(part.get("refusal"), str, f"{where}.refusal"))


_URL = frozenset({"url"})
_PARTS: dict[str, Callable[[Body, str], Block]] = {
    "text": _text,
    "image_url": _image,
    "refusal": _refusal,
}


def read_assistant(raw: Body, where: str) -> list[Block]:
    """An assistant message: what it thought, said and called, in this order."""
    thought = thinking_text(raw)
    blocks: list[Block] = [Thinking(thought)] if thought else []
    blocks += read_content(raw.get("content"), f"{where}.content")
    blocks += read_content(raw.get("refusal"), f"{where}.refusal")
    calls = want(raw.get("tool_calls") or [], list, f"{where}.tool_calls")
    blocks += [_call(call, f"{where}.tool_calls[{at}]") for at, call in enumerate(calls)]
    old = raw.get("function_call")
    return blocks + ([_old_call(old, f"{where}.function_call")] if old else [])


def _call(raw: Json, where: str) -> ToolCall:
    call = want(raw, dict, where)
    call_id = want(call.get("id"), str, f"{where}.id")
    if call.get("type") == "custom":
        custom = want(call.get("custom"), dict, f"{where}.custom")
        name = want(custom.get("name"), str, f"{where}.custom.name")
        text = want(custom.get("input"), str, f"{where}.custom.input")
        return ToolCall(call_id, name, orjson.dumps({"input": text}).decode(), extra(call, _CALL))
    function = want(call.get("function"), dict, f"{where}.function")
    name = want(function.get("name"), str, f"{where}.function.name")
    return ToolCall(call_id, name, argument_text(function.get("arguments")), extra(call, _CALL))


def _old_call(raw: Json, where: str) -> ToolCall:
    """A call from before there were ids: its name is all that ties it to its result."""
    call = want(raw, dict, where)
    name = want(call.get("name"), str, f"{where}.name")
    return ToolCall(old_id(name), name, argument_text(call.get("arguments")))


def old_id(name: str) -> str:
    """The id of a call in the form before tools, which has none."""
    return f"function_{name}"
