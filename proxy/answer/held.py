"""Streams of which the client gets words at once, and calls when all of the answer was seen."""

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from proxy.answer.flows import Flow, Translated, Untouched, renamed
from proxy.dialects.assemble import as_stream
from proxy.dialects.base import StreamReader, StreamWriter
from proxy.dialects.model import (
    Answer,
    BlockStart,
    BlockStop,
    Delta,
    Finish,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
)

# A call as it begins on the wire, which may be before its name and id are known. A text that
# speaks of one has its quotes escaped.
_CALL = re.compile(
    rb'"tool_calls"\s*:\s*\[\s*\{|"function_call"\s*:\s*\{|'
    rb'"type"\s*:\s*"(?:tool_use|function_call|custom_tool_call)"'
)


class Held(Flow, Protocol):
    """A flow that holds back; `told` counts the events that the client has had."""

    told: int
    holding: bool

    def release(self) -> bytes:
        """What is held, as it came."""
        ...

    def retell(self, answer: Answer) -> bytes:
        """The rest of the stream of `answer`, which begins with what the client has had."""
        ...


class HeldUntouched(Untouched):
    """Same dialect in and out. `writer` is a fresh one of the client's dialect."""

    def __init__(
        self,
        reader: StreamReader,
        own: Callable[[bytes], bytes] | None,
        writer: StreamWriter,
    ) -> None:
        super().__init__(reader, True, own)
        self._writer = writer
        self._held: list[bytes] = []
        self.told = 0
        self.holding = False

    def feed(self, chunk: bytes) -> bytes:
        return self._passed(super().feed(chunk))

    def close(self) -> bytes:
        return self._passed(super().close())

    def _passed(self, wire: bytes) -> bytes:
        fresh = self.events[self.told :]
        if not self.holding:
            self.holding = _to_hold(fresh, self.events) or _may_call(wire)
        if self.holding:
            self._held.append(wire)
            return b""
        self.told = len(self.events)
        return wire

    def release(self) -> bytes:
        wire = b"".join(self._held)
        self._held.clear()
        return wire

    def retell(self, answer: Answer) -> bytes:
        had = self.events[: self.told]
        for event in had:
            self._writer.write(event)  # the client has that: the writer is to know
        return b"".join(map(self._writer.write, rest_of(answer, had)))


class HeldTranslated(Translated):
    """Read in the upstream's dialect, written in the client's."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, id: str) -> None:
        super().__init__(reader, writer, True, id)
        self.told = 0
        self.holding = False

    def _write(self, events: list[StreamEvent]) -> bytes:
        self.hear(events)
        if not self.holding:
            self.holding = _to_hold(events, self.events)
        return b"" if self.holding else self.release()

    def release(self) -> bytes:
        fresh = renamed(self.events[self.told :], self._id)
        self.told = len(self.events)
        return b"".join(map(self._writer.write, fresh))

    def retell(self, answer: Answer) -> bytes:
        rest = rest_of(answer, self.events[: self.told])
        return b"".join(map(self._writer.write, renamed(rest, self._id)))


def _may_call(wire: bytes) -> bool:
    """The words that each of the patterns needs are found many times quicker than it."""
    return (b"_call" in wire or b"tool_use" in wire) and _CALL.search(wire) is not None


def _to_hold(fresh: Sequence[StreamEvent], events: Sequence[StreamEvent]) -> bool:
    """Whether a call begins in `fresh`, or all of the answer ends there without a word."""
    ends = False
    for event in fresh:
        if type(event) is BlockStart and isinstance(event.block, ToolCall):
            return True
        ends = ends or type(event) is Finish
    return ends and not any(map(_says, events))


def _says(event: StreamEvent) -> bool:
    return isinstance(event, Delta) and event.kind == "text" and bool(event.text.strip())


def rest_of(answer: Answer, had: Sequence[StreamEvent]) -> list[StreamEvent]:
    """The events that bring a client that has had `had` to the end of `answer`."""
    opened = sum(isinstance(event, BlockStart) for event in had)
    closed = sum(isinstance(event, BlockStop) for event in had)
    begun = any(isinstance(event, Start) for event in had)
    rest: list[StreamEvent] = [] if begun else as_stream(answer)[:1]
    if opened > closed:
        rest += _end_of(answer, had, opened - 1)
    return rest + [event for event in as_stream(answer)[1:] if _later(event, opened)]


def _later(event: StreamEvent, opened: int) -> bool:
    return getattr(event, "index", opened) >= opened


def _end_of(answer: Answer, had: Sequence[StreamEvent], at: int) -> list[StreamEvent]:
    """The end of the block that is open: what its text has beyond what was had."""
    index = max(event.index for event in had if isinstance(event, BlockStart))
    block = answer.blocks[at]
    rest: list[StreamEvent] = []
    for kind, name in (("text", Text), ("thinking", Thinking)):
        if isinstance(block, name):
            begun = sum(
                len(event.text)
                for event in had
                if isinstance(event, Delta) and event.index == index and event.kind == kind
            )
            if more := block.text[begun:]:
                rest.append(Delta(index, kind, more))  # type: ignore[arg-type]  # one of the kinds
    return [*rest, BlockStop(index)]
