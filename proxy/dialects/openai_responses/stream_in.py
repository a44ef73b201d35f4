"""A Responses stream as neutral events: one block open at a time, whatever order items come in."""

from collections.abc import Callable, Iterable
from typing import Final

import orjson

from proxy.dialects.lanes import Lanes
from proxy.dialects.model import (
    Body,
    Broken,
    End,
    Finish,
    Json,
    Ping,
    Request,
    Start,
    StreamEvent,
    Usage,
)
from proxy.dialects.openai.calls import stop_reason
from proxy.dialects.openai.errors import stream_error
from proxy.dialects.openai_responses.answer_in import Reading, finish_of
from proxy.dialects.openai_responses.parts_in import Key, Parts
from proxy.dialects.openai_responses.usage import read_usage
from proxy.dialects.sse import SseReader
from proxy.errors import BadRequest

_SHORT = "the provider's stream stopped before its end"
_NAMELESS = "the provider sent a tool call without a name"
_EMPTY = "the provider's stream ended without an answer"


class ResponsesReader:
    """Reads one stream; events that this build does not know are passed over."""

    def __init__(self, request: Request | None = None) -> None:
        self._sse = SseReader()
        self._lanes = Lanes()
        self._parts = Parts(self._lanes, Reading(request))
        self._started = False
        self._over = False
        self._garbled = "the provider's stream holds what is not JSON"

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Events completed by these bytes, however they were cut."""
        return self._read(self._sse.feed(chunk))

    def close(self) -> list[StreamEvent]:
        """What was left; Broken if the provider stopped before it finished."""
        self._garbled = _SHORT  # what is left over is half an event
        events = self._read(self._sse.close())
        return events if self._over else [*events, *self._broken("api_error", _SHORT)]

    def _read(self, items: Iterable[tuple[str, bytes]]) -> list[StreamEvent]:
        for name, data in items:
            if not self._over:
                self._item(name, data.strip())
        return self._lanes.take()

    def _item(self, name: str, data: bytes) -> None:
        if not data or data == b"[DONE]":
            return
        try:
            event = orjson.loads(data)
            if isinstance(event, dict):
                self._event(str(event.get("type") or name), event)
        except orjson.JSONDecodeError:
            self._break("api_error", self._garbled)
        except BadRequest as wrong:
            self._break("api_error", f"the provider's stream is none: {wrong.message}")

    def _event(self, kind: str, event: Body) -> None:
        if step := _STEPS.get(kind):
            step(self, event)
        elif kind in _WORDS:
            text, whole, refusal = _WORDS[kind]
            at = event.get("content_index", 0)
            self._begun({})
            self._parts.words(_key(event), at, _text(event.get(text)), whole=whole, refusal=refusal)
        elif kind in _THOUGHTS:
            text, index, whole = _THOUGHTS[kind]
            self._begun({})
            source = (index, event.get(index, 0))
            self._parts.thought(_key(event), source, _text(event.get(text)), whole=whole)
        elif kind in _ARGUMENTS:
            text, whole = _ARGUMENTS[kind]
            self._begun({})
            self._parts.argument(_key(event), _text(event.get(text)), whole=whole)
        elif error := stream_error(event):
            self._break(*error)

    def _begun(self, event: Body) -> None:
        if not self._started:
            self._started = True
            response = _object(event, "response")
            start = Start(_text(response.get("id")), _text(response.get("model")), Usage())
            self._lanes.tell(start)

    def _added(self, event: Body) -> None:
        self._begun({})
        item = _object(event, "item")
        self._parts.added(_key(event, item), item)

    def _done(self, event: Body) -> None:
        self._begun({})
        item = _object(event, "item")
        self._parts.done(_key(event, item), item)

    def _ended(self, event: Body) -> None:
        """The last blocks, why it stopped, and the end; once."""
        self._begun(event)
        response, parts = _object(event, "response"), self._parts
        output = response.get("output")
        if parts.empty and isinstance(output, list):
            for at, item in enumerate(item for item in output if isinstance(item, dict)):
                parts.done(at, item)
        parts.end()
        if parts.nameless:
            return self._break("api_error", _NAMELESS)
        finish = finish_of(response)
        stop = stop_reason(finish, parts.arguments, parts.refused)
        self._lanes.tell(Finish(stop, read_usage(response.get("usage"))), End())
        self._over = True
        return None

    def _failed(self, event: Body) -> None:
        error = _object(event, "response").get("error") or {"message": _EMPTY}
        self._break(*(stream_error({"error": error}) or ("api_error", _EMPTY)))

    def _error(self, event: Body) -> None:
        self._break(*(stream_error(event) or stream_error({"error": event}) or ("", _EMPTY)))

    def _ping(self, event: Body) -> None:
        self._lanes.tell(Ping())

    def _break(self, kind: str, message: str) -> None:
        self._lanes.tell(*self._broken(kind, message))

    def _broken(self, kind: str, message: str) -> list[StreamEvent]:
        self._over = True
        return [Broken(kind, message)]


_STEPS: Final[dict[str, Callable[[ResponsesReader, Body], None]]] = {
    "response.created": ResponsesReader._begun,
    "response.queued": ResponsesReader._begun,
    "response.in_progress": ResponsesReader._begun,
    "response.output_item.added": ResponsesReader._added,
    "response.output_item.done": ResponsesReader._done,
    "response.completed": ResponsesReader._ended,
    "response.done": ResponsesReader._ended,
    "response.incomplete": ResponsesReader._ended,
    "response.failed": ResponsesReader._failed,
    "response.cancelled": ResponsesReader._failed,
    "error": ResponsesReader._error,
    "keepalive": ResponsesReader._ping,
}

# What each event carries: the field, whether it is the whole, whether it is a refusal.
_WORDS: Final = {
    "response.output_text.delta": ("delta", False, False),
    "response.output_text.done": ("text", True, False),
    "response.refusal.delta": ("delta", False, True),
    "response.refusal.done": ("refusal", True, True),
}
_THOUGHTS: Final = {
    "response.reasoning_summary_text.delta": ("delta", "summary_index", False),
    "response.reasoning_summary_text.done": ("text", "summary_index", True),
    "response.reasoning_text.delta": ("delta", "content_index", False),
    "response.reasoning_text.done": ("text", "content_index", True),
}
_ARGUMENTS: Final = {
    "response.function_call_arguments.delta": ("delta", False),
    "response.function_call_arguments.done": ("arguments", True),
    "response.custom_tool_call_input.delta": ("delta", False),
    "response.custom_tool_call_input.done": ("input", True),
}


def _key(event: Body, item: Body | None = None) -> Key:
    """Which item an event is about; ids are no help where a server gives every event a new one."""
    index = event.get("output_index")
    if isinstance(index, int):
        return index
    return str(event.get("item_id") or (item or {}).get("id") or "")


def _object(event: Body, key: str) -> Body:
    value = event.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
