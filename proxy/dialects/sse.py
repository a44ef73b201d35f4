"""Server-sent events: bytes cut anywhere in, whole events out, and back."""

import re
from typing import Final

SseEvent = tuple[str, bytes]

_BOM: Final = b"\xef\xbb\xbf"
_ENDS: Final = (b"\n\n", b"\r\n\r\n", b"\r\r")  # of an event
# As nearly all servers write an event. What tiles a chunk in full says all that is in it.
_PLAIN: Final = re.compile(rb"(?:event: ([^\n]++)\n)?data: ([^\n]*+)\n\n")
_NAMED: Final = len("event: \n")
_SAID: Final = len("data: \n\n")


class SseReader:
    """Collects events from a byte stream; time is linear in the bytes, however they are cut.

    Follows the WHATWG event-stream rules (CR, LF, CRLF; comments; several data lines), with one
    exception: `close` gives an event that the stream left without its final blank line.
    `last_id` is the id of the last whole event that had one.
    """

    __slots__ = ("_after_cr", "_data", "_event", "_first", "_id", "_line", "last_id")

    def __init__(self) -> None:
        self._line: list[bytes] = []  # pieces of a line whose end has not come yet
        self._data: list[bytes] = []
        self._event = b""
        self._id = self.last_id = b""
        self._after_cr = False
        self._first = True

    @property
    def inside(self) -> bool:
        """True while an event has begun and its blank line has not come."""
        return bool(self._line or self._data or self._event)

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """Events completed by this chunk: (name or "", data)."""
        if not (self._line or self._data or self._event or self._after_cr):
            plain = _plain(chunk)
            if plain is not None:
                self._first, self.last_id = False, self._id
                return plain
        lines = self._only_lf(chunk).split(b"\n")
        if len(lines) == 1:
            if lines[0]:
                self._line.append(lines[0])
            return []
        lines[0] = self._finish_line(lines[0])
        tail = lines.pop()
        if tail:
            self._line.append(tail)
        return self._take(lines)

    def close(self) -> list[SseEvent]:
        """The stream ended: the event that was still open, if it had data."""
        return self._take([self._finish_line(b""), b""])

    def _only_lf(self, chunk: bytes) -> bytes:
        if self._after_cr and chunk:
            self._after_cr = False
            chunk = chunk.removeprefix(b"\n")
        if b"\r" not in chunk:
            return chunk
        self._after_cr = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _finish_line(self, end: bytes) -> bytes:
        if self._line:
            self._line.append(end)
            end = b"".join(self._line)
            self._line.clear()
        if self._first:
            self._first = False
            end = end.removeprefix(_BOM)
        return end

    def _take(self, lines: list[bytes]) -> list[SseEvent]:
        events: list[SseEvent] = []
        for line in lines:
            if not line:
                self._dispatch(events)
            elif line.startswith(b"data:"):
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif line.startswith(b"event:"):
                self._event = line[6:].removeprefix(b" ")
            elif line.startswith(b"id:"):
                self._id = line[3:].removeprefix(b" ")
            elif line == b"data":
                self._data.append(b"")
        return events

    def _dispatch(self, events: list[SseEvent]) -> None:
        if self._data:
            data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
            events.append((self._event.decode("utf-8", "replace"), data))
            self._data = []
        self._event, self.last_id = b"", self._id


def _plain(chunk: bytes) -> list[SseEvent] | None:
    """The events of a chunk of whole ones, written plainly; else None."""
    if not chunk.endswith(b"\n\n") or b"\r" in chunk:
        return None
    events: list[SseEvent] = []
    length = 0
    for name, data in _PLAIN.findall(chunk):
        length += len(data) + _SAID + (len(name) + _NAMED if name else 0)
        events.append((name.decode("utf-8", "replace"), data))
    return events if length == len(chunk) else None


class WholeEvents:
    """Passes bytes on up to the end of the last whole event: nobody is left with half of one."""

    __slots__ = ("_held", "_tail")

    def __init__(self) -> None:
        self._held: list[bytes] = []  # of an event whose blank line has not come
        self._tail = b""  # the end of what is held: a blank line may be cut in two

    def feed(self, chunk: bytes) -> bytes:
        """What can go on, now that `chunk` has come."""
        if not self._held and chunk.endswith(_ENDS):
            return chunk
        seen = self._tail + chunk
        end = max((at + len(mark) for mark in _ENDS if (at := seen.rfind(mark)) >= 0), default=0)
        if not end:
            self._hold(chunk, seen)
            return b""
        cut = end - len(self._tail)
        whole = b"".join((*self._held, chunk[:cut]))
        self._held.clear()
        self._hold(chunk[cut:], chunk[cut:])
        return whole

    def rest(self) -> bytes:
        """What is held, as the stream ends."""
        return b"".join(self._held)

    def _hold(self, chunk: bytes, seen: bytes) -> None:
        if chunk:
            self._held.append(chunk)
        self._tail = seen[-3:]


def encode(event: str, data: bytes) -> bytes:
    """One event on the wire; an empty name writes data alone."""
    if b"\n" in data or b"\r" in data:
        lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        data = lines.replace(b"\n", b"\ndata: ")
    if not event:
        return b"data: %b\n\n" % data
    return b"event: %b\ndata: %b\n\n" % (event.encode(), data)
