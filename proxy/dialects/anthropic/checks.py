"""Refusals in the words of the Messages API: each names the field and what it should be."""

from typing import Any, Final, TypeVar

from proxy.errors import BadRequest

T = TypeVar("T")

_SHOULD_BE: Final[dict[type, str]] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "list",
    dict: "dictionary",
}


def want(value: Any, kind: type[T], where: str) -> T:
    """`value` if it is of that kind; BadRequest naming `where` if absent or of another kind."""
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    if value is None:
        raise BadRequest(f"{where}: Field required")
    raise BadRequest(f"{where}: Input should be a valid {_SHOULD_BE[kind]}")


def want_or_none(value: Any, kind: type[T], where: str) -> T | None:
    """The same, but absent and null are None."""
    return None if value is None else want(value, kind, where)


def number(value: Any, where: str) -> float | None:
    """An int or a float, unchanged; absent and null are None."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise BadRequest(f"{where}: Input should be a valid number")


def strings(value: Any, where: str) -> list[str]:
    """A list of strings; absent and null are empty."""
    found = want_or_none(value, list, where) or []
    return [want(item, str, f"{where}.{at}") for at, item in enumerate(found)]
