"""`path:line:text` listings, as grep and compilers give them, with each path said once."""

import re
from typing import Final

from proxy.rewrite.results.technique import Technique

HEADER: Final = "Each path stands once, above its lines:"
LARGEST: Final = 500_000  # characters
_FEWEST: Final = 3  # lines that share a path
# `src/a.py:12:text`, `src/a.py-13-text`, `src/a.ts(12,5): text`
# but no time of day: a path has a letter, and does not begin as a date does.
_PLACED: Final = re.compile(
    r"(?!\[?\d{2,4}[-:/]\d\d)(?=[^:(]*[A-Za-z])"
    r"((?:[A-Za-z]:)?[^\s:()][^:()\n]{0,200})([:(-]\d+[:,)-].*)",
    re.DOTALL,
)
_REST: Final = re.compile(r"[:(-]\d+[:,)-]")


def looks_placed(text: str) -> bool:
    """Whether one of its first lines names a place in a file."""
    return len(text) <= LARGEST and any(
        _PLACED.fullmatch(line) for line in text[:3_000].split("\n")[:8]
    )


def place_of(line: str) -> str | None:
    """The path that a line begins with, before a line number; None for any other line."""
    found = _PLACED.fullmatch(line)
    return found.group(1) if found else None


def listing(text: str) -> str | None:
    """`path` once, then `:12:text` for each line in it; other lines stay as they are.

    None where no path comes again, or where a line could be taken for what it is not.
    """
    lines = text.split("\n")
    split = _split(lines)
    made = [HEADER]
    last: str | None = None
    spared = 0
    for at, (path, rest) in enumerate(split):
        if path is None or path != last and (at + 1 == len(split) or split[at + 1][0] != path):
            made.append(lines[at])
        elif path == last:
            made.append(rest)
            spared += 1
        else:
            made += (path, rest)
        last = path
    said = "\n".join(made)
    return said if spared >= _FEWEST and restore(said) == text else None


def _split(lines: list[str]) -> list[tuple[str | None, str]]:
    """Each line as a path and the rest. A name with dashes and numbers may be read in two ways:
    the way that keeps the last line's path goes first."""
    made: list[tuple[str | None, str]] = []
    path: str | None = None
    for line in lines:
        if path is not None and line.startswith(path) and _REST.match(line, len(path)):
            made.append((path, line[len(path) :]))
            continue
        found = _PLACED.fullmatch(line)
        path = found.group(1) if found else None
        made.append((path, found.group(2) if found else line))
    return made


def restore(text: str) -> str:
    """The listing with its paths on each line. ValueError for any other text."""
    header, *lines = text.split("\n")
    if header != HEADER:
        raise ValueError("no listing by path")
    back: list[str] = []
    path = ""
    for at, line in enumerate(lines):
        if _REST.match(line):
            back.append(path + line)
        elif at + 1 < len(lines) and _REST.match(lines[at + 1]):
            path = line
        else:
            back.append(line)
    return "\n".join(back)


LISTING: Final = Technique("listing", looks_placed, listing, restore)
