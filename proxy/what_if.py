"""What a change of the routes would have made of past traffic: who moves, and what it costs.

Both sides are judged by tables, not by what happened: so only the change shows, and nothing that
the routes were before. A request that stays where it is costs what was booked for it; another's
billed tokens are priced at its new model, which is an estimate: it would have said other words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.rescore import Judge, Past
from proxy.routing import Table, Target

PARTS: Final = 1_000  # equal parts of 0 to 100 that scores are counted in
_LOOK_UP: Final = 250  # rows between two looks whether the answer is still wanted

Price = Callable[[Target, Usage], float | None]  # dollars; None where unknown


@dataclass(slots=True)
class Money:
    """Dollars before and after, over the `known` requests where both are known."""

    before: float = 0.0
    after: float = 0.0
    known: int = 0

    def add(self, before: float | None, after: float | None) -> None:
        if before is not None and after is not None:
            self.before += before
            self.after += after
            self.known += 1


@dataclass(slots=True)
class Move:
    """The requests that go from one tier to another; the same twice where its model changes."""

    source: Tier
    to: Tier
    requests: int = 0
    cost: Money = field(default_factory=Money)


@dataclass(slots=True)
class Outcome:
    """`rows` were looked at, `fixed` of them can't be decided again. `spread` counts the scores
    after the change in PARTS equal parts of 0 to 100; the largest of the `moves` comes first.
    `guessed` are the requests whose cost before the change is an estimate too, as their model is
    another than the one that answered."""

    rows: int = 0
    fixed: int = 0
    since: float = 0.0  # unix seconds
    spread: tuple[int, ...] = ()
    moves: tuple[Move, ...] = ()
    cost: Money = field(default_factory=Money)
    saved: Money = field(default_factory=Money)
    guessed: int = 0

    @property
    def moved(self) -> int:
        return sum(move.requests for move in self.moves)


def outcome(
    rows: Iterable[Past],
    before: Table,
    after: Table,
    price: Price,
    wanted: Callable[[], bool] = lambda: True,
) -> Outcome | None:
    """Take some milliseconds for each thousand rows; None once it is `wanted` no more."""
    compared = _Compared(before, after, price)
    for number, past in enumerate(rows):
        if number % _LOOK_UP == 0 and not wanted():
            return None
        compared.add(past)
    return compared.told()


class _Compared:
    """Adds up one past exchange after the other."""

    def __init__(self, before: Table, after: Table, price: Price) -> None:
        lifted = frozenset(_on(before) - _on(after))
        self._then, self._now = Judge(before), Judge(after, lifted)
        self._before, self._after = before.tiers, after.tiers
        self._same = self._then.weights == self._now.weights
        self._lifted, self._rules = lifted, _on(after)
        self._price = price
        self._found = Outcome()
        self._spread = [0] * PARTS
        self._moves: dict[tuple[Tier, Tier], Move] = {}

    def told(self) -> Outcome:
        """What came of all that was added."""
        moves = sorted(self._moves.values(), key=lambda move: -move.requests)
        return replace(self._found, spread=tuple(self._spread), moves=tuple(moves))

    def add(self, past: Past) -> None:
        total = self._then.total(past)
        tier = self._then.tier(past, total)
        total = total if self._same else self._now.total(past)
        to = self._now.tier(past, total)
        found, name = self._found, past.forced_by
        found.rows += 1
        found.since = past.at
        self._spread[min(max(int(total * PARTS / 100), 0), PARTS - 1)] += 1
        found.fixed += not (past.measured or name in self._rules or name in self._lifted)
        if tier is to and self._before[tier] == self._after[to]:
            self._book(past, past.cost, past.cost)
        else:
            self._moved(past, tier, to)

    def _moved(self, past: Past, tier: Tier, to: Tier) -> None:
        move = self._moves.get((tier, to))
        if move is None:
            move = self._moves[tier, to] = Move(tier, to)
        move.requests += 1
        source = self._before[tier]
        self._found.guessed += past.target not in (None, source)
        costs = self._cost(past, source), self._cost(past, self._after[to])
        move.cost.add(*costs)
        self._book(past, *costs)

    def _book(self, past: Past, before: float | None, after: float | None) -> None:
        self._found.cost.add(before, after)
        if past.asked is not None and before is not None and after is not None:
            self._found.saved.add(past.asked - before, past.asked - after)

    def _cost(self, past: Past, target: Target) -> float | None:
        """As booked where that model answered, or none did; else the estimate."""
        if past.target in (None, target):
            return past.cost
        return self._price(target, past.usage)


def _on(table: Table) -> set[str]:
    return {rule.name for rule in table.patterns if rule.enabled}
