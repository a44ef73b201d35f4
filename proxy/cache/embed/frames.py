"""What goes over the pipes between the proxy and its embedder: frames of JSON and of numbers."""

import struct
from collections.abc import Sequence
from typing import Any, Final

import orjson

LENGTH: Final = struct.Struct(">I")
MOST: Final = 64_000_000  # bytes of a frame: more is no frame of ours


def frame(body: bytes) -> bytes:
    """`body` after its length."""
    return LENGTH.pack(len(body)) + body


def texts_frame(texts: Sequence[str]) -> bytes:
    """A question: a JSON list of texts."""
    return frame(orjson.dumps([text.encode("utf-8", "replace").decode() for text in texts]))


def reply_frames(head: Any, numbers: bytes = b"") -> bytes:
    """An answer: a JSON head, then the numbers that it tells how to cut."""
    return frame(orjson.dumps(head)) + frame(numbers)
