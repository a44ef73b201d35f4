"""The proxy's own tools for tools: one that brings back what was stripped, one that calls it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from proxy.dialects.model import Body, Tool, ToolCall

LOAD: Final = "lynkr_load_tools"
CALL: Final = "lynkr_call_tool"

_MORE: Final = "More tools are at hand. Give the names of those you need to {}:\n{}"
_LOADED: Final = "load them, and call them then"
_SHOWN: Final = f"see how they are called, and call them with {CALL}"
_NAMES: Final[Body] = {
    "type": "object",
    "properties": {"names": {"type": "array", "items": {"type": "string"}}},
    "required": ["names"],
}

CALLER: Final = Tool(
    CALL,
    f"Calls a tool that {LOAD} has shown.",
    {
        "type": "object",
        "properties": {"name": {"type": "string"}, "arguments": {"type": "object"}},
        "required": ["name", "arguments"],
    },
)


def loader(lines: Iterable[str], fixed: bool) -> Tool:
    """The tool that loads others, with a line about each. Where the tools of a conversation are
    `fixed`, it only shows them."""
    told = "\n".join(f"- {line}" for line in lines)
    return Tool(LOAD, _MORE.format(_SHOWN if fixed else _LOADED, told), _NAMES)


def wanted(call: ToolCall) -> tuple[str, ...]:
    """The names that a call of the loader gives; none where it can't be read."""
    names = _object(call.arguments).get("names")
    given = names if isinstance(names, list) else [names]
    return tuple(dict.fromkeys(name for name in given if isinstance(name, str)))


def passed_on(call: ToolCall) -> ToolCall | None:
    """The call that a call of the caller stands for; None where it names none."""
    given = _object(call.arguments)
    name, arguments = given.get("name"), given.get("arguments", {})
    if not isinstance(name, str) or not name:
        return None
    text = arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()
    return ToolCall(call.id, name, text, call.extra)


def told(names: Iterable[str], tools: Mapping[str, Tool], fixed: bool) -> str:
    """What the model hears of the tools that it asked for."""
    asked = list(names)
    found = [tools[name] for name in asked if name in tools]
    said = []
    if found and fixed:
        said.append(f"Call each with {CALL}, its name and its arguments:")
        said += [_shown(tool) for tool in found]
    elif found:
        said.append(f"Loaded: {', '.join(tool.name for tool in found)}. They can be called now.")
    said += [f"There is no tool {name!r}." for name in asked if name not in tools]
    return "\n".join(said) or "Give the names of the tools that you need."


def _shown(tool: Tool) -> str:
    shown = {"name": tool.name, "description": tool.description, "arguments": tool.schema}
    return orjson.dumps(shown).decode()


def _object(text: str) -> dict[str, Any]:
    try:
        given = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    return given if isinstance(given, dict) else {}
