"""A whole response read into the neutral form."""

from proxy.dialects.model import (
    Answer,
    Block,
    Body,
    Other,
    Request,
    StopReason,
    Text,
    Thinking,
    ToolCall,
)
from proxy.dialects.names import fresh_id, restore_names, used_ids
from proxy.dialects.openai.calls import stop_reason
from proxy.dialects.openai.errors import message_in
from proxy.dialects.openai_responses.content_in import REFUSAL, read_content
from proxy.dialects.openai_responses.items_in import read_item
from proxy.dialects.openai_responses.request_in import NAME
from proxy.dialects.openai_responses.usage import read_usage
from proxy.errors import BadRequest, Upstream

_FINISHES = {"max_output_tokens": "length", "content_filter": "content_filter"}


def read_answer(body: Body, request: Request | None = None) -> Answer:
    """A response in neutral form; Upstream where it failed or is none."""
    output = body.get("output")
    if body.get("error") or not isinstance(output, list):
        told = message_in(body) if body.get("error") else "it has no output"
        raise Upstream(f"the provider's answer can't be used: {told}")
    reading = Reading(request, str(body.get("id") or ""))
    blocks = [block for raw in output if isinstance(raw, dict) for block in _blocks(raw, reading)]
    return Answer(
        str(body.get("id") or ""),
        str(body.get("model") or ""),
        blocks,
        _stop(body, blocks),
        read_usage(body.get("usage")),
    )


def _blocks(raw: Body, reading: "Reading") -> list[Block]:
    try:
        return reading.blocks(raw)
    except BadRequest as wrong:
        raise Upstream(f"the provider's answer is no response: {wrong.message}") from wrong


def finish_of(response: Body) -> str:
    """Why a response ended, in Chat's words."""
    details = response.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    return _FINISHES.get(str(reason), "stop")


def _stop(response: Body, blocks: list[Block]) -> StopReason:
    arguments = [block.arguments for block in blocks if isinstance(block, ToolCall)]
    refused = any(isinstance(b, Text) and b.extra.get(REFUSAL) for b in blocks)
    return stop_reason(finish_of(response), arguments, refused)


class Reading:
    """Reads the items of one answer: gives back the tools' own names and calls their own ids."""

    def __init__(self, request: Request | None, seed: str = "") -> None:
        self.own = request is None or request.dialect == NAME
        self._names = {} if self.own else restore_names(request)
        self._taken = used_ids(request)
        self._seed = seed
        self._calls = 0

    def blocks(self, raw: Body) -> list[Block]:
        """An output item; what only its own provider understands is left to its own clients."""
        kind = str(raw.get("type"))
        if kind == "message":
            return read_content(raw.get("content"), "output.content")
        block = read_item(raw, kind, "output")
        if isinstance(block, ToolCall):
            return [self.call(block)]
        if isinstance(block, Thinking):
            return self._thinking(block)
        return [block] if self.own and isinstance(block, Other) else []

    def call(self, call: ToolCall) -> ToolCall:
        """The call under its tool's own name and an id that no earlier call has."""
        call.name = self._names.get(call.name, call.name)
        call.id = fresh_id(call.id, f"{self._seed}\0{self._calls}", self._taken)
        self._taken.add(call.id)
        self._calls += 1
        return call

    def _thinking(self, block: Thinking) -> list[Block]:
        """Sealed reasoning means something to OpenAI's own clients only."""
        signature = block.signature if self.own else ""
        return [Thinking(block.text, signature)] if block.text or signature else []
