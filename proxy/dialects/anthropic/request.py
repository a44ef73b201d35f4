"""A client's Messages request read into neutral form."""

from typing import Any, Final

from proxy.dialects.anthropic.blocks import read_content
from proxy.dialects.anthropic.checks import number, strings, want, want_or_none
from proxy.dialects.model import Body, Message, Request, Tool, ToolChoice
from proxy.errors import BadRequest
from proxy.memo import Same

NAME: Final = "anthropic"

_NONE: Final[list[Any]] = []  # one for all, so that `Same` knows it
_CONTENT_NEEDED: Final = frozenset({"user", "assistant"})
_MESSAGE: Final = frozenset({"role", "content"})
_CHOICES: Final = frozenset({"auto", "any", "none", "tool"})
_THINKING: Final = {"enabled": True, "adaptive": True, "disabled": False}


def parse(body: Body) -> Request:
    """A Messages body in neutral form; BadRequest names the field that is wrong.

    What this build does not know passes. An absent `model` or `max_tokens` passes too: the route
    gives the one, the upstream asks for the other.
    """
    thinking = want_or_none(body.get("thinking"), dict, "thinking") or {}
    output = want_or_none(body.get("output_config"), dict, "output_config") or {}
    return Request(
        NAME,
        want_or_none(body.get("model"), str, "model") or "",
        _messages(body.get("messages")),
        body,
        read_content(body.get("system") or [], ("system",)),
        _tools_of(_list(body, "tools")),
        _tool_choice(body.get("tool_choice")),
        _max_tokens(body.get("max_tokens")),
        number(body.get("temperature"), "temperature"),
        number(body.get("top_p"), "top_p"),
        want_or_none(body.get("top_k"), int, "top_k"),
        strings(body.get("stop_sequences"), "stop_sequences"),
        want_or_none(body.get("stream"), bool, "stream") or False,
        want_or_none(output.get("effort"), str, "output_config.effort") or "",
        _THINKING.get(str(thinking.get("type"))),
        want_or_none(thinking.get("budget_tokens"), int, "thinking.budget_tokens"),
        _output_schema(body, output),
        _user(body.get("metadata")),
    )


def _list(body: Body, key: str) -> list[Any]:
    return want_or_none(body.get(key), list, key) or _NONE


def _messages(given: Any) -> list[Message]:
    found = want(given, list, "messages")
    if not found:
        raise BadRequest("messages: at least one message is required")
    return [_message(raw, at) for at, raw in enumerate(found)]


def _message(raw: Any, at: int) -> Message:
    role = (raw if type(raw) is dict else want(raw, dict, "messages", at)).get("role")
    if type(role) is not str:
        role = want(role, str, "messages", at, "role")
    content = raw.get("content")
    if content is None and role not in _CONTENT_NEEDED:
        content = []
    blocks = read_content(content, ("messages", at, "content"))
    if len(raw) <= len(_MESSAGE):
        return Message(role, blocks)
    return Message(role, blocks, {key: raw[key] for key in raw if key not in _MESSAGE})


def _tools(given: list[Any]) -> list[Tool]:
    return [_tool(raw, at) for at, raw in enumerate(given)]


def _tool(raw: Any, at: int) -> Tool:
    want(raw, dict, "tools", at)
    kind = want_or_none(raw.get("type"), str, "tools", at, "type") or "custom"
    if kind != "custom":  # this dialect says custom for a plain function
        return Tool(str(raw.get("name") or kind), kind="server", raw=raw)
    return Tool(
        want(raw.get("name"), str, "tools", at, "name"),
        want_or_none(raw.get("description"), str, "tools", at, "description") or "",
        want_or_none(raw.get("input_schema"), dict, "tools", at, "input_schema") or {},
        raw=raw,
    )


_tools_of: Final = Same(_tools)  # `clients.seen_tools` gives a session's requests the very same


def _tool_choice(given: Any) -> ToolChoice | None:
    raw = want_or_none(given, dict, "tool_choice")
    if raw is None:
        return None
    mode = want(raw.get("type"), str, "tool_choice.type")
    if mode not in _CHOICES:
        return None
    name = want(raw.get("name"), str, "tool_choice.name") if mode == "tool" else ""
    return ToolChoice(mode, name, not raw.get("disable_parallel_tool_use"))  # type: ignore[arg-type]  # checked above


def _max_tokens(given: Any) -> int | None:
    count = want_or_none(given, int, "max_tokens")
    if count is not None and count < 0:
        raise BadRequest("max_tokens: Input should be greater than or equal to 0")
    return count


def _output_schema(body: Body, output: Body) -> Body | None:
    for where, value in (
        ("output_config.format", output.get("format")),
        ("output_format", body.get("output_format")),
    ):
        given = want_or_none(value, dict, where)
        if given is not None and given.get("type") == "json_schema":
            return want(given.get("schema"), dict, f"{where}.schema")
    return None


def _user(metadata: Any) -> str:
    given = want_or_none(metadata, dict, "metadata") or {}
    return want_or_none(given.get("user_id"), str, "metadata.user_id") or ""
