"""The decision path of an exchange: who was asked, what each said, and who decided."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from proxy.record import Record

# Who is asked, in their order, and how it reads where one said nothing; a class of request and a
# budget are not told of then.
SILENT: Final = {
    "override": "nobody chose a tier",
    "class": "",
    "pattern": "none decides",
    "score": "not measured",
    "agency": "raises nothing",
    "risk": "raises nothing",
    "pin": "holds nothing",
    "economics": "not asked: nothing to move down",
    "budget": "",
}
_DECIDERS: Final = {
    "override": "override",
    "header": "override",
    "replay": "override",
    "score": "score",
    "agentic": "agency",
    "risk": "risk",
}
AGAIN: Final = "asked again of"


class Stage(Struct, frozen=True):
    """One who was asked: `said` in words; `spoke` is false where these only say that it had none.
    What happened after the decision has no name."""

    name: str
    said: str
    spoke: bool = True
    decided: bool = False


def path_of(row: Record) -> list[Stage]:
    """All who are asked, in their order, then what happened after; empty before a decision."""
    if not row.steps:
        return []
    said = [_parted(step) for step in row.steps]
    decider = _decider(row.reason, said)
    found = [Stage(name, word, decided=at == decider) for at, (name, word) in enumerate(said)]
    asked = [stage for name in SILENT for stage in _of(name, found)]
    return [*asked, *(stage for stage in found if not stage.name)]


def _of(name: str, found: Sequence[Stage]) -> Iterator[Stage]:
    own = [stage for stage in found if stage.name == name]
    silent = [Stage(name, SILENT[name], spoke=False)] if SILENT[name] else []
    yield from own or silent


def _parted(step: str) -> tuple[str, str]:
    name, _, word = step.partition(": ")
    return (name, word) if name in SILENT else ("", step)


def _decider(reason: str, said: Sequence[tuple[str, str]]) -> int | None:
    """Which of the steps decided; the last of those that could have."""
    kind = reason.partition(":")[0]
    names = {"pinned": ("pin", "economics"), "force": ("pattern", "class", "budget")}.get(kind)
    names = names or (_DECIDERS.get(kind, "pin"),)
    able = [at for at, (name, _) in enumerate(said) if name in names]
    if kind == "escalated":
        able += [at for at, (name, word) in enumerate(said) if not name and AGAIN in word]
    return able[-1] if able else None
