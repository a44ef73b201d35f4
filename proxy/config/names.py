"""Settings that a release gave another name: an older config is read as it was meant."""

import tomllib
from collections.abc import Iterator
from typing import Final, NamedTuple

from proxy.config.lines import Path, words


class Renamed(NamedTuple):
    """`old` is called `new` since a release, in a table; "*" in its path stands for any name, or
    for a place in a list."""

    since: str
    table: tuple[str, ...]
    old: str
    new: str


# In the order of the releases; a row stays as long as there may be configs that have the old name.
RENAMED: tuple[Renamed, ...] = ()

ANY: Final = "*"


class Upgraded(NamedTuple):
    """A config's text with today's names, and the rows that made it so."""

    text: str
    rows: tuple[Renamed, ...] = ()


def upgraded(text: str) -> Upgraded:
    """The text with today's names; every other character stays. A text that is not TOML, or that
    has both names, is left to the config's check."""
    rows = []
    for row in RENAMED:
        spans = [span for path in _places(text, row) for span in words(text)[path]]
        for start, end in sorted(spans, reverse=True):
            text = text[:start] + row.new + text[end:]
        rows += [row] if spans else []
    return Upgraded(text, tuple(rows))


def _places(text: str, row: Renamed) -> Iterator[Path]:
    """Where the old name stands, and the new one does not."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = words(text)
    for path in found:
        above = path[:-1]
        if path[-1] == row.old and _is(above, row.table) and (*above, row.new) not in found:
            yield path


def _is(path: Path, table: tuple[str, ...]) -> bool:
    return len(path) == len(table) and all(
        wanted in (ANY, key) for key, wanted in zip(path, table, strict=True)
    )
