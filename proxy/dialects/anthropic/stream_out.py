"""Neutral events written as a Messages stream."""

from collections.abc import Callable
from typing import Any, Final

import orjson
from msgspec.structs import replace

from proxy.dialects.anthropic.answer import message_id, stop_reason
from proxy.dialects.anthropic.errors import broken_event
from proxy.dialects.anthropic.usage import write_usage
from proxy.dialects.model import (
    Block,
    BlockStart,
    BlockStop,
    Body,
    Broken,
    Delta,
    End,
    Finish,
    Other,
    Ping,
    Request,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.sse import encode
from proxy.tokens.sections import estimate_request

_DELTAS: Final = {
    "text": ("text_delta", "text"),
    "thinking": ("thinking_delta", "thinking"),
    "signature": ("signature_delta", "signature"),
    "arguments": ("input_json_delta", "partial_json"),
}


class Writer:
    """Writes one stream: message_start, blocks with dense indexes, message_delta, message_stop.

    Each comes once and in that order whatever the events do; nothing follows a break or the end.
    Clients measure their context by the start's usage, which most other dialects tell at the end:
    until then it is the length of `request`, estimated.
    """

    def __init__(self, asked_model: str, request: Request | None = None) -> None:
        self._model = asked_model
        self._request = request
        self._started = False
        self._count = 0
        self._open: int | None = None  # the neutral index of the open block
        self._called = False
        self._finished = False
        self._over = False

    def write(self, event: StreamEvent) -> bytes:
        """The bytes for one event; empty if a client of this dialect needs none."""
        return b"" if self._over else _STEPS[type(event)](self, event)

    def _start(self, event: Start) -> bytes:
        if self._started:
            return b""
        self._started = True
        message: Body = {
            "id": message_id(event.id),
            "type": "message",
            "role": "assistant",
            "model": self._model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": write_usage(self._so_far(event.usage)),
        }
        return _event("message_start", message=message)

    def _so_far(self, usage: Usage) -> Usage:
        if usage.input is not None or self._request is None:
            return usage
        return replace(usage, input=estimate_request(self._request))

    def _begun(self) -> bytes:
        return self._start(Start("", "", Usage()))

    def _block_start(self, event: BlockStart) -> bytes:
        if self._finished:
            return b""
        before = self._begun() + self._close()
        self._open = event.index
        self._count += 1
        self._called = self._called or isinstance(event.block, ToolCall)
        return before + self._block_event("content_block_start", content_block=_empty(event.block))

    def _delta(self, event: Delta) -> bytes:
        if self._open is None or event.index != self._open:
            return b""
        kind, key = _DELTAS[event.kind]
        return self._block_event("content_block_delta", delta={"type": kind, key: event.text})

    def _block_stop(self, event: BlockStop) -> bytes:
        return self._close() if event.index == self._open else b""

    def _close(self) -> bytes:
        if self._open is None:
            return b""
        self._open = None
        return self._block_event("content_block_stop")

    def _block_event(self, name: str, **fields: Any) -> bytes:
        return _event(name, index=self._count - 1, **fields)

    def _finish(self, event: Finish) -> bytes:
        if self._finished:
            return b""
        before = self._begun() + self._close()
        self._finished = True
        stop = stop_reason(event.stop, self._called)
        delta = {"stop_reason": stop, "stop_sequence": event.stop_sequence or None}
        usage = write_usage(event.usage)
        if event.usage.input is None:
            del usage["input_tokens"]  # nobody said: the start's estimate stays
        return before + _event("message_delta", delta=delta, usage=usage)

    def _end(self, event: End) -> bytes:
        if not self._finished:
            return self._broken(Broken("api_error", "the answer ended without saying why"))
        self._over = True
        return _event("message_stop")

    def _broken(self, event: Broken) -> bytes:
        self._over = True
        return broken_event(event.type, event.message)

    def _ping(self, event: Ping) -> bytes:
        return _event("ping")


_STEPS: Final[dict[type, Callable[[Writer, Any], bytes]]] = {
    Start: Writer._start,
    BlockStart: Writer._block_start,
    Delta: Writer._delta,
    BlockStop: Writer._block_stop,
    Finish: Writer._finish,
    End: Writer._end,
    Broken: Writer._broken,
    Ping: Writer._ping,
}


def _event(name: str, **fields: Any) -> bytes:
    return encode(name, orjson.dumps({"type": name, **fields}))


def _empty(block: Block) -> Body:
    """A block as its start shows it: what streams in later is empty."""
    match block:
        case Thinking(redacted=data) if data:
            return {"type": "redacted_thinking", "data": data}
        case Thinking():
            return {"type": "thinking", "thinking": "", "signature": ""}
        case ToolCall():
            return {"type": "tool_use", "id": block.id, "name": block.name, "input": {}}
        case Other():
            return block.raw
        case Text():
            return {"type": "text", "text": ""}
    raise TypeError(f"a {type(block).__name__} is no part of an answer")
