"""A whole Messages answer, read and written."""

import uuid

from proxy.dialects.anthropic.blocks import read_content
from proxy.dialects.anthropic.blocks_out import write_block
from proxy.dialects.anthropic.tap import read_broken
from proxy.dialects.anthropic.usage import STOPS, read_usage, write_usage
from proxy.dialects.model import Answer, Block, Body, Json, Request, StopReason, ToolCall
from proxy.dialects.names import restore_names
from proxy.errors import BadRequest, Upstream


def read_answer(body: Body, request: Request | None = None) -> Answer:
    """An upstream's answer in neutral form; Upstream if it is none."""
    if body.get("type") == "error":
        raise Upstream(f"the provider answered with an error: {read_broken(body).message}")
    blocks = _blocks(body.get("content"))
    give_back_names(blocks, names_of(request))
    return Answer(
        str(body.get("id") or ""),
        str(body.get("model") or ""),
        blocks,
        stop_reason(body.get("stop_reason"), any(isinstance(b, ToolCall) for b in blocks)),
        read_usage(body.get("usage")),
        str(body.get("stop_sequence") or ""),
    )


def _blocks(content: Json) -> list[Block]:
    try:
        return read_content(content, ("content",))
    except BadRequest as wrong:
        raise Upstream(f"the provider's answer is no Messages answer: {wrong.message}") from wrong


def names_of(request: Request | None) -> dict[str, str]:
    """Tool names on the wire that the client knows by another; a Messages client's are its own."""
    return {} if request is None or request.dialect == "anthropic" else restore_names(request)


def give_back_names(blocks: list[Block], names: dict[str, str]) -> None:
    """Put the client's own names into the calls."""
    for block in blocks:
        if isinstance(block, ToolCall):
            block.name = names.get(block.name, block.name)


def stop_reason(said: Json, called: bool) -> StopReason:
    """The neutral reason; calls outweigh an end that the provider claims or leaves out."""
    stop = STOPS.get(said) if isinstance(said, str) else None
    if called and stop in (None, "end_turn"):
        return "tool_use"
    return stop or "end_turn"


def write_answer(answer: Answer, asked_model: str) -> Body:
    """A `message` that names the model the client asked for.

    Raises Upstream for a call whose arguments are not a JSON object: nothing is made up for it.
    """
    try:
        content = [write_block(block) for block in answer.blocks]
    except ValueError as wrong:
        raise Upstream(f"the model's answer can't be handed on: {wrong}") from wrong
    called = any(isinstance(block, ToolCall) for block in answer.blocks)
    return {
        "id": message_id(answer.id),
        "type": "message",
        "role": "assistant",
        "model": asked_model,
        "content": content,
        "stop_reason": stop_reason(answer.stop, called),
        "stop_sequence": answer.stop_sequence or None,
        "usage": write_usage(answer.usage),
    }


def message_id(given: str) -> str:
    """The upstream's id, or a new one where it gave none: SDKs need a string."""
    return given or f"msg_{uuid.uuid4().hex}"
