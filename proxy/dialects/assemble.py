"""A stream put together to a whole answer, and a whole answer told as a stream."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from proxy.dialects.model import (
    Answer,
    Block,
    BlockStart,
    BlockStop,
    Broken,
    Delta,
    End,
    Finish,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)

# What each kind of block is made of: a kind of delta, and the field it fills.
_FILLS: dict[type[Block], dict[str, str]] = {
    Text: {"text": "text"},
    Thinking: {"thinking": "text", "signature": "signature"},
    ToolCall: {"arguments": "arguments"},
}


def assemble(events: Iterable[StreamEvent]) -> Answer | None:
    """The answer that a stream gave; None where it broke off, stopped short or made no sense."""
    start: Start | None = None
    finish: Finish | None = None
    open_blocks: dict[int, _Open] = {}
    done: list[Block] = []
    for event in events:
        match event:
            case Start():
                start = start or event
            case BlockStart():
                open_blocks[event.index] = _Open(event.block)
            case Delta():
                if event.index not in open_blocks or not open_blocks[event.index].add(event):
                    return None
            case BlockStop():
                if event.index not in open_blocks:
                    return None
                done.append(open_blocks.pop(event.index).close())
            case Finish():
                finish = event
            case Broken():
                return None
            case End():
                whole = start and finish and not open_blocks
                return _answer(start, finish, done) if whole and start and finish else None
    return None


def replay(answer: Answer) -> list[StreamEvent]:
    """`answer` as a proper stream that bills nothing, without its thinking."""
    return as_stream(unbilled(answer))


def as_stream(answer: Answer) -> list[StreamEvent]:
    """`answer` as a proper stream."""
    pieces = [event for at, block in enumerate(answer.blocks) for event in _block(at, block)]
    return [
        Start(answer.id, answer.model, replace(answer.usage)),
        *pieces,
        Finish(answer.stop, answer.usage, answer.stop_sequence),
        End(),
    ]


def unbilled(answer: Answer) -> Answer:
    """`answer` as a cache gives it: its thinking left out, its usage zero."""
    shown: list[Block] = [block for block in answer.blocks if not isinstance(block, Thinking)]
    return replace(answer, blocks=shown, usage=Usage(0, 0, 0, 0, 0))


class _Open(Struct):
    """A block that is being filled; `pieces` by the field they belong to."""

    block: Block
    pieces: dict[str, list[str]] = field(default_factory=dict)

    def add(self, delta: Delta) -> bool:
        """Whether the delta is of this block's kind."""
        name = _FILLS.get(type(self.block), {}).get(delta.kind)
        if name is not None:
            self.pieces.setdefault(name, []).append(delta.text)
        return name is not None

    def close(self) -> Block:
        given: dict[str, Any] = {
            name: getattr(self.block, name) + "".join(texts) for name, texts in self.pieces.items()
        }
        return replace(self.block, **given)


def _answer(start: Start, finish: Finish, blocks: list[Block]) -> Answer:
    usage = replace(start.usage)
    usage.merge(finish.usage)
    return Answer(start.id, start.model, blocks, finish.stop, usage, finish.stop_sequence)


def _block(at: int, block: Block) -> Iterator[StreamEvent]:
    fills = _FILLS.get(type(block), {})
    empty: dict[str, Any] = dict.fromkeys(fills.values(), "")
    yield BlockStart(at, replace(block, **empty))
    for kind, name in fills.items():
        if text := getattr(block, name):
            yield Delta(at, kind, text)  # type: ignore[arg-type]  # the table's keys are the kinds
    yield BlockStop(at)
