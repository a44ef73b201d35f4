"""Rules that decide a tier before the score does: the user's, then the built-in ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2

from classifier.builtin import ROWS
from classifier.tiers import Tier


@dataclass(frozen=True, slots=True)
class ForcePattern:
    """A named rule: where re2 finds `pattern`, in any case, in the person's words, `tier` holds."""

    name: str
    pattern: str
    tier: Tier
    enabled: bool = True


class Forces:
    """Compiled patterns in order; the first that matches wins."""

    def __init__(self, compiled: Iterable[tuple[ForcePattern, Any]]) -> None:
        self._compiled = tuple(compiled)

    def match(self, text: str) -> ForcePattern | None:
        """The first enabled pattern found in `text`, which is best a request's `intent`."""
        if not text:
            return None
        return next((rule for rule, compiled in self._compiled if compiled.search(text)), None)

    def __add__(self, later: "Forces") -> "Forces":
        return Forces(self._compiled + later._compiled)


def compile_patterns(rows: Iterable[ForcePattern], builtin: bool = True) -> Forces:
    """Compile the user's `rows`, then the built-in ones unless `builtin` is false.

    Raises ValueError naming the pattern and what re2 has against it; disabled rows are checked too.
    """
    compiled = [(row, _compile(row)) for row in rows]
    own = Forces(pair for pair in compiled if pair[0].enabled)
    return own + BUILTIN_FORCES if builtin else own


def _compile(row: ForcePattern) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(row.pattern, options)
    except re2.error as problem:
        why = problem.args[0] if problem.args else problem
        text = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
        raise ValueError(f"force-pattern {row.name!r} ({row.pattern}): {text}") from problem


BUILTIN = tuple(ForcePattern(*row) for row in ROWS)
BUILTIN_FORCES = Forces((row, _compile(row)) for row in BUILTIN)
