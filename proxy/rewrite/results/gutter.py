"""A file's numbered lines without the blanks that right-align the numbers; all else stays."""

import re
from typing import Final

from proxy.rewrite.results.source import Source
from proxy.rewrite.results.technique import Technique

WIDTH: Final = 6  # columns of a number, as `cat -n` and the readers after it write them
_BARE: Final = re.compile(r"(\d{1,5})(?=[→\t])")
_FEWEST: Final = 3  # lines


def numbered(source: Source) -> bool:
    """Whether the numbers are the tool's own, and no part of a file."""
    return source.numbered


def looks_numbered(text: str) -> bool:
    return "→" in text[:4_000] or "\t" in text[:4_000]


def gutter(text: str) -> str | None:
    """`text` with `     1→` as `1→`; None unless numbers of one width stand in one run, counting up
    by one, that a reader with such a gutter begins at the first line or below a heading of its own.
    """
    lines = text.split("\n")
    first = _first(lines)
    last = _last(lines, first)
    if last - first < _FEWEST:
        return None
    lines[first:last] = [line.lstrip(" ") for line in lines[first:last]]
    made = "\n".join(lines)
    return made if made != text and _padded(lines, first, last) == text else None


def _first(lines: list[str]) -> int:
    """Where the numbers begin: at the top, or below the sentences that an edit puts there."""
    for at, line in enumerate(lines[:4]):
        if _number(line) is not None:
            return at
    return len(lines)


def _last(lines: list[str], first: int) -> int:
    """Where the run of numbers that begins at `first` ends."""
    at, expected = first, _number(lines[first]) if first < len(lines) else None
    while at < len(lines) and expected is not None and _number(lines[at]) == expected:
        at, expected = at + 1, expected + 1
    return at


def _number(line: str) -> int | None:
    """The number of a line whose gutter is `WIDTH` columns wide."""
    found = line[:WIDTH].lstrip(" ")
    if line[WIDTH : WIDTH + 1] in ("→", "\t") and found.isascii() and found.isdigit():
        return int(found)
    return None


def _padded(lines: list[str], first: int, last: int) -> str:
    """What the gutter's padding makes of the lines again."""
    back = list(lines)
    for at in range(first, last):
        cut = _BARE.match(lines[at])
        back[at] = " " * (WIDTH - (cut.end() if cut else WIDTH)) + lines[at]
    return "\n".join(back)


GUTTER: Final = Technique("gutter", looks_numbered, gutter, fits=numbered, only_omits=True)
