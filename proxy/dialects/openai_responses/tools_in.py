"""Tools a Responses client offers: functions, free-text tools, namespaces, and OpenAI's own."""

from collections.abc import Callable, Iterator

from proxy.dialects.free_text import describe
from proxy.dialects.model import Body, Json, Tool, ToolChoice
from proxy.dialects.openai.checks import optional, want
from proxy.errors import BadRequest

_LISTING = frozenset({"additional_tools", "tool_search_output"})  # items that offer more tools
_MODES = {"auto": "auto", "required": "any", "none": "none"}

# What the client runs for `local_shell`; OpenAI's models know it without being told.
LOCAL_SHELL: Body = {
    "type": "object",
    "properties": {
        "command": {"type": "array", "items": {"type": "string"}},
        "working_directory": {"type": "string"},
        "timeout_ms": {"type": "integer"},
        "env": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["command"],
}


def full_name(name: str, namespace: Json) -> str:
    """The one name by which any dialect can call a tool that stands in a namespace."""
    return f"{namespace}__{name}" if namespace and isinstance(namespace, str) else name


def read_tools(body: Body) -> list[Tool]:
    """Every tool on offer, wherever it stands; a later one of the same name takes its place."""
    found = {tool.name: tool for raws, where in _lists(body) for tool in _read_list(raws, where)}
    allowed = _allowed(body.get("tool_choice"))
    return [tool for tool in found.values() if allowed is None or tool.name in allowed]


def _lists(body: Body) -> Iterator[tuple[Json, str]]:
    yield optional(body, "tools", list) or [], "tools"
    items = body.get("input")
    for at, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict) and str(item.get("type")) in _LISTING:
            yield item.get("tools") or [], f"input[{at}].tools"


def _read_list(raws: Json, where: str, namespace: Body | None = None) -> Iterator[Tool]:
    for at, given in enumerate(want(raws, list, where)):
        raw = want(given, dict, f"{where}[{at}]")
        kind = want(raw.get("type"), str, f"{where}[{at}].type")
        if kind == "namespace":
            want(raw.get("name"), str, f"{where}[{at}].name")
            yield from _read_list(raw.get("tools"), f"{where}[{at}].tools", raw)
        else:
            yield _within(_READERS.get(kind, _server)(raw, f"{where}[{at}]"), namespace)


def _within(tool: Tool, namespace: Body | None) -> Tool:
    """A tool of a namespace, by its full name; its raw form remembers which."""
    if namespace is None:
        return tool
    told = namespace.get("description")
    tool.raw = tool.raw | {"namespace": namespace["name"]}
    tool.name = full_name(tool.name, namespace["name"])
    tool.description += f"\n\n{namespace['name']}: {told}" if told else ""
    return tool


def _function(raw: Body, where: str) -> Tool:
    name = want(raw.get("name"), str, f"{where}.name")
    schema = want(raw.get("parameters") or {}, dict, f"{where}.parameters")
    return Tool(name, _told(raw), schema, raw=raw)


def _custom(raw: Body, where: str) -> Tool:
    name = want(raw.get("name"), str, f"{where}.name")
    return Tool(name, describe(_told(raw), raw.get("format")), kind="custom", raw=raw)


def _search(raw: Body, where: str) -> Tool:
    """A search over tools that the client holds back is a function to anyone else."""
    if raw.get("execution") != "client":
        return _server(raw, where)
    schema = want(raw.get("parameters") or {}, dict, f"{where}.parameters")
    return Tool("tool_search", _told(raw), schema, raw=raw)


def _shell(raw: Body, where: str) -> Tool:
    return Tool("local_shell", "Runs a command on the user's machine.", LOCAL_SHELL, raw=raw)


def _server(raw: Body, where: str) -> Tool:
    return Tool(str(raw.get("name") or raw["type"]), kind="server", raw=raw)


def _told(raw: Body) -> str:
    return str(raw.get("description") or "")


_READERS: dict[str, Callable[[Body, str], Tool]] = {
    "function": _function,
    "custom": _custom,
    "tool_search": _search,
    "local_shell": _shell,
}


def read_choice(body: Body) -> ToolChoice | None:
    """`tool_choice` with `parallel_tool_calls`; None where neither says anything."""
    given, parallel = body.get("tool_choice"), body.get("parallel_tool_calls") is not False
    if isinstance(given, dict) and given.get("type") == "allowed_tools":
        given = given.get("mode")
    if isinstance(given, dict):
        return ToolChoice("tool", _chosen(given), parallel)
    if isinstance(given, str):
        if given not in _MODES:
            raise BadRequest(f"tool_choice: expected auto, required or none, got {given[:40]!r}")
        return ToolChoice(_MODES[given], parallel=parallel)  # type: ignore[arg-type]  # by the table
    return None if parallel else ToolChoice("auto", parallel=False)


def _chosen(given: Body) -> str:
    """The name that a choice means; OpenAI's own tools go by their type."""
    kind = want(given.get("type"), str, "tool_choice.type")
    if kind in ("function", "custom"):
        return full_name(want(given.get("name"), str, "tool_choice.name"), given.get("namespace"))
    return kind


def _allowed(choice: Json) -> frozenset[str] | None:
    """The tools that the client allows in this turn, None for all."""
    if not isinstance(choice, dict) or choice.get("type") != "allowed_tools":
        return None
    tools = want(choice.get("tools"), list, "tool_choice.tools")
    return frozenset(_chosen(want(tool, dict, "tool_choice.tools")) for tool in tools)
