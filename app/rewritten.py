"""What a rewrite did to one exchange: by technique, by result, and line by line."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from itertools import islice
from typing import Final

from msgspec import Struct

from app.figures import HITS
from proxy.exchange import ResultRewrite
from proxy.record import Record

STRIPPED: Final = "tools stripped"
MOST_LINES: Final = 3_000  # of a text, that are compared


class Saved(Struct, frozen=True):
    """What a technique saved: on how many tools or results, and how many tokens, estimated."""

    technique: str
    times: int
    tokens: int


def by_technique(row: Record) -> list[Saved]:
    """The techniques of an exchange, the one that saved most first."""
    times: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    for result in row.rewrite.results:
        times[result.technique] += 1
        tokens[result.technique] += result.before - result.after
    if row.rewrite.stripped and row.cache not in HITS:
        times[STRIPPED] = len(row.rewrite.stripped)
        tokens[STRIPPED] = row.before.tools - row.after.tools
    found = [Saved(name, times[name], tokens[name]) for name in times]
    return sorted(found, key=lambda one: (-one.tokens, one.technique))


class Entry(Struct, frozen=True):
    """A line of the table: a rewritten result, or a tool whose results are left alone."""

    tool: str
    result: ResultRewrite | None = None


def entries(row: Record | None, whole: Sequence[str]) -> list[Entry]:
    """The results of an exchange, the newest first, then the tools that are left alone."""
    results = row.rewrite.results if row else ()
    found = [Entry(result.tool, result) for result in reversed(results)]
    seen = {entry.tool for entry in found}
    return [*found, *(Entry(tool) for tool in whole if tool not in seen)]


def differences(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The lines of both, each with its mark: `-` it came so, `+` it was sent so, ` ` both; `…` for
    lines that are the same and left out."""
    was, now = before.split("\n")[:MOST_LINES], after.split("\n")[:MOST_LINES]
    for line in islice(unified_diff(was, now, lineterm="", n=1), 2, None):  # names of no files
        mark, text = line[:1], line[1:]
        yield ("…", line.strip("@ ")) if mark == "@" else (mark, text)
