"""What a dialect must be able to do; one file a dialect says how."""

from collections.abc import Callable
from typing import Protocol

from proxy.dialects.model import Answer, Body, Request, StreamEvent, Usage
from proxy.dialects.quirks import DEFAULT, Quirks


class StreamReader(Protocol):
    """Upstream bytes in, neutral stream events out; bytes may be cut anywhere."""

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Events completed by this chunk."""
        ...

    def close(self) -> list[StreamEvent]:
        """The upstream ended: what was left, and Broken if it stopped short."""
        ...


class StreamWriter(Protocol):
    """Neutral stream events in, wire bytes out."""

    def write(self, event: StreamEvent) -> bytes:
        """The bytes that tell a client of this dialect; empty if it needs none."""
        ...


class ProviderDialect(Protocol):
    """A wire protocol as a provider speaks it."""

    name: str
    path: str  # under the provider's base URL, e.g. /v1/messages

    def build(self, request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
        """The body that an upstream of this dialect gets for a neutral request.

        Raises errors.BadRequest, naming the message, for what the upstream can never take.
        """
        ...

    def dropped(self, request: Request, quirks: Quirks = DEFAULT) -> list[str]:
        """What `build` leaves out or replaces because this upstream can't take it, in words."""
        ...

    def read_answer(self, body: Body, request: Request | None = None) -> Answer:
        """An upstream's plain answer in neutral form; `request` gives back the tools' own names."""
        ...

    def reader(self, request: Request | None = None) -> StreamReader:
        """Reads one stream; `request` gives back the tools' own names."""
        ...

    def usage(self, body: Body) -> Usage:
        """What a plain answer of this dialect says was billed."""
        ...

    def read_error(self, status: int, body: bytes) -> str:
        """The message inside an upstream's error body, else its text, shortened."""
        ...


class Dialect(ProviderDialect, Protocol):
    """One that clients speak too; `parse` raises errors.BadRequest naming the wrong field."""

    def parse(self, body: Body) -> Request:
        """A client's body (already a JSON object) in neutral form."""
        ...

    def write_answer(
        self, answer: Answer, asked_model: str, request: Request | None = None
    ) -> Body:
        """A neutral answer as a client of this dialect expects it; `request` says what the calls
        in it mean to that client, free text for one."""
        ...

    def writer(self, asked_model: str, request: Request | None = None) -> StreamWriter:
        """Writes one stream; `request` says what its client asked to see, usage for one."""
        ...

    def own_doing(self, request: Request) -> Callable[[bytes], bytes] | None:
        """Takes out of whole events what an upstream of this dialect sends only because `build`
        asked it to; None where that is nothing."""
        ...

    def error_body(self, status: int, message: str) -> Body:
        """An error as this dialect's SDK expects it."""
        ...

    def error_event(self, status: int, message: str) -> bytes:
        """The same error inside a stream that has begun."""
        ...
