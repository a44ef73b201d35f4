"""A neutral conversation as Chat messages: every call answered, in order, before anyone speaks."""

from itertools import chain

from proxy.dialects.model import (
    Block,
    Body,
    Image,
    Message,
    Request,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from proxy.dialects.names import wire_id, wire_name
from proxy.dialects.openai_chat.content_out import content, joined, system_text
from proxy.dialects.openai_chat.signatures import split_id
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest

NO_RESULT = "[no result: the client sent none for this call]"
FAILED = "Error: "
SEEN_BELOW = "[image: in the next user message]"

Placed = tuple[str, Message]  # a message and its place in the client's request, for errors
Turn = tuple[list[Placed], list[Placed]]  # what the model said, and what came until it spoke again


def messages(request: Request, quirks: Quirks) -> list[Body]:
    """Every message of a Chat request; BadRequest names what can't be sent by its index."""
    prompt = system_text(request.system)
    out: list[Body] = [{"role": quirks.system_role, "content": prompt}] if prompt else []
    for said, heard in _turns(request.messages):
        out += _assistant(said, quirks) + _answers(said, heard, quirks)
        out += chain.from_iterable(_heard(place, message, quirks) for place, message in heard)
    return out


def _turns(conversation: list[Message]) -> list[Turn]:
    """Assistant messages that follow one another are one message to a Chat provider."""
    turns: list[Turn] = [([], [])]
    for number, message in enumerate(conversation):
        if message.role == "assistant" and turns[-1][1]:
            turns.append(([], []))
        turns[-1][message.role != "assistant"].append((f"messages.{number}", message))
    return turns


def _calls(said: list[Placed]) -> list[ToolCall]:
    return [b for _, message in said for b in message.blocks if isinstance(b, ToolCall)]


def _assistant(said: list[Placed], quirks: Quirks) -> list[Body]:
    blocks = [block for _, message in said for block in message.blocks]
    calls = _calls(said)
    words: list[Block] = [b for b in blocks if not isinstance(b, ToolCall | Thinking)]
    text = joined(words, said[0][0]) if said else ""
    if not text and not calls:
        return []
    message: Body = {"role": "assistant", "content": text or None} | _reasoning(blocks, quirks)
    return [message | ({"tool_calls": [_call(c, quirks) for c in calls]} if calls else {})]


def _reasoning(blocks: list[Block], quirks: Quirks) -> Body:
    """What it thought, for a provider that refuses its own calls without it.

    A signature says that another provider thought it: that is not handed on.
    """
    thoughts = [b.text for b in blocks if isinstance(b, Thinking) and b.text and not b.signature]
    wanted = thoughts or any(isinstance(b, ToolCall) for b in blocks)
    return {quirks.reasoning_field: "".join(thoughts)} if quirks.reasoning_field and wanted else {}


def _call(call: ToolCall, quirks: Quirks) -> Body:
    own_id, signed = split_id(call.id)
    function = {
        "name": wire_name(call.name, quirks.tool_name_limit),
        "arguments": call.arguments or "{}",  # a call without arguments; servers parse this
    }
    wire = {"id": wire_id(own_id, quirks.tool_id_shape), "type": "function", "function": function}
    signed = signed or call.extra.get("extra_content")
    return wire | ({"extra_content": signed} if quirks.thought_signature and signed else {})


def _answers(said: list[Placed], heard: list[Placed], quirks: Quirks) -> list[Body]:
    """One tool message a call, in the order of the calls."""
    calls, results = _calls(said), _results(heard)
    ids = [call.id for call in calls]
    if len(set(ids)) < len(ids):
        raise BadRequest(f"{said[0][0]}: two tool calls share an id")
    for call_id, (place, _) in results.items():
        if call_id not in ids:
            raise BadRequest(f"{place}: result for {call_id!r}, which the turn before never called")
    return [_answer(call_id, results.get(call_id), quirks) for call_id in ids]


def _results(heard: list[Placed]) -> dict[str, tuple[str, ToolResult]]:
    found: dict[str, tuple[str, ToolResult]] = {}
    for place, message in heard:
        for result in (b for b in message.blocks if isinstance(b, ToolResult)):
            if result.call_id in found:
                raise BadRequest(f"{place}: a second result for {result.call_id!r}")
            found[result.call_id] = (place, result)
    return found


def _answer(call_id: str, found: tuple[str, ToolResult] | None, quirks: Quirks) -> Body:
    text = _result_text(*found) if found else NO_RESULT
    wire = wire_id(split_id(call_id)[0], quirks.tool_id_shape)
    return {"role": "tool", "tool_call_id": wire, "content": text}


def _result_text(place: str, result: ToolResult) -> str:
    text = joined([b for b in result.content if not isinstance(b, Image)], place)
    if not text and any(isinstance(b, Image) for b in result.content):
        text = SEEN_BELOW
    return FAILED + text if result.is_error else text


def _heard(place: str, message: Message, quirks: Quirks) -> list[Body]:
    """What is left of a message once its results were told: pictures first, then its words."""
    if message.role in ("system", "developer"):
        return _late_system(place, message, quirks)
    if message.role != "user":
        raise BadRequest(f"{place}: a Chat Completions provider knows no role {message.role!r}")
    own: list[Block] = [b for b in message.blocks if not isinstance(b, ToolResult | Thinking)]
    body = content(_pictures(message) + own, place, quirks)
    return [{"role": "user", "content": body}] if body else []


def _late_system(place: str, message: Message, quirks: Quirks) -> list[Body]:
    role = quirks.system_role if quirks.late_system == "system" else quirks.late_system
    text = system_text(message.blocks, place)
    return [{"role": role, "content": text}] if text else []


def _pictures(message: Message) -> list[Block]:
    """The images inside results, each after a line that says whose it is."""
    found: list[Block] = []
    for result in (b for b in message.blocks if isinstance(b, ToolResult)):
        images = [b for b in result.content if isinstance(b, Image)]
        found += [Text(f"[image from tool call {split_id(result.call_id)[0]}]")] if images else []
        found += images
    return found
