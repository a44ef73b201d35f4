"""A file's numbered lines without the blanks that right-align the numbers; all else stays."""

from itertools import count, repeat, takewhile
from typing import Final

from proxy.rewrite.results.source import Source
from proxy.rewrite.results.technique import Technique

WIDTH: Final = 6  # columns of a number, as `cat -n` and the readers after it write them
LARGEST: Final = 500_000  # characters: more than a reader gives at once
_FEWEST: Final = 3  # lines


def numbered(source: Source) -> bool:
    """Whether the numbers are the tool's own, and no part of a file."""
    return source.numbered


def looks_numbered(text: str) -> bool:
    return len(text) <= LARGEST and ("→" in text[:4_000] or "\t" in text[:4_000])


def gutter(text: str) -> str | None:
    """`text` with `     1→` as `1→`; None unless numbers of one width stand in one run, counting up
    by one, that a reader with such a gutter begins at the first line or below a heading of its own.
    """
    lines = text.split("\n")
    first = _first(lines)
    if first == len(lines):
        return None
    number, sign = _number(lines[first]) or 0, lines[first][WIDTH]
    due = map(str.rjust, map(str.__add__, map(str, count(number)), repeat(sign)), repeat(WIDTH + 1))
    found = [line[: WIDTH + 1] for line in lines[first:]]
    last = first + len([*takewhile(bool, map(str.__eq__, found, due))])
    lines[first:last] = map(str.lstrip, lines[first:last], repeat(" "))
    made = "\n".join(lines)
    return made if last - first >= _FEWEST and made != text else None


def _first(lines: list[str]) -> int:
    """Where the numbers begin: at the top, or below the sentences that an edit puts there."""
    for at, line in enumerate(lines[:4]):
        if _number(line) is not None:
            return at
    return len(lines)


def _number(line: str) -> int | None:
    """The number of a line whose gutter is `WIDTH` columns wide."""
    found = line[:WIDTH].lstrip(" ")
    if line[WIDTH : WIDTH + 1] in ("→", "\t") and found.isascii() and found.isdigit():
        return int(found)
    return None


GUTTER: Final = Technique("gutter", looks_numbered, gutter, fits=numbered, only_omits=True)
