"""Refusals of a malformed OpenAI body: each names the field and what it should be."""

from typing import Final, TypeVar

from proxy.dialects.model import Body, Json
from proxy.errors import BadRequest

T = TypeVar("T")

_KINDS: Final[dict[type, str]] = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    list: "an array",
    dict: "an object",
}


def want(value: Json, kind: type[T], where: str) -> T:
    """`value` if it is of that kind; else BadRequest naming `where`."""
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    found = "nothing" if value is None else f"{str(value)[:40]!r}"
    raise BadRequest(f"{where}: expected {_KINDS[kind]}, got {found}")


def optional(body: Body, name: str, kind: type[T]) -> T | None:
    """A top-level field; absent and null are None."""
    return None if body.get(name) is None else want(body[name], kind, name)


def number(body: Body, name: str) -> float | None:
    """A top-level number; absent and null are None."""
    value = body.get(name)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise BadRequest(f"{name}: expected a number, got {str(value)[:40]!r}")


def count(body: Body, name: str) -> int | None:
    """A top-level integer that is not negative."""
    value = optional(body, name, int)
    if value is not None and value < 0:
        raise BadRequest(f"{name}: expected 0 or more, got {value}")
    return value


def extra(raw: Body, known: frozenset[str]) -> Body:
    """The fields that this build does not know, kept for the same dialect."""
    return {key: raw[key] for key in raw if key not in known}
