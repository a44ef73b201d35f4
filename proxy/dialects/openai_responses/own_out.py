"""A Responses client's own body for a Responses provider: what no rewrite changed passes as is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from proxy.dialects.model import Block, Body, Image, Json, Request, Text, Tool, ToolResult
from proxy.dialects.openai.content import check_images
from proxy.dialects.openai.limits import clamp, without
from proxy.dialects.openai_responses.content_out import output
from proxy.dialects.openai_responses.ids import is_ours
from proxy.dialects.openai_responses.items_out import items as write_items
from proxy.dialects.openai_responses.tools_in import full_name, read_tools
from proxy.dialects.openai_responses.tools_out import write_tool
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
    body = _with_tools(body, request, quirks)
    if isinstance(body.get("input"), list):
        body["input"] = _with_results(body["input"], request, quirks)
    if request.added:
        body["input"] = [*_listed(body["input"]), *_own_items(request, quirks)]
    if request.max_tokens is not None and clamp(request.max_tokens, quirks) < request.max_tokens:
        body["max_output_tokens"] = clamp(request.max_tokens, quirks)
    return without(body, model, quirks)


def _with_tools(body: Body, request: Request, quirks: Quirks) -> Body:
    """The tools that are left, wherever they stand, and the proxy's own in their place; none left,
    then nothing that speaks of them."""
    kept = {tool.name: tool.raw for tool in request.tools if tool.raw}
    own = [at for at, tool in enumerate(request.tools) if not tool.raw]
    if not own and kept == {tool.name: tool.raw for tool in read_tools(request.body)}:
        return body
    given = body.get("tools") or []
    start, end = (own[0], own[-1] + 1) if own else (len(kept), len(kept))
    tools = [
        *_left(given, _raws(request.tools[:start])),
        *(write_tool(tool, quirks) for tool in request.tools[start:end]),
        *_left(given, _raws(request.tools[end:])),
    ]
    items = body.get("input")
    if isinstance(items, list):
        body = body | {"input": [_item_left(item, kept) for item in items]}
    if tools:
        return body | {"tools": tools}
    return {key: value for key, value in body.items() if key not in _SPEAK_OF_TOOLS}


def _raws(tools: Iterable[Tool]) -> dict[str, Body]:
    return {tool.name: tool.raw for tool in tools}


def _item_left(item: Body, kept: Mapping[str, Body]) -> Body:
    if item.get("type") != "additional_tools":
        return item
    return item | {"tools": list(_left(item.get("tools") or [], kept))}


def _left(tools: list[Body], kept: Mapping[str, Body], namespace: str = "") -> Iterator[Body]:
    for raw in tools:
        if raw.get("type") == "namespace":
            inner = list(_left(raw["tools"], kept, raw["name"]))
            if inner:
                yield raw | {"tools": inner}
            continue
        name = full_name(str(raw.get("name") or raw.get("type")), namespace)
        if name in kept:
            yield {key: value for key, value in kept[name].items() if key in raw}


def _with_results(items: list[Body], request: Request, quirks: Quirks) -> list[Body]:
    """The items with rewritten results, less the reasoning that we wrote for other providers.

    OpenAI refuses reasoning that it neither holds nor sealed. The same list where all stays.
    """
    told = {result.call_id: result for result in _results(request)}
    twice = _told_twice(items)
    made = [_item(item, told, twice, quirks) for item in items if not _our_reasoning(item)]
    same = len(made) == len(items) and all(a is b for a, b in zip(made, items, strict=True))
    return items if same else made


def _listed(given: Json) -> list[Body]:
    """The input as items: a text alone is what the user says."""
    return [{"role": "user", "content": given}] if isinstance(given, str) else given


def _own_items(request: Request, quirks: Quirks) -> list[Body]:
    return write_items(replace(request, system=[], messages=request.ours), quirks)


def _results(request: Request) -> Iterator[ToolResult]:
    for message in request.theirs:
        yield from (block for block in message.blocks if isinstance(block, ToolResult))


def _told_twice(items: list[Body]) -> set[str]:
    seen: set[str] = set()
    ids = [str(item.get("call_id")) for item in items if str(item.get("type")) in _OUTPUTS]
    return {call_id for call_id in ids if call_id in seen or seen.add(call_id)}  # type: ignore[func-returns-value]


def _our_reasoning(item: Body) -> bool:
    return item.get("type") == "reasoning" and is_ours(item.get("id"))


def _item(item: Body, told: dict[str, ToolResult], twice: set[str], quirks: Quirks) -> Body:
    call_id = str(item.get("call_id"))
    if str(item.get("type")) not in _OUTPUTS or call_id in twice:
        return item
    result = told.get(call_id)
    return _result(item, result.content, quirks) if result and result.rewritten else item


def _result(item: Body, blocks: list[Block], quirks: Quirks) -> Body:
    """The wire's own result with the content that a rewrite gave it."""
    plain = [block for block in blocks if isinstance(block, Text | Image)]
    return item | {"output": output(list(plain), "", quirks)}
