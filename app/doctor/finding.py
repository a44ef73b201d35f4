"""One line of the doctor's: what was looked at, how it is, and what to do about it."""

from typing import Final, Literal

from msgspec import Struct

Level = Literal["ok", "warn", "fail"]
LEVELS: Final[tuple[Level, ...]] = ("ok", "warn", "fail")


class Finding(Struct, frozen=True):
    """`what` is short and the same in every run; `said` and `fix` are one sentence at most."""

    what: str
    level: Level
    said: str
    fix: str = ""


def ok(what: str, said: str) -> Finding:
    """All is well with `what`."""
    return Finding(what, "ok", said)


def warn(what: str, said: str, fix: str) -> Finding:
    """`what` works, but not as well as it could."""
    return Finding(what, "warn", said, fix)


def fail(what: str, said: str, fix: str) -> Finding:
    """`what` does not work until its `fix` is made."""
    return Finding(what, "fail", said, fix)
