"""A Messages client's own body for a Messages provider: what no rewrite changed is as it came."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from proxy.dialects.anthropic.blocks_out import write_block
from proxy.dialects.anthropic.digits import with_digits
from proxy.dialects.anthropic.tools_out import write_tool
from proxy.dialects.model import Block, Body, Message, Request, ToolResult
from proxy.dialects.quirks import Quirks

_OF_TOOLS = ("tools", "tool_choice")


def rebuild(request: Request, model: str, quirks: Quirks) -> Body:
    """The client's body with the model, and the tools and results that a rewrite left, less what
    another provider thought in this session where thinking has to be signed.

    What did not change is the same object, so that `splice.changed` finds what did.
    """
    body = {**request.body, "model": model}
    messages, theirs = body["messages"], request.theirs
    if any(_rewritten(block) for message in theirs for block in message.blocks):
        messages = _all(messages, theirs, _message)
    signed = quirks.signed_thinking
    thought = signed and any(map(_unsigned, chain.from_iterable(map(_blocks, messages))))
    if thought or messages is not body["messages"]:
        messages = with_digits(messages, theirs)
        body["messages"] = _without_unsigned(messages) if thought else messages
    if request.added:
        body["messages"] = [*body["messages"], *_without_unsigned(map(_written, request.ours))]
    return _with_tools(body, request, quirks)


def _with_tools(body: Body, request: Request, quirks: Quirks) -> Body:
    """The tools that are left, and the proxy's own; none left, then nothing that speaks of them."""
    if body.get("tools") and not request.tools:
        return {key: value for key, value in body.items() if key not in _OF_TOOLS}
    given = body.get("tools") or ()
    tools = [tool.raw or write_tool(tool, quirks) for tool in request.tools]
    if len(tools) == len(given) and all(a is b for a, b in zip(tools, given, strict=True)):
        return body
    return {**body, "tools": tools}


def _written(message: Message) -> Body:
    return {"role": message.role, "content": [write_block(block) for block in message.blocks]}


def _all(raws: list[Any], values: list[Any], write: Any) -> list[Any]:
    """`raws`, each written anew from its neutral value; the same list if none changed."""
    written = [write(raw, value) for raw, value in zip(raws, values, strict=True)]
    same = all(new is old for new, old in zip(written, raws, strict=True))
    return raws if same else written


def _message(raw: Body, message: Message) -> Body:
    if not any(map(_rewritten, message.blocks)):
        return raw
    return {**raw, "content": _all(raw["content"], message.blocks, _block)}


def _rewritten(block: Block) -> bool:
    return type(block) is ToolResult and block.rewritten


def _blocks(message: Body) -> list[Body]:
    content = message.get("content")
    return content if isinstance(content, list) else []


def _unsigned(block: Body) -> bool:
    """Whether it is thinking that Anthropic would refuse, as nobody signed it."""
    return block.get("type") == "thinking" and not block.get("signature")


def _without_unsigned(messages: Iterable[Body]) -> list[Body]:
    """The messages that have anything left to say."""
    kept = []
    for message in messages:
        blocks = _blocks(message)
        said = [block for block in blocks if not _unsigned(block)]
        if len(said) == len(blocks):
            kept.append(message)
        elif said:
            kept.append({**message, "content": said})
    return kept


def _block(raw: Body, block: Block) -> Body:
    """The wire's own block, unless a rewrite gave a result other content."""
    if type(block) is not ToolResult or not block.rewritten:
        return raw
    content = raw.get("content")
    written: Any = [write_block(part) for part in block.content]
    plain = isinstance(content, str) and len(written) == 1
    return {**raw, "content": written[0]["text"] if plain else written}
