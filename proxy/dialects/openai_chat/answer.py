"""A whole Chat answer, read into and written from the neutral form."""

import time
import uuid
from collections.abc import Mapping

from proxy.dialects.free_text import free_names, unwrap
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
)
from proxy.dialects.names import fresh_id, restore_names, used_ids
from proxy.dialects.openai.calls import NO_ARGUMENTS, argument_text, plain_text, stop_reason
from proxy.dialects.openai.errors import message_in
from proxy.dialects.openai_chat.signatures import signed_id
from proxy.dialects.openai_chat.usage import read_usage, write_usage
from proxy.errors import Upstream

REASONING = ("reasoning_content", "reasoning")  # what providers call the thinking, most usual first
FINISH: dict[StopReason, str] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}


def thinking_text(message: Body) -> str:
    """The thinking, by whichever name; providers that send both names send one text twice."""
    texts = (message.get(name) for name in REASONING)
    return next((text for text in texts if isinstance(text, str) and text), "")


def read_answer(body: Body, request: Request | None = None) -> Answer:
    """The first choice in neutral form; errors.Upstream where there is none to read."""
    choice = _first_choice(body)
    message = choice.get("message")
    message = message if isinstance(message, dict) else {}
    calls = _calls(message, str(body.get("id", "")), request)
    refusal = plain_text(message.get("refusal"))
    thinking, text = thinking_text(message), plain_text(message.get("content")) or refusal
    blocks: list[Block] = [Thinking(thinking)] if thinking else []
    blocks += [Text(text)] if text else []
    stop = stop_reason(
        choice.get("finish_reason"), [call.arguments for call in calls], bool(refusal)
    )
    usage = read_usage(body.get("usage"))
    return Answer(_string(body, "id"), _string(body, "model"), [*blocks, *calls], stop, usage)


def _first_choice(body: Body) -> Body:
    choices = body.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return choices[0]
    told = message_in(body) if body.get("error") else "it has no choices"
    raise Upstream(f"the provider's answer can't be used: {told}")


def _string(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _calls(message: Body, seed: str, request: Request | None) -> list[ToolCall]:
    names, taken = restore_names(request), used_ids(request)
    calls: list[ToolCall] = []
    listed = message.get("tool_calls")
    for raw in listed if isinstance(listed, list) else ():
        call = _call(raw, names, taken, f"{seed}\0{len(calls)}")
        taken.add(call.id)
        calls.append(call)
    return calls


def _call(raw: Json, names: dict[str, str], taken: set[str], seed: str) -> ToolCall:
    function = _function(raw) if isinstance(raw, dict) else None
    name = _string(function, "name") if isinstance(function, dict) else ""
    if not isinstance(function, dict) or not name:
        raise Upstream("the provider's answer has a tool call without a name")
    call_id = fresh_id(signed_id(_string(raw, "id"), raw.get("extra_content")), seed, taken)
    return ToolCall(call_id, names.get(name, name), argument_text(function.get("arguments")))


def _function(raw: Body) -> Json:
    """The call itself; a custom tool's free text becomes the one argument of a function."""
    custom = raw.get("custom")
    if not isinstance(custom, dict):
        return raw.get("function")
    return {"name": custom.get("name"), "arguments": {"input": plain_text(custom.get("input"))}}


def write_answer(answer: Answer, asked_model: str, request: Request | None = None) -> Body:
    """A `chat.completion` that names the model the client asked for."""
    finish = FINISH[answer.stop]
    choice = {"index": 0, "message": _message(answer.blocks, free_names(request)), "logprobs": None}
    body: Body = {
        "id": completion_id(answer.id),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked_model,
        "choices": [choice | {"finish_reason": finish}],
    }
    usage = write_usage(answer.usage)
    return body | ({"usage": usage} if usage else {})


def completion_id(given: str) -> str:
    """The upstream's id, or a new one where it gave none: SDKs need a string."""
    return given or f"chatcmpl-{uuid.uuid4().hex}"


def _message(blocks: list[Block], free: frozenset[str]) -> Body:
    thinking = "".join(b.text for b in blocks if isinstance(b, Thinking))
    text = "".join(b.text for b in blocks if isinstance(b, Text))
    calls = [write_call(b, b.name in free) for b in blocks if isinstance(b, ToolCall)]
    message: Body = {"role": "assistant", "content": text or (None if calls else "")}
    message |= {"reasoning_content": thinking} if thinking else {}
    return message | {"refusal": None} | ({"tool_calls": calls} if calls else {})


def write_call(call: ToolCall, free: bool) -> Body:
    """A whole call as a Chat client reads it; `free` says that it offered a custom tool."""
    if free:
        custom = {"name": call.name, "input": unwrap(call.arguments)}
        return {"id": call.id, "type": "custom", "custom": custom}
    function = {"name": call.name, "arguments": call.arguments or NO_ARGUMENTS}
    return {"id": call.id, "type": "function", "function": function}
