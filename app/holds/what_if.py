"""What the routing screen asks before a change is saved: how past traffic would have gone."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from app.holds.holds import Rates
from proxy.config.model import ProviderConfig
from proxy.dialects.model import Usage
from proxy.house import House
from proxy.money.prices import Prices
from proxy.past.rescore import LAST, Past, recent
from proxy.past.what_if import Outcome, Price, outcome
from proxy.routing.economy import Economy, Kinds
from proxy.routing.long_context import plain
from proxy.routing.table import Table, Target

log = logging.getLogger(__name__)

MOST: Final = 10_000  # rows of the ledger
AT_ONCE: Final = 500  # rows that are read and measured in one go, about 50 ms


class _Kinds(Struct, frozen=True):
    """By the config as it is now; "" for a provider that it has no more."""

    rows: Mapping[str, ProviderConfig]

    def kind_of(self, name: str) -> str:
        row = self.rows.get(name)
        return row.kind if row else ""


class WhatIf:
    """Keeps what decides of the newest exchanges in the ledger, 3 MB at most, and works on it in
    threads, on one question at a time."""

    def __init__(self, house: House, most: int = MOST) -> None:
        self._house = house
        self._most = most
        self._rows: deque[Past] = deque()  # newest first
        self._whole = False  # whether older rows were read to the end
        self._reading, self._working = asyncio.Lock(), asyncio.Lock()

    async def load(self, began: Callable[[], object] = lambda: None) -> bool:
        """Read what is new in the ledger, then what is older; whether there was anything. `began`
        is called after the first portion: there is something to work on."""
        portions = 0
        async with self._reading:
            while await self._newer() or await self._older():
                portions += 1
                if portions == 1:
                    began()
        return portions > 0

    async def outcome(self, before: Table, after: Table) -> Outcome:
        """How the traffic goes under `after`, against `before`. Cancel it, and the work ends."""
        wanted = True
        async with self._working:
            rows, kinds = tuple(self._rows), _Kinds(self._house.config.providers)
            prices = self._house.prices

            def answer() -> Outcome | None:
                for target in {*before.tiers.values(), *after.tiers.values()}:
                    prices.fetch(kinds.kind_of(target.provider), plain(target.model))
                economy, price = Economy(prices, kinds), _price(prices, kinds)
                return outcome(rows, before, after, price, economy, lambda: wanted)

            try:
                found = await asyncio.to_thread(answer)
            finally:
                wanted = False
        assert found is not None, "it was wanted all the while"
        return found

    async def prices(self, targets: Iterable[Target]) -> dict[Target, Rates | None]:
        """Dollars per million tokens in and out; None where no price is known."""
        asked = tuple(targets)
        return await asyncio.to_thread(lambda: {one: self._rates(one) for one in asked})

    def _rates(self, target: Target) -> Rates | None:
        """Blocks for some ms when asked first."""
        kind = _Kinds(self._house.config.providers).kind_of(target.provider)
        prices = self._house.prices
        return prices.rates(kind, plain(target.model), target.provider) if kind else None

    async def _newer(self) -> bool:
        """One portion of the rows that came since; whether there were any."""
        top = self._rows[0].row if self._rows else None
        if top is None:
            return False
        found = await self._read(self._most, above=top)
        self._rows.extendleft(reversed(found))
        while len(self._rows) > self._most:
            self._rows.pop()
        return bool(found)

    async def _older(self) -> bool:
        if self._whole and self._rows:
            return False
        below = self._rows[-1].row if self._rows else LAST
        room = min(self._most - len(self._rows), AT_ONCE)
        found = await self._read(room, below=below) if room else []
        self._rows.extend(found)
        self._whole = not found
        return bool(found)

    async def _read(self, most: int, above: int = 0, below: int = LAST) -> list[Past]:
        try:
            return await asyncio.to_thread(
                lambda: list(recent(self._house.ledger_path, most, above, below))
            )
        except sqlite3.Error as error:
            log.warning("past traffic can't be read: %s", error)
            return []


def _price(prices: Prices, kinds: Kinds) -> Price:
    """A model without prices for its cache takes cached tokens at the price of others."""

    def price(target: Target, usage: Usage) -> float | None:
        kind, model = kinds.kind_of(target.provider), plain(target.model)
        cost = prices.cost(kind, model, usage, target.provider)
        if cost is None and usage.input is not None:
            cost = prices.cost(kind, model, _uncached(usage), target.provider)
        return cost

    return price


def _uncached(usage: Usage) -> Usage:
    cached = (usage.cache_read or 0) + (usage.cache_write or 0)
    return replace(usage, input=(usage.input or 0) + cached, cache_read=None, cache_write=None)
