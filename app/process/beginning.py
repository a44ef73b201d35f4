"""Begins what is slow to load, once the proxy listens or the screen is up; no request waits."""

import gc
from collections.abc import Callable, Iterator
from itertools import chain

from app.process import heap
from classifier import force, vocabulary
from proxy.cache import volatile
from proxy.house import House
from proxy.ledger.ledger import Ledger
from proxy.rewrite.choice import families, needs
from proxy.routing.long_context import plain

PATTERNS = tuple(of.compiled for of in (force, vocabulary, needs, families, volatile))


class Beginning:
    """Begins once, however often it is called: the ledger opens its file, and a thread loads ranks,
    patterns and prices. All of it takes a processor for a second."""

    def __init__(self, house: House, ledger: Ledger) -> None:
        self._house = house
        self._ledger = ledger
        self._begun = False

    def __call__(self) -> None:
        if self._begun or self._house.closing:
            return
        self._begun = True
        heap.few_parts()
        self._house.counter.warm(*self._rest())

    def _rest(self) -> Iterator[Callable[[], object]]:
        """One after the other: what the ranks leave free is used by what comes then."""
        yield self._ledger.wake
        yield from PATTERNS
        yield self._house.prices.load
        yield priced(self._house)
        yield gc.freeze  # what was loaded stays: no collection need look at it again
        yield heap.trim


def priced(house: House) -> Callable[[], None]:
    """Work for a thread: has the price of every model that a route may lead to at hand."""
    table, prices, kind_of = house.routing.table, house.prices, house.providers.kind_of
    targets = {*table.tiers.values(), *chain.from_iterable(table.fallback.values())}

    def fetch() -> None:
        for target in targets:
            prices.fetch(kind_of(target.provider), plain(target.model))

    return fetch
