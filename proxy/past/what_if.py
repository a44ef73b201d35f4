"""What a change of the routes would have made of past traffic: who moves, and what it costs.

Both sides are judged by tables, not by what happened: so only the change shows, and nothing that
the routes were before. A round that its session's pin decided follows what the pin would have
been; where that can't be told it stays as it was. A request that stays where it is costs what was
booked for it; another's billed tokens are priced at its new model, which is an estimate: it would
have said other words.
"""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.past.pins import PINNED, PastPins
from proxy.past.rescore import Judge, Past
from proxy.routing.economy import Economy
from proxy.routing.table import Table, Target

PARTS: Final = 1_000  # equal parts of 0 to 100 that scores are counted in
_LOOK_UP: Final = 250  # rows between two looks whether the answer is still wanted

Price = Callable[[Target, Usage], float | None]  # dollars; None where unknown


class Money(Struct):
    """Dollars before and after, over the `known` requests where both are known."""

    before: float = 0.0
    after: float = 0.0
    known: int = 0

    def add(self, before: float | None, after: float | None) -> None:
        if before is not None and after is not None:
            self.before += before
            self.after += after
            self.known += 1


class Move(Struct):
    """The requests that go from one tier to another; the same twice where its model changes."""

    source: Tier
    to: Tier
    requests: int = 0
    cost: Money = field(default_factory=Money)


class Outcome(Struct):
    """`rows` were looked at. `fixed` of them stay, as a person, a pattern or an escalation decided
    them; `pinned` stay as their session's pin had them, as what it would be can't be told.
    `spread` counts the scores after the change in PARTS equal parts of 0 to 100; the largest of
    the `moves` comes first. `guessed` are the requests whose cost before the change is an estimate
    too, as their model is another than the one that answered."""

    rows: int = 0
    fixed: int = 0
    pinned: int = 0
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
    rows: Sequence[Past],
    before: Table,
    after: Table,
    price: Price,
    economy: Economy,
    wanted: Callable[[], bool] = lambda: True,
) -> Outcome | None:
    """Of `rows`, newest first. Takes some 20 ms for each thousand of them; None once it is
    `wanted` no more."""
    compared = _Compared(before, after, price, economy)
    for number, past in enumerate(reversed(rows)):
        if number % _LOOK_UP == 0 and not wanted():
            return None
        compared.add(past)
    return compared.told()


class _Compared:
    """Adds up one past exchange after the other."""

    def __init__(self, before: Table, after: Table, price: Price, economy: Economy) -> None:
        lifted = frozenset(_on(before) - _on(after))
        self._then, self._now = Judge(before), Judge(after, lifted)
        self._pins = PastPins(before, economy), PastPins(after, economy)
        self._before, self._after = before.tiers, after.tiers
        self._same = self._then.weights == self._now.weights
        self._price = price
        self._ruled = lifted | _on(after)
        self._found = Outcome()
        self._spread = [0] * PARTS
        self._moves: dict[tuple[Tier, Tier], Move] = {}

    def told(self) -> Outcome:
        """What came of all that was added."""
        moves = sorted(self._moves.values(), key=lambda move: -move.requests)
        return replace(self._found, spread=tuple(self._spread), moves=tuple(moves))

    def add(self, past: Past) -> None:
        total = self._then.total(past)
        before = self._then.verdict(past, total)
        total = total if self._same else self._now.total(past)
        tier, to = self._pinned(past, before, self._now.verdict(past, total))
        found = self._found
        found.rows += 1
        found.since = found.since or past.at
        self._spread[min(max(int(total * PARTS / 100), 0), PARTS - 1)] += 1
        found.fixed += past.steered or (tier is to and self._stays(past))
        if tier is to and self._before[tier] == self._after[to]:
            self._book(past, past.cost, past.cost)
        else:
            self._moved(past, tier, to)

    def _pinned(self, past: Past, before: Tier, after: Tier) -> tuple[Tier, Tier]:
        """Its tier under each table, its round needing these."""
        began = past.reason != PINNED or before is past.tier
        then, now = self._pins
        tier, to = then.tier(past, before, began), now.tier(past, after, began)
        if past.steered:
            return past.tier, past.tier
        if tier is None or to is None:
            self._found.pinned += 1
            return past.tier, past.tier
        return tier, to

    def _stays(self, past: Past) -> bool:
        """Whether a pattern decided that the change says nothing of."""
        return bool(past.forced_by) and past.forced_by not in self._ruled

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
