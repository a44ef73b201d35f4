"""A Responses client's own body for a Responses provider: what no rewrite changed passes as is."""

from collections.abc import Iterator
from typing import Final

from proxy.dialects.model import Block, Body, Image, Json, Request, Text, ToolResult
from proxy.dialects.openai.content import check_images
from proxy.dialects.openai.limits import clamp, without
from proxy.dialects.openai_responses.content_in import read_content
from proxy.dialects.openai_responses.content_out import output
from proxy.dialects.openai_responses.ids import is_ours
from proxy.dialects.openai_responses.tools_in import full_name, read_tools
from proxy.dialects.quirks import Quirks

_OUTPUTS: Final = frozenset(
    {"function_call_output", "custom_tool_call_output", "local_shell_call_output"}
)
_SPEAK_OF_TOOLS: Final = frozenset({"tools", "tool_choice", "parallel_tool_calls"})


def rebuild(request: Request, model: str, quirks: Quirks) -> Body:
    """The client's body with the model and the provider's quirks, else as it came."""
    if not quirks.images:
        check_images(request, quirks)
    body = request.body | {"model": model}
    body = _with_tools(body, _gone(request))
    if isinstance(body.get("input"), list):
        body["input"] = _with_results(body["input"], request, quirks)
    if request.max_tokens is not None and clamp(request.max_tokens, quirks) < request.max_tokens:
        body["max_output_tokens"] = clamp(request.max_tokens, quirks)
    return without(body, model, quirks)


def _gone(request: Request) -> frozenset[str]:
    """Names of the tools that a rewrite took out."""
    kept = {tool.name for tool in request.tools}
    return frozenset(tool.name for tool in read_tools(request.body)) - kept


def _with_tools(body: Body, gone: frozenset[str]) -> Body:
    """The tools that are left, wherever they stand; none left, then nothing that speaks of them."""
    if not gone:
        return body
    tools = list(_left(body.get("tools") or [], gone))
    items = body.get("input")
    if isinstance(items, list):
        body["input"] = [_item_left(item, gone) for item in items]
    if tools:
        return body | {"tools": tools}
    return {key: value for key, value in body.items() if key not in _SPEAK_OF_TOOLS}


def _item_left(item: Body, gone: frozenset[str]) -> Body:
    if item.get("type") != "additional_tools":
        return item
    return item | {"tools": list(_left(item.get("tools") or [], gone))}


def _left(tools: list[Body], gone: frozenset[str], namespace: str = "") -> Iterator[Body]:
    for raw in tools:
        if raw.get("type") == "namespace":
            inner = list(_left(raw["tools"], gone, raw["name"]))
            if inner:
                yield raw | {"tools": inner}
        elif full_name(str(raw.get("name") or raw.get("type")), namespace) not in gone:
            yield raw


def _with_results(items: list[Body], request: Request, quirks: Quirks) -> list[Body]:
    """The items with rewritten results, less the reasoning that we wrote for other providers.

    OpenAI refuses reasoning that it neither holds nor sealed. The same list where all stays.
    """
    told = {result.call_id: result for result in _results(request)}
    twice = _told_twice(items)
    made = [_item(item, told, twice, quirks) for item in items if not _our_reasoning(item)]
    same = len(made) == len(items) and all(a is b for a, b in zip(made, items, strict=True))
    return items if same else made


def _results(request: Request) -> Iterator[ToolResult]:
    for message in request.messages:
        yield from (block for block in message.blocks if isinstance(block, ToolResult))


def _told_twice(items: list[Body]) -> set[Json]:
    seen: set[Json] = set()
    ids = [item.get("call_id") for item in items if item.get("type") in _OUTPUTS]
    return {call_id for call_id in ids if call_id in seen or seen.add(call_id)}  # type: ignore[func-returns-value]


def _our_reasoning(item: Body) -> bool:
    return item.get("type") == "reasoning" and is_ours(item.get("id"))


def _item(item: Body, told: dict[str, ToolResult], twice: set[Json], quirks: Quirks) -> Body:
    if item.get("type") not in _OUTPUTS or item.get("call_id") in twice:
        return item
    result = told.get(str(item.get("call_id")))
    return _result(item, result.content, quirks) if result else item


def _result(item: Body, blocks: list[Block], quirks: Quirks) -> Body:
    """The wire's own result, unless a rewrite gave it other content."""
    if blocks == read_content(item.get("output"), ""):
        return item
    plain = [block for block in blocks if isinstance(block, Text | Image)]
    return item | {"output": output(list(plain), "", quirks)}
