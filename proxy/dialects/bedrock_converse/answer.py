"""A whole Converse answer in neutral form."""

from typing import Final

import orjson

from proxy.dialects.counted import a_count
from proxy.dialects.model import (
    Answer,
    Block,
    Body,
    Json,
    Request,
    StopReason,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.names import fresh_id, restore_names, used_ids
from proxy.errors import Upstream

STOPS: Final[dict[str, StopReason]] = {
    "end_turn": "end_turn",
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "stop_sequence": "stop_sequence",
    "guardrail_intervened": "refusal",
    "content_filtered": "refusal",
    "model_context_window_exceeded": "max_tokens",
}
MALFORMED: Final = frozenset({"malformed_model_output", "malformed_tool_use"})


def read_usage(raw: Json) -> Usage:
    """Converse counts cached tokens beside inputTokens, not among them."""
    raw = raw if isinstance(raw, dict) else {}
    return Usage(
        input=a_count(raw.get("inputTokens")),
        output=a_count(raw.get("outputTokens")),
        cache_read=a_count(raw.get("cacheReadInputTokens")),
        cache_write=a_count(raw.get("cacheWriteInputTokens")),
    )


def stop_reason(said: Json, called: bool) -> StopReason:
    """Calls are calls whatever the reason given, unless they were cut off."""
    if said == "max_tokens" or not called:
        return STOPS.get(str(said), "end_turn")
    return "tool_use"


def read_answer(body: Body, request: Request | None = None) -> Answer:
    """Blocks in order thinking, text, calls; Upstream where there is no message to read."""
    output = body.get("output")
    message = output.get("message") if isinstance(output, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    reason = body.get("stopReason")
    if not isinstance(content, list) or str(reason) in MALFORMED:
        raise Upstream(f"the provider's answer can't be used: {reason or 'it has no message'}")
    blocks = [block for raw in content if (block := _block(raw))]
    calls = _calls(content, request)
    blocks.sort(key=lambda block: isinstance(block, Text))
    return Answer("", "", [*blocks, *calls], stop_reason(reason, bool(calls)), _usage(body))


def _usage(body: Body) -> Usage:
    return read_usage(body.get("usage"))


def _block(raw: Json) -> Block | None:
    if not isinstance(raw, dict):
        return None
    if isinstance(raw.get("text"), str):
        return Text(raw["text"]) if raw["text"] else None
    reasoning = raw.get("reasoningContent")
    if not isinstance(reasoning, dict):
        return None
    if reasoning.get("redactedContent"):
        return Thinking(redacted=str(reasoning["redactedContent"]))
    told = reasoning.get("reasoningText")
    told = told if isinstance(told, dict) else {}
    return Thinking(str(told.get("text") or ""), str(told.get("signature") or ""))


def _calls(content: list[Json], request: Request | None) -> list[ToolCall]:
    names, taken = restore_names(request), used_ids(request)
    calls: list[ToolCall] = []
    for raw in content:
        use = raw.get("toolUse") if isinstance(raw, dict) else None
        if isinstance(use, dict):
            name = str(use.get("name") or "")
            call_id = fresh_id(str(use.get("toolUseId") or ""), str(len(calls)), taken)
            taken.add(call_id)
            text = orjson.dumps(use.get("input") or {}).decode()
            calls.append(ToolCall(call_id, names.get(name, name), text))
    return calls
