"""A neutral conversation as Converse messages: user and assistant by turns, every call answered."""

from proxy.dialects.anthropic.turns import ASSISTANT_FIRST, GO_ON, NO_RESULT
from proxy.dialects.bedrock_converse.blocks import Writer
from proxy.dialects.model import Body, Message, Text, ToolCall, ToolResult, place_of
from proxy.errors import BadRequest

Placed = tuple[str, Message]  # a message and its place in the client's request, for errors
Turn = tuple[list[Placed], list[Placed]]  # what the model said, and what came until it spoke again

SYSTEM = frozenset({"system", "developer"})
_USER = frozenset({"user", "tool", "function"})


def messages(conversation: list[tuple[int, Message]], writer: Writer, prefill: bool) -> list[Body]:
    """All messages; BadRequest names what can't be sent by its index. Without `prefill` the model
    refuses to go on from an assistant's turn."""
    out: list[Body] = []
    for said, heard in _turns(conversation):
        spoken = _spoken(said, writer)
        if spoken and not out:
            out.append(_message("user", [{"text": ASSISTANT_FIRST}]))
        out += [_message("assistant", spoken)] if spoken else []
        answer = _answers(said, heard, writer) + _rest(heard, said, writer)
        out += [_message("user", answer)] if answer else []
    if out and out[-1]["role"] == "assistant" and not prefill:
        out.append(_message("user", [{"text": GO_ON}]))
    return _joined(out)


def _message(role: str, content: list[Body]) -> Body:
    return {"role": role, "content": content}


def _joined(out: list[Body]) -> list[Body]:
    """Turns of one role that follow each other as one; an empty turn between them left no trace."""
    joined: list[Body] = []
    for message in out:
        if joined and joined[-1]["role"] == message["role"]:
            joined[-1]["content"] += message["content"]
        else:
            joined.append(message)
    return joined


def _turns(conversation: list[tuple[int, Message]]) -> list[Turn]:
    turns: list[Turn] = [([], [])]
    for number, message in conversation:
        place = place_of(number, message)
        if message.role != "assistant" and message.role not in _USER | SYSTEM:
            raise BadRequest(f"{place}: Bedrock takes no {message.role!r} role")
        if message.role == "assistant" and turns[-1][1]:
            turns.append(([], []))
        turns[-1][message.role != "assistant"].append((place, message))
    return turns


def _spoken(said: list[Placed], writer: Writer) -> list[Body]:
    blocks = [(place, block) for place, message in said for block in message.blocks]
    wires = [wire for place, block in blocks for wire in writer.spoken(block, place)]
    # Thinking alone is no turn, and Converse wants it first.
    if all("reasoningContent" in wire for wire in wires):
        return []
    return sorted(wires, key=_rank)


def _rank(wire: Body) -> int:
    return 0 if "reasoningContent" in wire else 2 if "toolUse" in wire else 1


def _calls(said: list[Placed]) -> list[ToolCall]:
    return [b for _, message in said for b in message.blocks if isinstance(b, ToolCall)]


def _results(heard: list[Placed]) -> list[tuple[str, ToolResult]]:
    return [(p, b) for p, message in heard for b in message.blocks if isinstance(b, ToolResult)]


def _answers(said: list[Placed], heard: list[Placed], writer: Writer) -> list[Body]:
    """One result a call, in the order of the calls; a missing one says that it is missing."""
    found: dict[str, tuple[str, ToolResult]] = {}
    for place, result in _results(heard):
        if result.call_id in found:
            raise BadRequest(f"{place}: a second result for {result.call_id!r}")
        found[result.call_id] = (place, result)
    wires: list[Body] = []
    for call in _calls(said):
        missing = ToolResult(call.id, [Text(NO_RESULT)], is_error=True)
        place, result = found.get(call.id, ("", missing))
        wires += writer.result(call.id, result, place)
    return wires


def _rest(heard: list[Placed], said: list[Placed], writer: Writer) -> list[Body]:
    """What else was said: the user's words, late system messages, results of no call."""
    answered = {call.id for call in _calls(said)}
    wires: list[Body] = []
    for place, message in heard:
        for block in message.blocks:
            if isinstance(block, ToolResult):
                wires += [] if block.call_id in answered else _orphan(block, place, writer)
            elif message.role in SYSTEM and isinstance(block, Text) and block.text.strip():
                wires.append({"text": f"<system>\n{block.text}\n</system>"})
            elif message.role not in SYSTEM:
                wires += writer.said(block, place)
    return wires


def _orphan(result: ToolResult, place: str, writer: Writer) -> list[Body]:
    told = [wire for block in result.content for wire in writer.said(block, place)]
    opening = f'<tool_result tool_use_id="{result.call_id}">'
    return [{"text": opening}, *told, {"text": "</tool_result>"}]
