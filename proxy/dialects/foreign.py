"""Blocks that only another dialect knows, as text that any model can read."""

from collections.abc import Callable

import orjson

from proxy.dialects.model import Body, Json, Request
from proxy.errors import BadRequest


def refuse_held(request: Request) -> None:
    """BadRequest for a request that leans on what another provider stored: it can't be sent."""
    if request.held:
        raise BadRequest(
            f"{request.held}: this stands for what the client's own provider holds, and the "
            "request goes to another; send the whole conversation instead"
        )


def foreign_text(raw: Body) -> str | None:
    """The block in words, or None where words can't carry it (a PDF, an unknown type)."""
    kind = str(raw.get("type", ""))
    tell = _TELL.get(kind) or (_outcome if kind.endswith("_tool_result") else None)
    return tell(raw) if tell else None


def _outcome(raw: Body) -> str:
    """What a provider's own tool gave back, without payloads only that provider can read."""
    name = str(raw["type"]).removesuffix("_tool_result")
    return f"[{name} result: {_plain(_readable(raw.get('content')))}]"


def _own_call(raw: Body) -> str:
    """What an OpenAI model called at OpenAI, and what that gave back where it is told."""
    told = {key: raw[key] for key in raw if key not in ("type", "id", "status") and raw[key]}
    return f"[{str(raw['type']).removesuffix('_call')} called: {_plain(told)}]"


def _readable(value: Json) -> Json:
    if isinstance(value, list):
        return [_readable(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {k: _readable(v) for k, v in value.items() if not k.startswith("encrypted_")}


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _document(raw: Body) -> str | None:
    source = raw.get("source")
    source = source if isinstance(source, dict) else {}
    texts = {"text": source.get("data"), "content": _joined(source.get("content"))}
    body = texts.get(str(source.get("type")))
    title = raw.get("title")
    return f"{title}\n{body}" if body and title else body


def _joined(content: Json) -> str:
    if not isinstance(content, list):
        return content if isinstance(content, str) else ""
    return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


_TELL: dict[str, Callable[[Body], str | None]] = {
    "tool_reference": lambda raw: f"[tool {raw.get('tool_name', '')} can be called now]",
    "server_tool_use": lambda raw: f"[{raw.get('name', '')} called: {_plain(raw.get('input'))}]",
    "search_result": lambda raw: "\n".join(
        (str(raw.get("title", "")), str(raw.get("source", "")), _joined(raw.get("content")))
    ),
    "document": _document,
    "web_search_call": _own_call,
    "file_search_call": _own_call,
    "code_interpreter_call": _own_call,
    "mcp_call": _own_call,
}
