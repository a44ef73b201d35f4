"""Past traffic scored again: what it would have come to under other weights or boundaries.

The ledger keeps features, which are counts, and no text. So a force-pattern can't be run again: a
request that one decided stays with the pattern, as one stays that a person or a class decided.
What a pin would have been is for `past.pins` to tell.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson
from msgspec import Struct, field
from msgspec.structs import asdict, fields

from classifier.decide import least_of
from classifier.features import Features
from classifier.score import total_of, values_of, weights_of
from classifier.tiers import Tier, tier_of
from proxy.dialects.model import Usage
from proxy.routing.pins import FORCE, GOES_AHEAD
from proxy.routing.table import Table, Target

MEASURED = ("score", "agentic")  # reasons that come of the features; `risk:NAME` is one too
LAST: Final = 2**63 - 1  # above every row of a ledger
_EMPTY = asdict(Features())
_NAMES = frozenset(field.name for field in fields(Features))
_COLUMNS: Final = (
    "rowid, at, tier, reason, features, provider, model, cache, cost, cost_asked,"
    " session, request_class, steps,"
    " billed_input, billed_output, billed_cache_read, billed_cache_write"
)
_STEERED: Final = ("override", "header", "escalated")
_RULED = re.compile(r"pattern: (.*) decides (\w+)")
_WEIGHED: Final = ("economics:", "pin: stays on")  # how a step begins that no go-ahead leads to


class Measures(NamedTuple):
    """What of a round's beginning decides its tier under any weights and boundaries: each
    dimension's value, and the tier below which it may not go. `turns` are the messages up to
    there, 0 where unknown, `tokens` all that they come to, `words` those of the last."""

    values: tuple[float, ...]
    least: Tier = Tier.SIMPLE
    turns: int = 0
    words: int = 0
    tokens: int = 0


class Told(NamedTuple):
    """What an exchange's steps tell of its round: the force-pattern that decided it, and for which
    tier, and whether it was a go-ahead; None where that is not told."""

    rule: str = ""
    forced: Tier | None = None
    ahead: bool | None = None


class Talk(NamedTuple):
    """The conversation of an exchange, as far as the ledger can tell conversations apart."""

    session: str = ""
    request_class: str = ""


class Past(Struct, frozen=True):
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
    talk: Talk = Talk()
    told: Told = Told()

    @property
    def forced_by(self) -> str:
        """The name of the force-pattern or the class that decided, if one did."""
        return self.reason.removeprefix(FORCE) if self.reason.startswith(FORCE) else ""

    @property
    def steered(self) -> bool:
        """Whether a person, an escalation or its class decided, whatever its session's pin is."""
        return self.reason in _STEERED or (
            bool(self.forced_by) and self.forced_by == self.talk.request_class
        )

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
        """The tier that the table would have given it, its score being `total`; the one that it
        had where a person, a pin or a pattern decided that the table says nothing of."""
        name = past.forced_by
        open_to = past.measured or name in self._rules or name in self._lifted
        return self.verdict(past, total) if open_to else past.tier

    def verdict(self, past: Past, total: float) -> Tier:
        """The tier that its round needs, wherever a pin or a person took it."""
        name = past.told.rule or past.forced_by
        if name in self._rules:
            return self._rules[name]
        if name and name not in self._lifted:
            return past.tier if past.told.forced is None else past.told.forced
        return max(tier_of(total, self._cuts), past.measures.least)


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
    size = features.turns, features.words, features.tokens
    return Measures(values_of(features), least_of(features), *size)


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
    session: str | None,
    request_class: str | None,
    steps: str | None,
    *billed: int | None,
) -> Past:
    answered = provider and model and cache not in ("exact", "semantic")
    target = _target(provider, model) if answered else None
    seen = _measures(features)
    talk, told = _talk(session or "", request_class or ""), told_of(steps or "[]")
    return Past(Tier[tier], reason, seen, target, Usage(*billed), cost, asked, at, row, talk, told)


@lru_cache(maxsize=500)
def _target(provider: str, model: str) -> Target:
    return Target(provider, model)


@lru_cache(maxsize=500)
def _talk(session: str, request_class: str) -> Talk:
    return Talk(session, request_class)


@lru_cache(maxsize=2_000)
def told_of(steps: str) -> Told:
    """Out of a JSON list of steps, which are in the words of `classifier.decide` and `pins`."""
    lines: list[str] = orjson.loads(steps)
    ruled = next((found for line in lines if (found := _RULED.fullmatch(line))), None)
    rule, forced = (ruled[1], Tier.__members__.get(ruled[2])) if ruled else ("", None)
    ahead = True if any(line.startswith(GOES_AHEAD) for line in lines) else None
    if ahead is None and any(line.startswith(_WEIGHED) for line in lines):
        ahead = False
    return Told(rule, forced, ahead)


@lru_cache(maxsize=2_000)
def _measures(features: str) -> Measures:
    """Each turn of a round has the same features, so that most are measured once."""
    return measures(unpacked(features))
