"""A Chat client's own body for a Chat provider: what no rewrite changed passes as it came."""

from collections.abc import Iterator
from itertools import chain

from msgspec.structs import replace

from proxy.dialects.model import Block, Body, Image, Json, Request, Text, Tool, ToolResult
from proxy.dialects.openai.content import check_images
from proxy.dialects.openai.limits import clamp, without
from proxy.dialects.openai_chat.content_out import content
from proxy.dialects.openai_chat.messages_out import messages as write_messages
from proxy.dialects.openai_chat.request_out import effort_field
from proxy.dialects.openai_chat.tools_out import write_tool
from proxy.dialects.quirks import Quirks
from proxy.dialects.schemas import clean

_MAX = ("max_tokens", "max_completion_tokens")
_TOOLS = frozenset({"tools", "tool_choice", "parallel_tool_calls"})
_RESULTS = frozenset({"tool", "function"})


def rebuild(request: Request, model: str, quirks: Quirks) -> Body:
    """The client's body with the model and the provider's quirks, else as it came."""
    if not quirks.images:
        check_images(request, quirks)
    body = request.body | {"model": model, "messages": _messages(request, quirks)}
    body = _with_tools(body, request, quirks)
    body = _with_limits(body, quirks)
    if request.effort and quirks.effort_name != "reasoning_effort":
        body.pop("reasoning_effort", None)
        body |= effort_field(request, model, quirks)
    if request.stream and quirks.stream_usage:
        body |= _with_usage(body.get("stream_options") or {})
    return without(body, model, quirks)


def _with_usage(options: Json) -> Body:
    """The client's options, and ours; what is no object stays for the upstream to refuse."""
    return (
        {"stream_options": options | {"include_usage": True}} if isinstance(options, dict) else {}
    )


def _with_tools(body: Body, request: Request, quirks: Quirks) -> Body:
    """The tools that are left after a rewrite; none left, then nothing that speaks of them."""
    if "tools" not in body:
        return body
    if not request.tools:
        return {key: value for key, value in body.items() if key not in _TOOLS}
    return body | {"tools": [_tool(tool, quirks) for tool in request.tools]}


def _tool(tool: Tool, quirks: Quirks) -> Body:
    if not tool.raw:
        return write_tool(tool, quirks)
    if tool.kind != "function" or quirks.schema_cleaner == "none":
        return tool.raw
    function = tool.raw["function"] | {"parameters": clean(tool.schema, quirks.schema_cleaner)}
    return tool.raw | {"function": function}


def _with_limits(body: Body, quirks: Quirks) -> Body:
    """The limit under the provider's name and within its range, wherever the client put it."""
    given = [body[name] for name in _MAX if body.get(name) is not None]
    if not given:
        return body
    rest = {key: value for key, value in body.items() if key not in _MAX}
    return rest | {quirks.max_tokens_name: clamp(given[-1], quirks)}


def _messages(request: Request, quirks: Quirks) -> list[Body]:
    results = chain.from_iterable(m.blocks for m in request.theirs)
    told = (block for block in results if isinstance(block, ToolResult))
    given = [_message(raw, told, quirks) for raw in request.body["messages"]]
    if not request.added:
        return given
    return given + write_messages(replace(request, system=[], messages=request.ours), quirks)


def _message(raw: Body, told: Iterator[ToolResult], quirks: Quirks) -> Body:
    if raw["role"] == "developer" and quirks.system_role == "system":
        return raw | {"role": "system"}
    if raw["role"] in _RESULTS:
        result = next(told, None)
        return _result(raw, result.content, quirks) if result and result.rewritten else raw
    return raw


def _result(raw: Body, blocks: list[Block], quirks: Quirks) -> Body:
    """The wire's own result with the content that a rewrite gave it."""
    texts = [block for block in blocks if isinstance(block, Text | Image)]
    return raw | {"content": content(list(texts), "", quirks)}
