"""Past traffic scored again: what it would have come to under other weights or boundaries.

The ledger keeps features, which are counts, and no text. So a force-pattern can't be run again: a
request that one decided stays with the pattern, as one stays that a person, a pin or a class
decided.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from classifier.decide import least_of
from classifier.features import Features
from classifier.score import total_of, values_of, weights_of
from classifier.tiers import Tier, tier_of
from proxy.dialects.model import Usage
from proxy.routing import Table, Target

MEASURED = ("score", "agentic")  # reasons that come of the features; `risk:NAME` is one too
LAST: Final = 2**63 - 1  # above every row of a ledger
_FORCE: Final = "force:"
_EMPTY = asdict(Features())
_NAMES = frozenset(field.name for field in fields(Features))
_COLUMNS: Final = (
    "rowid, at, tier, reason, features, provider, model, cache, cost, cost_asked,"
    " billed_input, billed_output, billed_cache_read, billed_cache_write"
)


class Measures(NamedTuple):
    """What of a request decides its tier under any weights and boundaries: each dimension's value,
    and the tier below which it may not go."""

    values: tuple[float, ...]
    least: Tier = Tier.SIMPLE


@dataclass(frozen=True, slots=True)
class Past:
    """An exchange of the ledger that can be looked at again. `row` is its place there, `at` unix
    seconds, `cost` and `asked` are dollars as booked: at the model that answered, and at the model
    that was asked for. `target` is None where no model answered, or the cache did."""

    tier: Tier
    reason: str
    measures: Measures
    target: Target | None = None
    usage: Usage = field(default_factory=Usage)
    cost: float | None = None
    asked: float | None = None
    at: float = 0.0
    row: int = 0

    @property
    def forced_by(self) -> str:
        """The name of the force-pattern that decided, if one did."""
        return self.reason.removeprefix(_FORCE) if self.reason.startswith(_FORCE) else ""

    @property
    def measured(self) -> bool:
        """Whether its features alone decided."""
        return self.reason in MEASURED or self.reason.startswith("risk:")


class Judge:
    """Judges past exchanges by a table. Those that a pattern in `lifted` decided are judged by
    their score; which of the other patterns would have matched, nobody can tell."""

    def __init__(self, table: Table, lifted: frozenset[str] = frozenset()) -> None:
        self._cuts, self._lifted = table.boundaries, lifted
        self._rules = {rule.name: rule.tier for rule in table.patterns if rule.enabled}
        self.weights = weights_of(table.weights)

    def total(self, past: Past) -> float:
        return total_of(past.measures.values, self.weights)

    def tier(self, past: Past, total: float) -> Tier:
        """The tier that the table would have given it, its score being `total`."""
        name = past.forced_by
        if name in self._rules:
            return self._rules[name]
        if past.measured or name in self._lifted:
            return max(tier_of(total, self._cuts), past.measures.least)
        return past.tier


def packed(features: Features) -> str:
    """The counts as JSON, those left out that are none."""
    told = {name: value for name, value in asdict(features).items() if value != _EMPTY[name]}
    return orjson.dumps(told).decode()


def unpacked(text: str) -> Features:
    """The same back; names that this build does not know are passed over."""
    told: dict[str, Any] = orjson.loads(text)
    known = {name: value for name, value in told.items() if name in _NAMES}
    return Features(**(known | {"tasks": tuple(known.get("tasks", ()))}))


def measures(features: Features) -> Measures:
    """Takes 0.1 ms, which is why past exchanges keep it."""
    return Measures(values_of(features), least_of(features))


def tier_under(past: Past, table: Table) -> Tier:
    """The tier that `table` would have given it."""
    judge = Judge(table)
    return judge.tier(past, judge.total(past))


def recent(ledger: Path, most: int = 10_000, above: int = 0, below: int = LAST) -> Iterator[Past]:
    """The newest exchanges that have features, of those in rows above and below the ones named;
    none where there is no ledger. Blocks. Raises sqlite3.Error where it can't be read."""
    if not ledger.exists():
        return
    query = (
        f"SELECT {_COLUMNS} FROM exchanges WHERE features IS NOT NULL"
        " AND reason <> 'replay' AND rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
    )
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
        if not any(row[1] == "features" for row in db.execute("PRAGMA table_info(exchanges)")):
            return
        for row in db.execute(query, (above, below, most)):
            if row[2] in Tier.__members__:
                yield _past(*row)


def _past(
    row: int,
    at: float,
    tier: str,
    reason: str,
    features: str,
    provider: str,
    model: str,
    cache: str,
    cost: float | None,
    asked: float | None,
    *billed: int | None,
) -> Past:
    answered = provider and model and cache not in ("exact", "semantic")
    target = _target(provider, model) if answered else None
    seen = _measures(features)
    return Past(Tier[tier], reason, seen, target, Usage(*billed), cost, asked, at, row)


@lru_cache(maxsize=500)
def _target(provider: str, model: str) -> Target:
    return Target(provider, model)


@lru_cache(maxsize=2_000)
def _measures(features: str) -> Measures:
    """Each turn of a round has the same features, so that most are measured once."""
    return measures(unpacked(features))
