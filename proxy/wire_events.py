"""Events as JSON, for the event stream and the headless printer."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import orjson

from classifier.tiers import Tier
from proxy.events import Event, RoutingChanged
from proxy.routing import Target
from proxy.routing_json import as_json


def as_line(event: Event) -> bytes:
    """One JSON object without line breaks: `event` names it, the rest are its fields."""
    said: dict[str, Any] = {"event": type(event).__name__}
    if isinstance(event, RoutingChanged):
        said |= {"at": event.at, "by": event.by, "table": as_json(event.table)}
    else:
        said |= {field.name: getattr(event, field.name) for field in fields(event)}
    return orjson.dumps(said, option=orjson.OPT_PASSTHROUGH_DATACLASS, default=_plain)


def _plain(value: object) -> Any:
    """What orjson does not know: targets are written as a person writes them."""
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Target, str),
    (Tier, lambda tier: tier.name),
    (object, _fields),
)
