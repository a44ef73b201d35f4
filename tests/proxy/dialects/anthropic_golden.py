"""The golden dialogues of the Messages dialect, and events as lines that a person can read."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from msgspec import Struct
from msgspec.structs import fields

from proxy.dialects.model import StreamEvent

GOLDEN = Path(__file__).parents[2] / "golden" / "anthropic"


def names(folder: str, suffix: str) -> list[str]:
    return sorted(path.stem for path in (GOLDEN / folder).glob(f"*{suffix}"))


def read(folder: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((GOLDEN / folder / f"{name}.json").read_bytes())
    return found


def stream(name: str) -> bytes:
    return (GOLDEN / "streams" / f"{name}.sse").read_bytes()


def expected(name: str) -> list[str]:
    return (GOLDEN / "streams" / f"{name}.events").read_text().splitlines()


def told(events: Iterable[StreamEvent]) -> list[str]:
    """One line an event: its name and what its fields hold, empty ones left out."""
    return [_line(event) for event in events]


def _line(value: Any) -> str:
    held = {field.name: getattr(value, field.name) for field in fields(value)}
    pieces = [f"{name}={_plain(item)}" for name, item in held.items() if item not in (None, "", {})]
    return " ".join([type(value).__name__, *pieces])


def _plain(item: Any) -> str:
    return f"({_line(item)})" if isinstance(item, Struct) else orjson.dumps(item).decode()
