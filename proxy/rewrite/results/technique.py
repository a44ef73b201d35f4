"""What a technique is: a name, a cheap look, and a pure function from text to shorter text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_OPENS: Final = re.compile(r"\s{0,64}[{\[]")
_CLOSES: Final = re.compile(r"[}\]]\s*+\Z")
_TAIL: Final = 64


@dataclass(frozen=True, slots=True)
class Technique:
    """One way to say the same in fewer tokens.

    `looks` rules out most texts at a glance. `apply` gives None where the technique does not fit,
    does not pay, or does not decode back to what came; it never raises.
    """

    name: str
    looks: Callable[[str], bool]
    apply: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A shorter text and the technique that had the last word."""

    text: str
    technique: str


def looks_like_json(text: str) -> bool:
    """Whether it opens and closes as a JSON object or array does."""
    return bool(_OPENS.match(text) and _CLOSES.search(text, max(0, len(text) - _TAIL)))
