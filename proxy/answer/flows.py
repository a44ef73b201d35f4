"""What happens to the chunks of a stream: they pass untouched, or they are translated."""

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from proxy.dialects.base import StreamReader, StreamWriter
from proxy.dialects.model import Broken, Delta, End, Finish, Start, StreamEvent, Usage
from proxy.dialects.sse import WholeEvents


class Flow(Protocol):
    """Upstream chunks in, client bytes out; listens for the bill and for how it ends."""

    usage: Usage
    finished: bool  # the stream came to its proper end
    broken: str  # why it did not, where the upstream said so; the client has been told
    events: list[StreamEvent]  # what was heard, where it is kept

    def feed(self, chunk: bytes) -> bytes:
        """What the client gets for this chunk."""
        ...

    def close(self) -> bytes:
        """What the client gets at the end of the upstream's stream."""
        ...


class _Heard:
    """Neutral events as they pass: usage, end, failure, and all of them if `keep`."""

    def __init__(self, reader: StreamReader, keep: bool) -> None:
        self._reader = reader
        self._keep = keep
        self.usage = Usage()
        self.finished = False
        self.broken = ""
        self.events: list[StreamEvent] = []

    def hear(self, events: list[StreamEvent]) -> None:
        for event in events:
            if type(event) is Delta:  # nearly all of them, and nothing to be heard
                continue
            match event:
                case Start(usage=usage) | Finish(usage=usage):
                    self.usage.merge(usage)
                case End():
                    self.finished = True
                case Broken(message=message):
                    self.broken = message
        if self._keep:
            self.events += events


class Untouched(_Heard):
    """Same dialect in and out: each event leaves as it came, as soon as it is whole.

    `own` takes out what came only because we asked for it; None where there is nothing.
    """

    def __init__(
        self, reader: StreamReader, keep: bool, own: Callable[[bytes], bytes] | None = None
    ) -> None:
        super().__init__(reader, keep)
        self._own = own
        self._whole = WholeEvents()

    def feed(self, chunk: bytes) -> bytes:
        self.hear(self._reader.feed(chunk))
        chunk = self._whole.feed(chunk)
        return self._own(chunk) if self._own and chunk else chunk

    def close(self) -> bytes:
        """A last event that lacks its blank line, where it is the end; half an event is nothing."""
        self.hear([event for event in self._reader.close() if not isinstance(event, Broken)])
        return self._whole.rest() if self.finished else b""


class Translated(_Heard):
    """Read in the upstream's dialect, written in the client's, under an id of our own.

    Some upstreams repeat one id for every answer, and Claude Code takes answers of one id for one.
    """

    def __init__(self, reader: StreamReader, writer: StreamWriter, keep: bool, id: str) -> None:
        super().__init__(reader, keep)
        self._writer = writer
        self._id = id

    def feed(self, chunk: bytes) -> bytes:
        return self._write(self._reader.feed(chunk))

    def close(self) -> bytes:
        return self._write(self._reader.close())

    def _write(self, events: list[StreamEvent]) -> bytes:
        self.hear(events)
        return b"".join(map(self._writer.write, renamed(events, self._id)))


def renamed(events: list[StreamEvent], id: str) -> list[StreamEvent]:
    """The same events, the answer's id replaced."""
    return [replace(event, id=id) if isinstance(event, Start) else event for event in events]
