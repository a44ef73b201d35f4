"""A Converse stream as neutral events: AWS event-stream frames in, cut anywhere."""

from collections.abc import Callable
from typing import Any, Final

import orjson

from proxy.dialects.bedrock_converse.answer import MALFORMED, read_usage, stop_reason
from proxy.dialects.lanes import Lane, Lanes
from proxy.dialects.model import (
    Body,
    Broken,
    End,
    Finish,
    Request,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.names import fresh_id, restore_names, used_ids

_SHORT: Final = "the provider's stream stopped before its end"
_GARBLED: Final = "the provider's stream is garbled"
_KINDS: Final = {
    "throttlingException": "rate_limit_error",
    "validationException": "invalid_request_error",
    "serviceUnavailableException": "overloaded_error",
}


class ConverseReader:
    """Reads one stream. Its last frame is the metadata, which bears the bill."""

    def __init__(self, request: Request | None = None) -> None:
        from botocore.eventstream import EventStreamBuffer  # of no use without Bedrock

        self._frames: Any = EventStreamBuffer()
        self._names = restore_names(request)
        self._taken = used_ids(request)
        self._lanes = Lanes()
        self._by_index: dict[int, Lane] = {}
        self._called = False
        self._stop = ""
        self._over = False

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Events completed by these bytes; none after the end or a break."""
        from botocore.eventstream import ParserError

        try:
            self._frames.add_data(chunk)
            for frame in self._frames:
                if not self._over:
                    self._frame(frame.headers, frame.payload)
        except (ParserError, orjson.JSONDecodeError):
            self._break("api_error", _GARBLED)
        return self._lanes.take()

    def close(self) -> list[StreamEvent]:
        """What was left; Broken if the stream stopped before the model did."""
        if not self._over:
            self._finish(Usage()) if self._stop else self._break("api_error", _SHORT)
        return self._lanes.take()

    def _frame(self, headers: Body, payload: bytes) -> None:
        kind = str(headers.get(":message-type"))
        if kind == "event":
            step = _STEPS.get(str(headers.get(":event-type")))
            event = orjson.loads(payload) if step else None
            if step and isinstance(event, dict):
                step(self, event)
            return
        name = str(headers.get(":exception-type") or headers.get(":error-code"))
        told = str(headers.get(":error-message") or _message(payload) or name)
        self._break(_KINDS.get(name, "api_error"), told)

    def _break(self, kind: str, message: str) -> None:
        if not self._over:
            self._over = True
            self._lanes.tell(Broken(kind, message))

    def _opened(self, event: Body) -> None:
        self._lanes.tell(Start("", "", Usage()))

    def _block_start(self, event: Body) -> None:
        use = (event.get("start") or {}).get("toolUse")
        if not isinstance(use, dict):
            return
        name, index = str(use.get("name") or ""), int(event["contentBlockIndex"])
        call_id = fresh_id(str(use.get("toolUseId") or ""), str(index), self._taken)
        self._taken.add(call_id)
        self._called = True
        self._by_index[index] = self._lanes.begin(
            ToolCall(call_id, self._names.get(name, name), "")
        )

    def _delta(self, event: Body) -> None:
        index, delta = int(event["contentBlockIndex"]), event.get("delta") or {}
        if isinstance(delta.get("text"), str):
            self._lanes.piece(self._lane(index, Text("")), "text", delta["text"])
        elif isinstance(delta.get("reasoningContent"), dict):
            self._reasoning(index, delta["reasoningContent"])
        elif isinstance(delta.get("toolUse"), dict) and index in self._by_index:
            piece = str(delta["toolUse"].get("input") or "")
            self._lanes.piece(self._by_index[index], "arguments", piece)

    def _reasoning(self, index: int, told: Body) -> None:
        if told.get("redactedContent"):
            self._lane(index, Thinking(redacted=str(told["redactedContent"])))
            return
        lane = self._lane(index, Thinking(""))
        self._lanes.piece(lane, "thinking", str(told.get("text") or ""))
        self._lanes.piece(lane, "signature", str(told.get("signature") or ""))

    def _lane(self, index: int, block: Text | Thinking) -> Lane:
        if index not in self._by_index:
            self._by_index[index] = self._lanes.begin(block)
        return self._by_index[index]

    def _block_stop(self, event: Body) -> None:
        lane = self._by_index.get(int(event["contentBlockIndex"]))
        if lane:
            self._lanes.end(lane)

    def _message_stop(self, event: Body) -> None:
        self._stop = str(event.get("stopReason") or "end_turn")
        self._lanes.end_all()
        if self._stop in MALFORMED:
            self._break("api_error", f"the provider says {self._stop}")

    def _metadata(self, event: Body) -> None:
        self._finish(read_usage(event.get("usage")))

    def _finish(self, usage: Usage) -> None:
        if self._over:
            return
        self._over = True
        self._lanes.end_all()
        self._lanes.tell(Finish(stop_reason(self._stop, self._called), usage), End())


def _message(payload: bytes) -> str:
    try:
        found = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return payload.decode("utf-8", "replace")
    return (
        str(found.get("message") or found.get("Message") or "") if isinstance(found, dict) else ""
    )


_STEPS: Final[dict[str, Callable[[ConverseReader, Body], None]]] = {
    "messageStart": ConverseReader._opened,
    "contentBlockStart": ConverseReader._block_start,
    "contentBlockDelta": ConverseReader._delta,
    "contentBlockStop": ConverseReader._block_stop,
    "messageStop": ConverseReader._message_stop,
    "metadata": ConverseReader._metadata,
}
