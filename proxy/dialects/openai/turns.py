"""A conversation as turns: what the model said, and what came until it spoke again."""

from proxy.dialects.model import Message, ToolCall, ToolResult, place_of
from proxy.errors import BadRequest

NO_RESULT = "[no result: the client sent none for this call]"
FAILED = "Error: "
Placed = tuple[str, Message]  # a message and its place in the client's request, for errors
Heard = tuple[str, ToolResult]
Turn = tuple[list[Placed], list[Placed]]  # what the model said, and what came until it spoke again


def turns(conversation: list[Message]) -> list[Turn]:
    """Assistant messages that follow one another are one turn."""
    found: list[Turn] = [([], [])]
    for number, message in enumerate(conversation):
        if message.role == "assistant" and found[-1][1]:
            found.append(([], []))
        found[-1][message.role != "assistant"].append((place_of(number, message), message))
    return found


def calls_of(said: list[Placed]) -> list[ToolCall]:
    """Every tool call in these messages, in order."""
    return [b for _, message in said for b in message.blocks if isinstance(b, ToolCall)]


def answered(said: list[Placed], heard: list[Placed]) -> list[tuple[ToolCall, Heard | None]]:
    """Every call of a turn with its result, in the order of the calls; None where none came."""
    calls, results = calls_of(said), _results(heard)
    ids = [call.id for call in calls]
    if len(set(ids)) < len(ids):
        raise BadRequest(f"{said[0][0]}: two tool calls share an id")
    for call_id, (place, _) in results.items():
        if call_id not in ids:
            raise BadRequest(f"{place}: result for {call_id!r}, which the turn before never called")
    return [(call, results.get(call.id)) for call in calls]


def _results(heard: list[Placed]) -> dict[str, Heard]:
    found: dict[str, Heard] = {}
    for place, message in heard:
        for result in (b for b in message.blocks if isinstance(b, ToolResult)):
            place = result.place or place
            if result.call_id in found:
                raise BadRequest(f"{place}: a second result for {result.call_id!r}")
            found[result.call_id] = (place, result)
    return found
