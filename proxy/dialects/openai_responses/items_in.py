"""Items of a Responses request, one by one, as neutral blocks of either side."""

from collections.abc import Callable

import orjson

from proxy.dialects.free_text import wrap
from proxy.dialects.model import Block, Body, Json, Other, Text, Thinking, ToolCall, ToolResult
from proxy.dialects.openai.calls import argument_text
from proxy.dialects.openai.checks import extra, want
from proxy.dialects.openai_responses.content_in import read_content
from proxy.dialects.openai_responses.tools_in import full_name

_CALL = frozenset({"type", "call_id", "name", "namespace", "arguments", "input", "action"})
_RESULT = frozenset({"type", "call_id", "output", "tools"})
_REASONING = frozenset({"type", "summary", "content", "encrypted_content"})
BETWEEN = "\n\n"  # what stands between the parts of a summary


def read_item(raw: Body, kind: str, where: str) -> Block:
    """An item that is no message; one that this build does not know stays raw."""
    read = _READERS.get(kind)
    return read(raw, where) if read else Other(raw, where)


def is_said(kind: str) -> bool:
    """Whether an item of this type comes from the model: all do but what was given back."""
    return not kind.endswith("_output")


def _function_call(raw: Body, where: str) -> Block:
    return _call(raw, where, argument_text(raw.get("arguments")))


def _custom_call(raw: Body, where: str) -> Block:
    return _call(raw, where, wrap(want(raw.get("input"), str, f"{where}.input")))


def _call(raw: Body, where: str, arguments: str) -> ToolCall:
    name = full_name(want(raw.get("name"), str, f"{where}.name"), raw.get("namespace"))
    return ToolCall(_call_id(raw, where), name, arguments, extra(raw, _CALL))


def _search_call(raw: Body, where: str) -> Block:
    if raw.get("call_id") is None:
        return Other(raw)  # the provider searched by itself
    arguments = argument_text(raw.get("arguments"))
    return ToolCall(_call_id(raw, where), "tool_search", arguments, extra(raw, _CALL))


def _shell_call(raw: Body, where: str) -> Block:
    action = want(raw.get("action"), dict, f"{where}.action")
    told = {key: value for key, value in action.items() if key != "type" and value}
    arguments = orjson.dumps(told).decode()
    return ToolCall(_call_id(raw, where), "local_shell", arguments, extra(raw, _CALL))


def _result(raw: Body, where: str) -> Block:
    content = read_content(raw.get("output"), f"{where}.output")
    return ToolResult(_call_id(raw, where), content, extra=extra(raw, _RESULT), place=where)


def _search_result(raw: Body, where: str) -> Block:
    """The tools found, by name: what they take stands among the tools on offer."""
    if raw.get("call_id") is None:
        return Other(raw)
    names = list(_names(raw.get("tools") or [], ""))
    told = f"Tools that can be called now: {', '.join(names)}" if names else "No tool was found."
    return ToolResult(_call_id(raw, where), [Text(told)], extra=extra(raw, _RESULT))


def _names(tools: Json, namespace: str) -> list[str]:
    found: list[str] = []
    for tool in (one for one in tools if isinstance(one, dict)):
        if tool.get("type") == "namespace":
            found += _names(tool.get("tools") or [], str(tool.get("name")))
        else:
            found.append(full_name(str(tool.get("name")), namespace))
    return found


def _reasoning(raw: Body, where: str) -> Block:
    """What the model told of its thoughts; the sealed rest is the signature."""
    parts = raw.get("summary") or raw.get("content") or []
    text = BETWEEN.join(
        part["text"]
        for part in want(parts, list, f"{where}.summary")
        if isinstance(part, dict) and isinstance(part.get("text"), str)
    )
    sealed = raw.get("encrypted_content")
    signature = sealed if isinstance(sealed, str) else ""
    return Thinking(text, signature, extra=extra(raw, _REASONING))


def _call_id(raw: Body, where: str) -> str:
    given = raw.get("call_id")
    return want(raw.get("id") if given is None else given, str, f"{where}.call_id")


_READERS: dict[str, Callable[[Body, str], Block]] = {
    "function_call": _function_call,
    "custom_tool_call": _custom_call,
    "tool_search_call": _search_call,
    "local_shell_call": _shell_call,
    "function_call_output": _result,
    "custom_tool_call_output": _result,
    "local_shell_call_output": _result,
    "tool_search_output": _search_result,
    "reasoning": _reasoning,
}
