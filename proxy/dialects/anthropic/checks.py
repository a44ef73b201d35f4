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


def want(value: Any, kind: type[T], *where: str | int) -> T:
    """`value` if it is of that kind; BadRequest naming `where` if absent or of another kind.

    The place comes in pieces that are joined only for a refusal: most requests have none.
    """
    if type(value) is kind:  # JSON gives exact types, and a boolean is no integer
        return value
    problem = "Field required"
    if value is not None:
        problem = f"Input should be a valid {_SHOULD_BE[kind]}"
    raise BadRequest(f"{'.'.join(map(str, where))}: {problem}")


def want_or_none(value: Any, kind: type[T], *where: str | int) -> T | None:
    """The same, but absent and null are None."""
    return None if value is None else want(value, kind, *where)


def number(value: Any, where: str) -> float | None:
    """An int or a float, unchanged; absent and null are None."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise BadRequest(f"{where}: Input should be a valid number")


def strings(value: Any, where: str) -> list[str]:
    """A list of strings; absent and null are empty."""
    found = want_or_none(value, list, where) or []
    return [want(item, str, where, at) for at, item in enumerate(found)]
