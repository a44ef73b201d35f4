"""What the classifier is asked: a neutral request as plain values, cut where the round began."""

from collections.abc import Iterable

from classifier.ask import Ask, ToolOffer, Turn
from classifier.intent import own_words
from proxy.dialects.model import (
    Block,
    Body,
    Image,
    Message,
    Request,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.memo import Memo
from proxy.routing.sessions import BILLING_HEADER
from proxy.routing.view import View
from proxy.tokens.counter import estimate

_measured = Memo[tuple[ToolOffer, ...]](200)


def round_start(messages: list[Message]) -> int:
    """Index of the message that began the present round: the last one in which the person spoke.

    What follows it is the tool round. A message that carries tool results continues a round,
    whatever else it says; so a tier holds until every call has its answer.
    """
    for index in range(len(messages) - 1, -1, -1):
        if messages[index].role == "user" and _speaks(messages[index]):
            return index
    return len(messages) - 1


def rounds_of(messages: list[Message], last: int) -> tuple[int, ...]:
    """Where each round up to `last` began: what a person says in several messages is one round."""
    found: list[int] = []
    for index, message in enumerate(messages[: last + 1]):
        if message.role == "user" and _speaks(message):
            goes_on = found and all(one.role != "assistant" for one in messages[found[-1] : index])
            if goes_on:
                found.pop()
            found.append(index)
    return tuple(found) or (last,)


def in_tool_round(messages: list[Message]) -> bool:
    """Whether the model is at work: it has answered since the person last spoke."""
    return any(one.role == "assistant" for one in messages[round_start(messages) + 1 :])


def view_of(request: Request) -> View:
    """Gathered once a request: it reads all of its text."""
    last = round_start(request.messages)
    return View(ask_of(request, last), rounds_of(request.messages, last))


def ask_of(request: Request, upto: int) -> Ask:
    """The conversation up to and including message `upto`, as the classifier wants it."""
    turns = tuple(_turn(message) for message in request.messages[: upto + 1])
    system = "\n".join(
        block.text
        for block in request.system
        if isinstance(block, Text) and not block.text.startswith(BILLING_HEADER)
    )
    return sized(turns, system, _offers(request))


def sized(turns: tuple[Turn, ...], system: str, tools: tuple[ToolOffer, ...]) -> Ask:
    """These parts, and how many tokens they come to."""
    chars = len(system) + sum(len(turn.text) + turn.result_chars for turn in turns)
    schemas = sum(tool.properties * 30 + 60 for tool in tools)
    return Ask(turns, system, tools, estimate(chars) + schemas)


def _speaks(message: Message) -> bool:
    spoke = False
    for block in message.blocks:
        if isinstance(block, ToolResult):
            return False
        if not spoke:
            spoke = isinstance(block, Image) or (
                isinstance(block, Text) and bool(own_words(block.text))
            )
    return spoke


def _turn(message: Message) -> Turn:
    blocks = message.blocks
    results = [block for block in blocks if isinstance(block, ToolResult)]
    return Turn(
        role="system" if message.role == "developer" else message.role,
        text=text_of(blocks),
        calls=tuple(block.name for block in blocks if isinstance(block, ToolCall)),
        results=len(results),
        failures=sum(block.is_error for block in results),
        result_chars=sum(_chars(block.content) for block in results),
        images=sum(isinstance(block, Image) for block in blocks),
    )


def text_of(blocks: Iterable[Block]) -> str:
    """The texts among `blocks`, a line apart."""
    texts = [block.text for block in blocks if isinstance(block, Text)]
    return texts[0] if len(texts) == 1 else "\n".join(texts)


def _chars(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks if isinstance(block, (Text, Thinking)))


def _offers(request: Request) -> tuple[ToolOffer, ...]:
    """A client sends the same tools again and again: they are measured once."""
    tools = request.tools
    return _measured.get(request.tools_print, lambda: tuple(map(_offer, tools)))


def _offer(tool: Tool) -> ToolOffer:
    properties, required, depth = _measure(tool.schema)
    return ToolOffer(tool.name, tool.description, properties, required, depth)


def _measure(schema: Body, depth: int = 1) -> tuple[int, int, int]:
    """Properties, required ones and nesting depth of a JSON schema, nested objects included."""
    inner = schema.get("properties")
    fields = inner if isinstance(inner, dict) else {}
    required = schema.get("required")
    counts = [len(fields), len(required) if isinstance(required, list) else 0, depth]
    for child in (*fields.values(), schema.get("items")):
        if isinstance(child, dict) and depth < 8 and ("properties" in child or "items" in child):
            more = _measure(child, depth + 1)
            counts = [counts[0] + more[0], counts[1] + more[1], max(counts[2], more[2])]
    return counts[0], counts[1], counts[2]
