"""A result that an earlier one of the same conversation says already: what is said instead."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from msgspec import Struct

from proxy.rewrite.results.technique import looks_like_json
from proxy.rewrite.results.terminal import shown
from proxy.rewrite.results.weight import weigh

SHORTEST: Final = 400  # characters of a result that is worth a reference
LARGEST: Final = 60_000  # characters of one that is compared line by line
_MOST_CHANGED: Final = 300  # lines of the part that differs
_PAYS: Final = 0.5  # of its weight that a result may have as a difference
_SHOWN: Final = 80  # characters of a command


class Earlier(Struct, frozen=True):
    """A result that stands whole in the request, in whatever form: the how manieth it is, whose,
    and its text as the tool gave it."""

    number: int
    tool: str
    command: str
    text: str


def reference(earlier: Earlier) -> str:
    """What stands for a result that is the same to the letter."""
    lines = earlier.text.count("\n") + 1
    return f"[Same as {_named(earlier)}, to the letter: {lines} lines]"


def difference(earlier: Earlier, text: str, now: str) -> str | None:
    """How `text` differs from `earlier`, as `diff -U0` says it of what a terminal shows.

    None where that is much beside `now`, the form that `text` would have otherwise.
    """
    if max(len(text), len(earlier.text)) > LARGEST or looks_like_json(text):
        return None
    hunks = _difference(earlier.text, text)
    said = f"[Same as {_named(earlier)}, but for these lines (diff):]\n{hunks}"
    pays = hunks and len(said) < len(now) and weigh(said) < _PAYS * weigh(now)
    return said if pays else None


@lru_cache(maxsize=64)
def _difference(old: str, new: str) -> str:
    """Hunks; empty where there are none, or too many."""
    old, new = shown(old), shown(new)
    hunks = "\n".join(_hunks(old.split("\n"), new.split("\n")))
    return hunks if hunks and patched(old, f"\n{hunks}") == new else ""


def patched(base: str, said: str) -> str:
    """What `said` makes of the text that it refers to. ValueError where it does not fit."""
    old = base.split("\n")
    new: list[str] = []
    at = 0
    for line in said.split("\n")[1:]:
        if line.startswith("@@"):
            start, size = _range(line.split(" ")[1])
            start = start if size == 0 else start - 1
            new += old[at:start]
            at = start
        elif line.startswith("-"):
            at += 1
        elif line.startswith("+"):
            new.append(line[1:])
        else:
            raise ValueError("no difference")
    return "\n".join(new + old[at:])


def _range(said: str) -> tuple[int, int]:
    start, _, size = said[1:].partition(",")
    return int(start), int(size or 1)


def _named(earlier: Earlier) -> str:
    command = " ".join(earlier.command.split())[:_SHOWN]
    asked = f"{earlier.tool}: {command}" if command else earlier.tool
    return f"tool result {earlier.number} above ({asked})"


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(was), len(now)) > _MOST_CHANGED:
        return
    for kind, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            yield f"@@ -{_place(head + a, b - a)} +{_place(head + c, d - c)} @@"
            yield from (f"-{line}" for line in was[a:b])
            yield from (f"+{line}" for line in now[c:d])


def _common(old: list[str], new: list[str]) -> int:
    """How many lines are the same from the start."""
    pairs = zip(old, new, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _place(start: int, size: int) -> str:
    return f"{start + 1 if size else start}" + ("" if size == 1 else f",{size}")
