"""What it costs to stay on a model whose prompt cache is warm, and to move to one that is cold.

Assumed, since nobody knows: the conversation so far stands in the cache of the model that it has
been on, and in no other; a session that moves down comes back up once, to a cache gone cold; it
stays down for ROUNDS rounds; an answer is as long as this conversation's have been. Local kinds of
provider cost nothing, whatever they take. A price that is not known decides nothing.
"""

from typing import Final, Protocol

from msgspec import Struct

from proxy.dialects.model import Usage
from proxy.money.prices import Prices
from proxy.routing.long_context import plain
from proxy.routing.table import Target

ROUNDS: Final = 3
LOCAL: Final = frozenset({"ollama", "llamacpp", "lmstudio", "vllm"})


class Load(Struct, frozen=True):
    """Tokens of the coming round, estimated: what was said before, what is new, the answer."""

    before: int
    new: int
    answer: int


class Worth(Struct, frozen=True):
    """Dollars to stay and to move, and the arithmetic in words; None where a price is unknown.

    Not `sure` where a price was not at hand: asked again, it may be another.
    """

    stay: float | None
    move: float | None
    words: str
    sure: bool = True

    @property
    def known(self) -> bool:
        return self.stay is not None and self.move is not None

    @property
    def pays(self) -> bool:
        return self.stay is not None and self.move is not None and self.move < self.stay


class Kinds(Protocol):
    """Which kind of provider a name stands for."""

    def kind_of(self, name: str) -> str: ...


class Economy:
    """Weighs a move between two models at their real prices."""

    def __init__(self, prices: Prices, providers: Kinds) -> None:
        self._prices = prices
        self._providers = providers

    def for_a_while(self, held: Target, lower: Target, load: Load) -> Worth:
        """ROUNDS rounds on `lower`, with a cold start there and another on the way back."""
        stay = _times(self._warm(held, load), ROUNDS)
        warm, cold = self._warm(lower, load), self._cold(lower, load)
        back = _less(self._cold(held, load), self._warm(held, load))
        move = _sum(cold, _times(warm, ROUNDS - 1), back)
        return self._worth(held, lower, load, stay, move, f"{ROUNDS} rounds")

    def for_once(self, held: Target, lower: Target, load: Load) -> Worth:
        """One round on `lower`; the cache of `held` is still warm after it."""
        stay, move = self._warm(held, load), self._cold(lower, load)
        return self._worth(held, lower, load, stay, move, "one round")

    def coming(self, at: Target, load: Load, warm: bool) -> float | None:
        """Dollars for one round, the conversation so far cached there or not; None if unknown."""
        return self._warm(at, load) if warm else self._cold(at, load)

    def _worth(
        self,
        held: Target,
        lower: Target,
        load: Load,
        stay: float | None,
        move: float | None,
        over: str,
    ) -> Worth:
        if stay is None or move is None:
            unknown = held if stay is None else lower
            sure = self._at_hand(held) and self._at_hand(lower)
            return Worth(stay, move, f"the price of {unknown} is not known", sure)
        said = f"{load.before:,} tokens so far, {load.new:,} new, {load.answer:,} to answer, {over}"
        return Worth(stay, move, f"{said}: ${stay:.4f} warm on {held}, ${move:.4f} cold on {lower}")

    def _warm(self, at: Target, load: Load) -> float | None:
        usage = Usage(input=load.new, output=load.answer, cache_read=load.before)
        return self._cost(at, usage, load)

    def _cold(self, at: Target, load: Load) -> float | None:
        usage = Usage(input=load.new, output=load.answer, cache_write=load.before)
        return self._cost(at, usage, load)

    def _cost(self, at: Target, usage: Usage, load: Load) -> float | None:
        """None as well where the price is not at hand yet: looking it up would hold up the loop."""
        kind, model = self._providers.kind_of(at.provider), plain(at.model)
        if not self._at_hand(at):
            return None
        cost = self._prices.cost(kind, model, usage, at.provider)
        if cost is None:  # it has no prices of its own for its cache
            whole = Usage(input=load.before + load.new, output=load.answer)
            cost = self._prices.cost(kind, model, whole, at.provider)
        return 0.0 if cost is None and kind in LOCAL else cost

    def _at_hand(self, at: Target) -> bool:
        kind = self._providers.kind_of(at.provider)
        return self._prices.at_hand(kind, plain(at.model), at.provider)


def _times(cost: float | None, rounds: int) -> float | None:
    return None if cost is None else cost * rounds


def _sum(*costs: float | None) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None


def _less(cost: float | None, other: float | None) -> float | None:
    return None if cost is None or other is None else cost - other
