"""Answers as bytes, for the cache's memory and file."""

import orjson

from proxy.dialects.model import Answer, Text, Usage

_USAGE = ("input", "output", "cache_read", "cache_write", "reasoning")


def pack(answer: Answer) -> bytes:
    """The answer's texts and what it billed; thinking is not kept."""
    packed = orjson.dumps(
        {
            "id": answer.id,
            "model": answer.model,
            "texts": [[b.text, b.extra] for b in answer.blocks if isinstance(b, Text)],
            "stop": answer.stop,
            "stop_sequence": answer.stop_sequence,
            "usage": [getattr(answer.usage, name) for name in _USAGE],
        }
    )
    return bytes(
        memoryview(packed)
    )  # what orjson gives takes 4 KB at least for as long as it lives


def unpack(packed: bytes) -> Answer:
    """The answer again; ValueError, KeyError or TypeError where the bytes are not one of ours."""
    found = orjson.loads(packed)
    return Answer(
        found["id"],
        found["model"],
        [Text(text, extra) for text, extra in found["texts"]],
        found["stop"],
        Usage(*found["usage"]),
        found["stop_sequence"],
    )
