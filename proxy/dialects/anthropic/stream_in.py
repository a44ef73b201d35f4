"""A Messages stream read into neutral events."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson

from proxy.dialects.anthropic.answer import give_back_names, names_of, stop_reason
from proxy.dialects.anthropic.tap import read_broken
from proxy.dialects.anthropic.usage import add_report
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
from proxy.sse import SseReader

Kind = Literal["text", "thinking", "signature", "arguments"]

# delta type → the field that holds its piece, and what it is a piece of
_DELTAS: Final[dict[str, tuple[str, Kind]]] = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "thinking"),
    "signature_delta": ("signature", "signature"),
    "input_json_delta": ("partial_json", "arguments"),
}
_TAKES: Final[dict[type, tuple[Kind, ...]]] = {
    Text: ("text",),
    Thinking: ("thinking", "signature"),
    ToolCall: ("arguments",),
}
# A server that leaves out a block's start still says what the block is by its first piece.
_IMPLIED: Final[dict[Kind, str]] = {"text": "text", "thinking": "thinking"}


@dataclass(slots=True)
class _Lane:
    """One block of the stream; `waiting` holds its events while an earlier block is open."""

    index: int
    block: Block
    late: str = ""  # arguments that came with the start, used if no piece follows
    waiting: list[StreamEvent] = field(default_factory=list)
    ended: bool = False
    fed: bool = False


class Reader:
    """Reads one stream; blocks that a server interleaves come out one after the other."""

    def __init__(self, request: Request | None = None) -> None:
        self._sse = SseReader()
        self._names = names_of(request)
        self._out: list[StreamEvent] = []
        self._open: list[_Lane] = []  # in order of start; the first one's events go straight out
        self._lanes: dict[int, _Lane] = {}  # by the server's index
        self._count = 0
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
            if not self._over:
                self._take(name, data)
        out, self._out = self._out, []
        return out

    def _take(self, name: str, data: bytes) -> None:
        try:
            event = orjson.loads(data)
        except orjson.JSONDecodeError:
            if name in _STEPS or (not name and data != b"[DONE]"):
                self._break(
                    Broken("api_error", f"the provider's {name or 'nameless'} event is not JSON")
                )
            return
        if isinstance(event, dict):
            if step := _STEPS.get(str(event.get("type") or name)):
                step(self, event)

    def _break(self, broken: Broken) -> None:
        self._out.append(broken)
        self._over = True

    def _error(self, event: Body) -> None:
        self._break(read_broken(event))

    def _ping(self, event: Body) -> None:
        self._out.append(Ping())

    def _message_start(self, event: Body) -> None:
        if self._started:
            return
        self._started = True
        message = _object(event, "message")
        add_report(self._usage, message.get("usage"))
        usage = Usage()
        usage.merge(self._usage)
        self._out.append(
            Start(str(message.get("id") or ""), str(message.get("model") or ""), usage)
        )

    def _block_start(self, event: Body) -> None:
        self._begin(_index(event), _object(event, "content_block"))

    def _begin(self, at: int, raw: Body) -> _Lane:
        self._message_start({})
        if (same := self._lanes.pop(at, None)) is not None:
            self._end(same)
        block, pieces, late = _opening(raw)
        give_back_names([block], self._names)
        self._called = self._called or isinstance(block, ToolCall)
        lane = _Lane(self._count, block, late)
        self._count += 1
        self._open.append(lane)
        self._lanes[at] = lane
        self._emit(lane, BlockStart(lane.index, block))
        for kind, text in pieces:
            self._piece(lane, kind, text)
        return lane

    def _block_delta(self, event: Body) -> None:
        delta = _object(event, "delta")
        known = _DELTAS.get(str(delta.get("type")))
        text = delta.get(known[0]) if known else None
        if known is None or not isinstance(text, str) or not text:
            return
        at, kind = _index(event), known[1]
        lane = self._lanes.get(at)
        if lane is None and kind in _IMPLIED:
            lane = self._begin(at, {"type": _IMPLIED[kind]})
        if lane is not None:
            self._piece(lane, kind, text)

    def _piece(self, lane: _Lane, kind: Kind, text: str) -> None:
        if kind in _TAKES.get(type(lane.block), ()) and not _whole(lane.block):
            lane.fed = True
            self._emit(lane, Delta(lane.index, kind, text))

    def _block_stop(self, event: Body) -> None:
        if (lane := self._lanes.pop(_index(event), None)) is not None:
            self._end(lane)

    def _end(self, lane: _Lane) -> None:
        if lane.late and not lane.fed:
            self._piece(lane, "arguments", lane.late)
        self._emit(lane, BlockStop(lane.index))
        lane.ended = True
        while self._open and self._open[0].ended:
            self._open.pop(0)
            if self._open:
                self._out += self._open[0].waiting
                self._open[0].waiting = []

    def _emit(self, lane: _Lane, event: StreamEvent) -> None:
        (self._out if lane is self._open[0] else lane.waiting).append(event)

    def _message_delta(self, event: Body) -> None:
        delta = _object(event, "delta")
        self._stop = delta.get("stop_reason") or self._stop
        self._stop_sequence = str(delta.get("stop_sequence") or self._stop_sequence)
        add_report(self._usage, event.get("usage"))

    def _message_stop(self, event: Body) -> None:
        self._message_start({})
        for lane in list(self._open):
            if not lane.ended:
                self._end(lane)
        stop = stop_reason(self._stop, self._called)
        self._out += [Finish(stop, self._usage, self._stop_sequence), End()]
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


def _whole(block: Block) -> bool:
    return isinstance(block, Thinking) and bool(block.redacted)


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
