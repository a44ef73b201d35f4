"""Reads usage and the end of a Messages stream that is relayed as it is, for a few µs a chunk."""

import re
from typing import Any, Final

import orjson

from proxy.dialects.anthropic.usage import add_report
from proxy.dialects.model import Broken, Usage
from proxy.dialects.sse import SseReader

# Inside a JSON string the quotes would be escaped, so text that talks about events can't match.
_TELLING: Final = re.compile(
    rb'"type"\s*:\s*"(?:message_start|message_delta|message_stop|error)"', re.ASCII
)


class UsageTap:
    """Watches one stream go by; never raises, whatever the bytes.

    `usage` and `stop` (the provider's own word, "" before it came) fill as events pass; `model` is
    the one that answered. `finished`: the stream said its end. `broken`: it reported an error.
    """

    def __init__(self) -> None:
        self.usage = Usage()
        self.stop = ""
        self.model = ""
        self.finished = False
        self.broken: Broken | None = None
        self._events = SseReader()

    @property
    def inside(self) -> bool:
        """True while the bytes so far end within an event."""
        return self._events.inside

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the stream."""
        if not self._events.inside and chunk.endswith(b"\n\n") and not _TELLING.search(chunk):
            return
        self._take(self._events.feed(chunk))

    def close(self) -> None:
        """The upstream ended; its last event may lack its blank line."""
        self._take(self._events.close())

    def _take(self, events: list[tuple[str, bytes]]) -> None:
        for _, data in events:
            if not (self.finished or self.broken) and _TELLING.search(data):
                self._read(data)

    def _read(self, data: bytes) -> None:
        try:
            event = orjson.loads(data)
        except orjson.JSONDecodeError:
            return
        if isinstance(event, dict):
            self._note(event)

    def _note(self, event: dict[str, Any]) -> None:
        match event.get("type"):
            case "message_start":
                message = _object(event, "message")
                self.model = str(message.get("model") or "")
                add_report(self.usage, message.get("usage"))
            case "message_delta":
                self.stop = str(_object(event, "delta").get("stop_reason") or self.stop)
                add_report(self.usage, event.get("usage"))
            case "message_stop":
                self.finished = True
            case "error":
                self.broken = read_broken(event)


def _object(event: dict[str, Any], key: str) -> dict[str, Any]:
    value = event.get(key)
    return value if isinstance(value, dict) else {}


def read_broken(event: dict[str, Any]) -> Broken:
    """An `error` event as the neutral one."""
    error = _object(event, "error")
    message = error.get("message") or event.get("message") or "the provider reported an error"
    return Broken(str(error.get("type") or "api_error"), str(message))
