"""Rules that decide a tier before the score does: the user's, then the built-in ones."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import re2
from msgspec import Struct

from classifier.builtin import ROWS
from classifier.search import search_set
from classifier.tiers import Tier


class ForcePattern(Struct, frozen=True):
    """A named rule: where re2 finds `pattern`, in any case, in the person's words, `tier` holds."""

    name: str
    pattern: str
    tier: Tier
    enabled: bool = True


class Forces:
    """Compiled patterns in order; the first that matches wins. The `builtin` ones come last."""

    def __init__(
        self,
        compiled: Iterable[tuple[ForcePattern, Any]] = (),
        builtin: Sequence[ForcePattern] = (),
    ) -> None:
        self._compiled = tuple(compiled)
        self._builtin = tuple(builtin)

    def match(self, text: str) -> ForcePattern | None:
        """The first enabled pattern found in `text`, which is best a request's `intent`."""
        if not text:
            return None
        for rule, compiled in self._compiled:
            if compiled.search(text):
                return rule
        found = _set_of(self._builtin).Match(text) if self._builtin else None
        return self._builtin[min(found)] if found else None


def compile_patterns(rows: Iterable[ForcePattern], builtin: bool = True) -> Forces:
    """Compile the user's `rows`, then the built-in ones unless `builtin` is false.

    Raises ValueError naming the pattern and what re2 has against it; disabled rows are checked too.
    """
    compiled = [(row, _compile(row)) for row in rows]
    enabled = (pair for pair in compiled if pair[0].enabled)
    return Forces(enabled, BUILTIN if builtin else ())


def compiled() -> None:
    """Has the built-in patterns ready, which take 50 ms: for a thread, before the first request."""
    _set_of(BUILTIN)


def _compile(row: ForcePattern) -> Any:
    try:
        return re2.compile(row.pattern, _options())
    except re2.error as problem:
        why = problem.args[0] if problem.args else problem
        text = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
        raise ValueError(f"force-pattern {row.name!r} ({row.pattern}): {text}") from problem


@cache
def _set_of(rows: tuple[ForcePattern, ...]) -> Any:
    return search_set((row.pattern for row in rows), _options())


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


BUILTIN = tuple(ForcePattern(*row) for row in ROWS)
