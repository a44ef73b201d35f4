"""Events as JSON and back, for the event stream, its readers, and the headless printer."""

from typing import Final

import orjson

from proxy import events
from proxy.events import Event
from proxy.values_json import plain, read, write

KINDS: Final = {
    name: one
    for name, one in vars(events).items()
    if isinstance(one, type) and issubclass(one, Event) and one is not Event
}


def as_line(event: Event) -> bytes:
    """One JSON object without line breaks: `event` names it, the rest are its fields."""
    return write({"event": type(event).__name__, **plain(event)})


def event_of(line: bytes) -> Event | None:
    """The event that `as_line` wrote; None for a kind that this build does not know. ValueError
    for what is no event, or lacks a field."""
    said = orjson.loads(line)
    kind = KINDS.get(said.get("event", "")) if isinstance(said, dict) else None
    return None if kind is None else read(kind, said)
