"""What a technique is: a name, a cheap look, and a pure function from text to shorter text."""

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from proxy.rewrite.results.source import Source

_OPENS: Final = re.compile(r"\s{0,64}[{\[]")
_CLOSES: Final = re.compile(r"[}\]]\s*+\Z")
_TAIL: Final = 64


def not_exact(source: Source) -> bool:
    """What most techniques fit: no file's text, whose every character may be quoted."""
    return not source.exact


def as_it_is(text: str) -> str:
    """What a technique restores that only leaves out what says nothing."""
    return text


class Technique(Struct, frozen=True):
    """One way to say the same in fewer tokens.

    `looks` rules out most texts at a glance. `apply` gives None where the technique does not fit
    or does not restore what came; it never raises. `restore` undoes it: to the same characters, or
    for JSON to the same value, written compactly. `fits` judges by where the result came from.
    `only_omits` says that the new form is the old one without some characters: never more tokens.
    """

    name: str
    looks: Callable[[str], bool]
    apply: Callable[[str], str | None]
    restore: Callable[[str], str] = as_it_is
    fits: Callable[[Source], bool] = not_exact
    only_omits: bool = False


class Shrunk(Struct, frozen=True):
    """A shorter text, and the techniques that made it, in order, joined by `+`."""

    text: str
    technique: str


def looks_like_json(text: str) -> bool:
    """Whether it opens and closes as a JSON object or array does."""
    return bool(_OPENS.match(text) and _CLOSES.search(text, max(0, len(text) - _TAIL)))
