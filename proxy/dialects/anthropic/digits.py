"""Numbers in calls, digit by digit: parsing rounds what no 64-bit integer or float can hold."""

import orjson

from proxy.dialects.model import Answer, Block, Body, Json, Message, Request, ToolCall
from proxy.dialects.splice import Layout


def exact_calls(request: Request, raw: bytes) -> None:
    """Give every call of a Messages client that may have been rounded its very text in `raw`."""
    contents = [message.get("content") for message in request.body["messages"]]
    rounded = [at for at, content in enumerate(contents) if any(map(_rounded, _list(content)))]
    if not rounded:
        return
    layout = Layout(raw)
    messages = list(layout.elements(_value(layout, 0, "messages").start))
    for at in rounded:
        _restore(layout, messages[at].start, contents[at], request.messages[at].blocks)


def exact_answer(answer: Answer, body: Body, raw: bytes) -> None:
    """The same for the calls of a Messages answer, `body` as it was parsed from `raw`."""
    content = _list(body.get("content"))
    if any(map(_rounded, content)):
        _restore(Layout(raw), 0, content, answer.blocks)


def _restore(layout: Layout, at: int, content: list[Body], blocks: list[Block]) -> None:
    """Into `blocks`, which were read from the `content` of the object at `at`."""
    spans = layout.elements(_value(layout, at, "content").start)
    for block, wire, span in zip(blocks, content, spans, strict=True):
        if isinstance(block, ToolCall) and _rounded(wire):
            block.arguments = layout.body[_value(layout, span.start, "input")].decode()


def input_of(call: ToolCall, parsed: Json) -> Json:
    """A call's arguments for the wire: `parsed`, or the very text where that was rounded."""
    return orjson.Fragment(call.arguments) if _fractional(parsed) else parsed


def with_digits(messages: list[Body], values: list[Message]) -> list[Body]:
    """Wire messages with the very text of what `exact_calls` found in their `values`."""
    return [_exact(wire, value) for wire, value in zip(messages, values, strict=True)]


def _exact(wire: Body, message: Message) -> Body:
    content = _list(wire.get("content"))
    if not any(map(_rounded, content)):
        return wire
    both = zip(content, message.blocks, strict=True)
    return {**wire, "content": [_exact_block(*pair) for pair in both]}


def _exact_block(wire: Body, block: Block) -> Body:
    if not isinstance(block, ToolCall):
        return wire
    return {**wire, "input": input_of(block, wire.get("input"))}


def _list(content: Json) -> list[Json]:
    return content if isinstance(content, list) else []


def _rounded(block: Json) -> bool:
    return block.get("type") == "tool_use" and _fractional(block.get("input"))


def _fractional(value: Json) -> bool:
    """Whether a float is in it: an integer too long for 64 bits has become one."""
    if isinstance(value, dict):
        return any(map(_fractional, value.values()))
    if isinstance(value, list):
        return any(map(_fractional, value))
    return isinstance(value, float)


def _value(layout: Layout, at: int, key: str) -> slice:
    """Where the value of `key` lies in the object at `at`; the last one counts, as in parsing."""
    return [slice(m.value, m.end) for m in layout.members(at) if m.key == key][-1]
