"""One block open at a time: blocks that a server interleaves come out one after the other."""

from typing import Literal

from msgspec import Struct, field

from proxy.dialects.model import Block, BlockStart, BlockStop, Delta, StreamEvent

Kind = Literal["text", "thinking", "signature", "arguments"]


class Lane(Struct):
    """One block of a stream; `waiting` holds its events while an earlier block is open."""

    index: int
    block: Block
    waiting: list[StreamEvent] = field(default_factory=list)
    ended: bool = False
    fed: bool = False  # whether a piece of it came


class Lanes:
    """Blocks in the order they began; the first one's events go straight out."""

    def __init__(self) -> None:
        self._out: list[StreamEvent] = []
        self._open: list[Lane] = []
        self._count = 0

    def tell(self, *events: StreamEvent) -> None:
        """Events that belong to no block."""
        self._out += events

    def take(self) -> list[StreamEvent]:
        """What can be told by now; once."""
        out, self._out = self._out, []
        return out

    def begin(self, block: Block) -> Lane:
        lane = Lane(self._count, block)
        self._count += 1
        self._open.append(lane)
        self._emit(lane, BlockStart(lane.index, block))
        return lane

    def piece(self, lane: Lane, kind: Kind, text: str) -> None:
        """More of a block; nothing for an empty piece or a block that has ended."""
        if text and not lane.ended:
            lane.fed = True
            out = self._out if lane is self._open[0] else lane.waiting
            out.append(Delta(lane.index, kind, text))

    def end(self, lane: Lane) -> None:
        if lane.ended:
            return
        self._emit(lane, BlockStop(lane.index))
        lane.ended = True
        while self._open and self._open[0].ended:
            self._open.pop(0)
            if self._open:
                self._out += self._open[0].waiting
                self._open[0].waiting = []

    def end_all(self) -> None:
        for lane in list(self._open):
            self.end(lane)

    def _emit(self, lane: Lane, event: StreamEvent) -> None:
        (self._out if lane is self._open[0] else lane.waiting).append(event)
