"""Puts the rewrites together: a pure function of the settings and the conversation so far."""

from collections.abc import Iterator
from dataclasses import replace

from proxy.dialects.model import Block, Message, Request, Text, Tool, ToolCall, ToolResult
from proxy.exchange import ResultRewrite, Rewrite
from proxy.rewrite.results import is_known, shrink, worth_trying
from proxy.rewrite.results.quoting import must_be_exact
from proxy.rewrite.settings import RewriteSettings
from proxy.rewrite.tools import strip
from proxy.tokens import estimate

HEAVY = 60_000  # characters of new results that would hold the loop for some milliseconds


def rewrite(request: Request, settings: RewriteSettings) -> tuple[Request, Rewrite]:
    """The request in fewer tokens, and what was changed; the very same object if nothing was.

    A result is rewritten the same way in every later turn, after a restart, and elsewhere. Lists
    that change are new ones: `request` stays as it is. `messages`, `tools` and (where no tool
    stays) `tool_choice` are all that can differ.
    """
    tools, stripped = strip(request, settings)
    messages, results = _messages(request.messages, settings)
    saved = sum(r.before - r.after for r in results) + _cost(request.tools, tools)
    told = Rewrite(tuple(tool.name for tool in tools), stripped, results, saved)
    if messages is request.messages and tools is request.tools:
        return request, told
    choice = request.tool_choice if tools else None
    return replace(request, messages=messages, tools=tools, tool_choice=choice), told


def is_heavy(request: Request, settings: RewriteSettings) -> bool:
    """Whether `rewrite` had better run in a thread: much is there that it has not met before."""
    if settings.level == "off":
        return False
    texts = (text for message in request.messages for text in _result_texts(message))
    return sum(len(text) for text in texts if worth_trying(text) and not is_known(text)) > HEAVY


def _result_texts(message: Message) -> Iterator[str]:
    for block in message.blocks:
        if isinstance(block, ToolResult):
            yield from (inner.text for inner in block.content if isinstance(inner, Text))


def _cost(before: list[Tool], after: list[Tool]) -> int:
    """Tokens of the tools that went, estimated."""
    if before is after:
        return 0
    kept = {id(tool) for tool in after}
    return sum(estimate(_chars(tool)) for tool in before if id(tool) not in kept)


def _chars(tool: Tool) -> int:
    return len(str(tool.raw or (tool.name, tool.description, tool.schema)))


def _messages(
    given: list[Message], settings: RewriteSettings
) -> tuple[list[Message], tuple[ResultRewrite, ...]]:
    if settings.level == "off":
        return given, ()
    calls: dict[str, ToolCall] = {}
    told: list[ResultRewrite] = []
    changed: dict[int, Message] = {}
    for at, message in enumerate(given):
        blocks = _blocks(message.blocks, calls, told)
        if blocks is not message.blocks:
            changed[at] = replace(message, blocks=blocks)
    if not changed:
        return given, ()
    return [changed.get(at, message) for at, message in enumerate(given)], tuple(told)


def _blocks(
    given: list[Block], calls: dict[str, ToolCall], told: list[ResultRewrite]
) -> list[Block]:
    made = given
    for at, block in enumerate(given):
        if isinstance(block, ToolCall):
            calls[block.id] = block
        elif isinstance(block, ToolResult):
            content = _content(block, calls.get(block.call_id), told)
            if content is not block.content:
                made = list(given) if made is given else made
                made[at] = replace(block, content=content)
    return made


def _content(result: ToolResult, call: ToolCall | None, told: list[ResultRewrite]) -> list[Block]:
    made = result.content
    for at, block in enumerate(result.content):
        if not isinstance(block, Text) or not worth_trying(block.text) or must_be_exact(call):
            continue
        shrunk = shrink(block.text)
        if shrunk and call:
            made = list(made) if made is result.content else made
            made[at] = replace(block, text=shrunk.text)
            before, after = estimate(len(block.text)), estimate(len(shrunk.text))
            told.append(ResultRewrite(call.name, shrunk.technique, before, after))
    return made
