"""A client's Chat Completions request read into neutral form."""

from typing import Literal

from proxy.dialects.free_text import describe
from proxy.dialects.model import Body, Json, Request, Tool, ToolChoice
from proxy.dialects.openai.checks import count, number, optional, want
from proxy.dialects.openai_chat.messages_in import read_messages

NAME = "openai_chat"

_MODES: dict[str, Literal["auto", "any", "none"]] = {
    "auto": "auto",
    "required": "any",
    "none": "none",
}


def parse(body: Body) -> Request:
    """A Chat body in neutral form; BadRequest names the field that is wrong.

    Fields that this build does not know pass with `body` to an upstream of the same dialect.
    """
    system, messages = read_messages(body.get("messages"))
    effort = _effort(body)
    return Request(
        dialect=NAME,
        model=optional(body, "model", str) or "",
        messages=messages,
        body=body,
        system=system,
        tools=_tools(body),
        tool_choice=_choice(body),
        max_tokens=_max_tokens(body),
        temperature=number(body, "temperature"),
        top_p=number(body, "top_p"),
        top_k=optional(body, "top_k", int),
        stop=_stop(body.get("stop")),
        stream=optional(body, "stream", bool) or False,
        effort=effort,
        thinking=False if effort == "none" else None,
        output_schema=_schema(body),
        user=optional(body, "user", str) or "",
    )


def _max_tokens(body: Body) -> int | None:
    newer = count(body, "max_completion_tokens")
    return count(body, "max_tokens") if newer is None else newer


def _stop(given: Json) -> list[str]:
    if given is None:
        return []
    if isinstance(given, str):
        return [given]
    return [want(item, str, f"stop[{at}]") for at, item in enumerate(want(given, list, "stop"))]


def _effort(body: Body) -> str:
    """OpenAI's field, or OpenRouter's object."""
    reasoning = body.get("reasoning")
    nested = reasoning.get("effort") if isinstance(reasoning, dict) else None
    return optional(body, "reasoning_effort", str) or (nested if isinstance(nested, str) else "")


def _tools(body: Body) -> list[Tool]:
    newer = enumerate(optional(body, "tools", list) or [])
    older = enumerate(optional(body, "functions", list) or [])
    return [_tool(raw, f"tools[{at}]") for at, raw in newer] + [
        _function(raw, {"type": "function", "function": raw}, f"functions[{at}]")
        for at, raw in older
    ]


def _tool(given: Json, where: str) -> Tool:
    raw = want(given, dict, where)
    kind = want(raw.get("type"), str, f"{where}.type")
    if kind == "function":
        return _function(raw.get("function"), raw, f"{where}.function")
    if kind == "custom":
        custom = want(raw.get("custom"), dict, f"{where}.custom")
        name = want(custom.get("name"), str, f"{where}.custom.name")
        told = describe(str(custom.get("description") or ""), custom.get("format"))
        return Tool(name, told, kind="custom", raw=raw)
    return Tool(str(raw.get("name") or kind), kind="server", raw=raw)


def _function(given: Json, raw: Body, where: str) -> Tool:
    function = want(given, dict, where)
    name = want(function.get("name"), str, f"{where}.name")
    schema = want(function.get("parameters") or {}, dict, f"{where}.parameters")
    return Tool(name, str(function.get("description") or ""), schema, raw=raw)


def _choice(body: Body) -> ToolChoice | None:
    given, parallel = body.get("tool_choice"), body.get("parallel_tool_calls") is not False
    if isinstance(given, str) and given in _MODES:
        return ToolChoice(_MODES[given], parallel=parallel)
    if isinstance(given, dict):
        named = given.get("function") or given.get("custom")
        if isinstance(named, dict):
            name = want(named.get("name"), str, "tool_choice.function.name")
            return ToolChoice("tool", name, parallel)
    return None if parallel else ToolChoice("auto", parallel=False)


def _schema(body: Body) -> Body | None:
    given = optional(body, "response_format", dict) or {}
    if given.get("type") != "json_schema":
        return None
    wrapped = want(given.get("json_schema"), dict, "response_format.json_schema")
    return want(wrapped.get("schema"), dict, "response_format.json_schema.schema")
