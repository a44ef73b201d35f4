"""A Messages stream read into neutral events."""

from collections.abc import Callable
from typing import Any, Final

import orjson

from proxy.dialects.anthropic.answer import give_back_names, names_of, stop_reason
from proxy.dialects.anthropic.tap import read_broken
from proxy.dialects.anthropic.usage import add_report
from proxy.dialects.lanes import Kind, Lane, Lanes
from proxy.dialects.model import (
    Block,
    Body,
    Broken,
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
from proxy.dialects.sse import SseReader

# delta type → the field that holds its piece, and what it is a piece of
_DELTAS: Final[dict[str, tuple[str, Kind]]] = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "thinking"),
    "signature_delta": ("signature", "signature"),
    "input_json_delta": ("partial_json", "arguments"),
}
_NOTHING: Final[tuple[str, Kind]] = ("", "text")
_TAKES: Final[dict[type, tuple[Kind, ...]]] = {
    Text: ("text",),
    Thinking: ("thinking", "signature"),
    ToolCall: ("arguments",),
}
# A server that leaves out a block's start still says what the block is by its first piece.
_IMPLIED: Final[dict[Kind, str]] = {"text": "text", "thinking": "thinking"}


class Reader:
    """Reads one stream; blocks that a server interleaves come out one after the other."""

    def __init__(self, request: Request | None = None) -> None:
        self._sse = SseReader()
        self._names = names_of(request)
        self._lanes = Lanes()
        self._open: dict[int, Lane] = {}  # by the server's index
        self._late: dict[int, str] = {}  # arguments that came with a start, by our index
        self._takes: dict[int, tuple[Kind, ...]] = {}  # what a block is made of, the same
        self._usage = Usage()
        self._stop: Any = None
        self._stop_sequence = ""
        self._called = False
        self._started = False
        self._over = False

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Events completed by this chunk; none after the end or a break."""
        return self._read(self._sse.feed(chunk))

    def close(self) -> list[StreamEvent]:
        """What was left; Broken if the stream stopped before its message_stop."""
        found = self._read(self._sse.close())
        if self._over:
            return found
        self._over = True
        return [*found, Broken("api_error", "the provider's stream stopped before its end")]

    def _read(self, events: list[tuple[str, bytes]]) -> list[StreamEvent]:
        for name, data in events:
            if self._over:
                break
            try:
                event = orjson.loads(data)
            except orjson.JSONDecodeError:
                self._not_json(name, data)
                continue
            if type(event) is dict:
                step = _STEPS.get(str(event.get("type") or name))
                if step:
                    step(self, event)
        return self._lanes.take()

    def _not_json(self, name: str, data: bytes) -> None:
        if name in _STEPS or (not name and data != b"[DONE]"):
            self._break(
                Broken("api_error", f"the provider's {name or 'nameless'} event is not JSON")
            )

    def _break(self, broken: Broken) -> None:
        self._lanes.tell(broken)
        self._over = True

    def _error(self, event: Body) -> None:
        self._break(read_broken(event))

    def _ping(self, event: Body) -> None:
        self._lanes.tell(Ping())

    def _message_start(self, event: Body) -> None:
        if self._started:
            return
        self._started = True
        message = _object(event, "message")
        add_report(self._usage, message.get("usage"))
        usage = Usage()
        usage.merge(self._usage)
        self._lanes.tell(
            Start(str(message.get("id") or ""), str(message.get("model") or ""), usage)
        )

    def _block_start(self, event: Body) -> None:
        self._begin(_index(event), _object(event, "content_block"))

    def _begin(self, at: int, raw: Body) -> Lane:
        self._message_start({})
        if (same := self._open.pop(at, None)) is not None:
            self._end(same)
        block, pieces, late = _opening(raw)
        give_back_names([block], self._names)
        self._called = self._called or isinstance(block, ToolCall)
        lane = self._open[at] = self._lanes.begin(block)
        self._late[lane.index] = late
        whole = isinstance(block, Thinking) and block.redacted
        self._takes[lane.index] = () if whole else _TAKES.get(type(block), ())
        for kind, text in pieces:
            self._piece(lane, kind, text)
        return lane

    def _block_delta(self, event: Body) -> None:
        delta = event.get("delta")
        if type(delta) is not dict:
            return
        name, kind = _DELTAS.get(str(delta.get("type")), _NOTHING)
        text = delta.get(name)
        if not text or type(text) is not str:
            return
        at = _index(event)
        lane = self._open.get(at)
        if lane is None and kind in _IMPLIED:
            lane = self._begin(at, {"type": _IMPLIED[kind]})
        if lane is not None:
            self._piece(lane, kind, text)

    def _piece(self, lane: Lane, kind: Kind, text: str) -> None:
        if kind in self._takes[lane.index]:
            self._lanes.piece(lane, kind, text)

    def _block_stop(self, event: Body) -> None:
        if (lane := self._open.pop(_index(event), None)) is not None:
            self._end(lane)

    def _end(self, lane: Lane) -> None:
        """The end of a block; arguments of its start count if no piece followed."""
        if not lane.fed:
            self._piece(lane, "arguments", self._late[lane.index])
        self._lanes.end(lane)

    def _message_delta(self, event: Body) -> None:
        delta = _object(event, "delta")
        self._stop = delta.get("stop_reason") or self._stop
        self._stop_sequence = str(delta.get("stop_sequence") or self._stop_sequence)
        add_report(self._usage, event.get("usage"))

    def _message_stop(self, event: Body) -> None:
        self._message_start({})
        for lane in self._open.values():
            self._end(lane)
        stop = stop_reason(self._stop, self._called)
        self._lanes.tell(Finish(stop, self._usage, self._stop_sequence), End())
        self._over = True


_STEPS: Final[dict[str, Callable[[Reader, Body], None]]] = {
    "message_start": Reader._message_start,
    "content_block_start": Reader._block_start,
    "content_block_delta": Reader._block_delta,
    "content_block_stop": Reader._block_stop,
    "message_delta": Reader._message_delta,
    "message_stop": Reader._message_stop,
    "ping": Reader._ping,
    "error": Reader._error,
}


def _object(event: Body, key: str) -> Body:
    value = event.get(key)
    return value if isinstance(value, dict) else {}


def _index(event: Body) -> int:
    value = event.get("index")
    return value if isinstance(value, int) else -1


def _string(raw: Body, key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""


def _opening(raw: Body) -> tuple[Block, list[tuple[Kind, str]], str]:
    """The block that opens, pieces its start already carries, and arguments held back."""
    match raw.get("type"):
        case "text":
            return Text(""), _pieces(raw, "text"), ""
        case "thinking":
            return Thinking(), _pieces(raw, "thinking", "signature"), ""
        case "redacted_thinking":
            return Thinking(redacted=_string(raw, "data")), [], ""
        case "tool_use":
            given = raw.get("input")
            late = orjson.dumps(given).decode() if given else ""
            return ToolCall(_string(raw, "id"), _string(raw, "name"), ""), [], late
    return Other(raw), [], ""


def _pieces(raw: Body, *kinds: Kind) -> list[tuple[Kind, str]]:
    return [(kind, text) for kind in kinds if (text := _string(raw, kind))]
