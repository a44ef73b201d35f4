"""The usage chunk of a Chat stream, kept from a client that did not ask for it."""

import re
from typing import Final

import orjson

from proxy.dialects.sse import SseReader

_EVENT: Final = re.compile(rb".*?(?:\r\n\r\n|\n\n|\r\r)", re.DOTALL)


def without_usage(events: bytes) -> bytes:
    """Whole events less those that tell usage and nothing else; the others as they came."""
    if b'"usage"' not in events:
        return events
    return _EVENT.sub(lambda found: b"" if _only_usage(found[0]) else found[0], events)


def _only_usage(event: bytes) -> bool:
    for _, data in SseReader().feed(event):
        try:
            chunk = orjson.loads(data)
        except orjson.JSONDecodeError:
            return False
        return isinstance(chunk, dict) and chunk.get("choices") == [] and bool(chunk.get("usage"))
    return False
