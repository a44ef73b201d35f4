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
from proxy.dialects.openai.content import joined, system_text
from proxy.dialects.openai.turns import (
    FAILED,
    NO_RESULT,
    Heard,
    Placed,
    answered,
    calls_of,
    turns,
)
from proxy.dialects.openai_chat.content_out import content
from proxy.dialects.openai_chat.signatures import split_id
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest

SEEN_BELOW = "[image: in the next user message]"


def messages(request: Request, quirks: Quirks) -> list[Body]:
    """Every message of a Chat request; BadRequest names what can't be sent by its index."""
    prompt = system_text(request.system)
    out: list[Body] = [{"role": quirks.system_role, "content": prompt}] if prompt else []
    for said, heard in turns(request.messages):
        out += _assistant(said, quirks) + _answers(said, heard, quirks)
        out += chain.from_iterable(_heard(place, message, quirks) for place, message in heard)
    return out


def _assistant(said: list[Placed], quirks: Quirks) -> list[Body]:
    blocks = [block for _, message in said for block in message.blocks]
    calls = calls_of(said)
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
    return [_answer(call.id, found, quirks) for call, found in answered(said, heard)]


def _answer(call_id: str, found: Heard | None, quirks: Quirks) -> Body:
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
