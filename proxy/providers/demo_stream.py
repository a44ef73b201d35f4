"""A whole Messages answer cut into stream events, with a believable pause before each."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from msgspec import Struct

from proxy.dialects.sse import encode

Body = dict[str, Any]
Piece = tuple[float, bytes]  # seconds to wait, then bytes

_PIECE: Final = 24  # characters in a delta


class Pace(Struct, frozen=True):
    """Seconds before the first event, and between deltas."""

    first: float
    step: float


PACES: Final[Mapping[str, Pace]] = {
    "demo-simple": Pace(0.15, 0.04),
    "demo-medium": Pace(0.35, 0.06),
    "demo-complex": Pace(0.6, 0.08),
    "demo-reasoning": Pace(1.1, 0.1),
}


def pieces(message: Body, pace: Pace) -> list[Piece]:
    """The events of `message` in order, each as one piece."""
    waits = {"message_start": pace.first, "content_block_delta": pace.step}
    return [
        (waits.get(event["type"], 0.0), encode(event["type"], orjson.dumps(event)))
        for event in _events(message)
    ]


def _events(message: Body) -> Iterator[Body]:
    usage = message["usage"]
    opening = {
        **message,
        "content": [],
        "stop_reason": None,
        "usage": {**usage, "output_tokens": 1},
    }
    yield {"type": "message_start", "message": opening}
    yield {"type": "ping"}
    for index, block in enumerate(message["content"]):
        yield from _block(index, block)
    stop = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    billed = {"output_tokens": usage["output_tokens"]}
    yield {"type": "message_delta", "delta": stop, "usage": billed}
    yield {"type": "message_stop"}


def _block(index: int, block: Body) -> Iterator[Body]:
    empty, deltas = _SPLIT[block["type"]](block)
    yield {"type": "content_block_start", "index": index, "content_block": empty}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _text(block: Body) -> tuple[Body, list[Body]]:
    deltas = [{"type": "text_delta", "text": part} for part in _cut(block["text"])]
    return {"type": "text", "text": ""}, deltas


def _thinking(block: Body) -> tuple[Body, list[Body]]:
    deltas = [{"type": "thinking_delta", "thinking": part} for part in _cut(block["thinking"])]
    deltas.append({"type": "signature_delta", "signature": block["signature"]})
    return {"type": "thinking", "thinking": "", "signature": ""}, deltas


def _tool_use(block: Body) -> tuple[Body, list[Body]]:
    written = orjson.dumps(block["input"]).decode()
    deltas = [{"type": "input_json_delta", "partial_json": part} for part in _cut(written)]
    return {**block, "input": {}}, deltas


_SPLIT: Final = {"text": _text, "thinking": _thinking, "tool_use": _tool_use}


def _cut(text: str) -> list[str]:
    return [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
