"""A result as numbered lines: what a gist names, and what a recall brings back."""

import re
from typing import Final, NamedTuple

import orjson

from proxy.rewrite.results.technique import looks_like_json
from proxy.rewrite.results.terminal import shown

_GUTTER: Final = re.compile(r" {0,5}(\d{1,7})[→\t]")


class Line(NamedTuple):
    """`number` is the one that stands in front of it, or else counts from 1."""

    number: int
    text: str


def view(text: str) -> list[Line]:
    """`text` by lines; the elements of a JSON array, or of the longest in an object, one a line."""
    if looks_like_json(text):
        rows = _elements(text)
        if rows is not None:
            return [Line(number, row) for number, row in enumerate(rows, 1)]
    lines = shown(text).split("\n")
    first = _gutter(lines)
    return [Line(number, line) for number, line in enumerate(lines, first)]


def _elements(text: str) -> list[str] | None:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if isinstance(value, dict):
        if "\n" not in text.strip():
            return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode().split("\n")
        return None
    return [orjson.dumps(one).decode() for one in value] if isinstance(value, list) else None


def _gutter(lines: list[str]) -> int:
    """The number in front of the first line, where the first lines have numbers that count up."""
    found = [_GUTTER.match(line) for line in lines[:3]]
    numbers = [int(one.group(1)) for one in found if one]
    counts_up = len(numbers) == len(found) and numbers == list(
        range(numbers[0], numbers[0] + len(numbers))
    )
    return numbers[0] if counts_up else 1
