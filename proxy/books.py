"""The books of an exchange: tokens before and after, cost, and the event that closes it."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from proxy.dialects.model import Request, Usage
from proxy.events import Completed
from proxy.exchange import Exchange, Tokens
from proxy.house import House
from proxy.long_context import plain
from proxy.prices import Prices
from proxy.tokens import count_if_quick, count_request, estimate

log = logging.getLogger(__name__)

PATIENCE = 0.05  # seconds that the end of an answer may wait for a count

SECTIONS: Final = ("system", "tools", "messages")
Bill = tuple[str, str, Usage, str]  # kind, model, tokens, the provider's name: as Prices.cost wants


class Books:
    """Counts once the answer has started, so that no client waits for its first byte.

    What goes wrong here is logged, and no exchange's trouble.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    def open(self, exchange: Exchange) -> None:
        """The answer is on its way: count what came and what was sent, or start to in a thread."""
        try:
            self._count(exchange)
        except Exception:
            log.exception("exchange %s can't be counted", exchange.id)

    def _count(self, exchange: Exchange) -> None:
        asked, sent = exchange.request, exchange.sent
        assert asked is not None
        pair = asked, asked if sent is None else sent
        exchange.counted = _both(count_if_quick, *pair)
        if exchange.counted is None:
            exchange.counting = self._house.counter.begin(partial(_both, count_request, *pair))

    async def close(self, exchange: Exchange) -> None:
        """Tell that the client has its whole answer."""
        counted = await self._counted(exchange)
        before, after = counted or _by_size(exchange)
        cost, cost_asked = await self._costs(exchange)
        if counted and exchange.decision and not exchange.hops:
            target = str(exchange.decision.target)
            self._house.calibration.note(target, after.total, exchange.usage)
        self._house.bus.publish(
            Completed(
                id=exchange.id,
                at=time.time(),
                status=exchange.status,
                latency=exchange.elapsed(),
                usage=exchange.usage,
                before=before,
                after=after,
                cost=cost,
                cost_asked=cost_asked,
            )
        )

    async def _counted(self, exchange: Exchange) -> tuple[Tokens, Tokens] | None:
        """The counts; None where that takes too long, failed, or was called off."""
        if exchange.counted is not None or exchange.counting is None:
            return exchange.counted
        waiting = asyncio.wrap_future(exchange.counting)
        await asyncio.wait((waiting,), timeout=PATIENCE)
        if not waiting.done() or waiting.cancelled():
            return None
        if (error := waiting.exception()) is not None:
            log.error("exchange %s can't be counted", exchange.id, exc_info=error)
            return None
        return waiting.result()

    async def _costs(self, exchange: Exchange) -> tuple[float | None, float | None]:
        """What it cost, and what the model asked for would have: in a thread where a price has
        to be looked for first."""
        prices = self._house.prices
        try:
            *paid, asked = self._bills(exchange)
            if all(prices.at_hand(kind, model, name) for kind, model, _, name in (*paid, asked)):
                return _sum(prices, paid), prices.cost(*asked)
            return await asyncio.to_thread(lambda: (_sum(prices, paid), prices.cost(*asked)))
        except Exception:
            log.exception("exchange %s can't be priced", exchange.id)
            return None, None

    def _bills(self, exchange: Exchange) -> list[Bill]:
        """What each model that answered billed, and last the same tokens at the one asked for."""
        assert exchange.request is not None and exchange.decision is not None
        kind_of, known = self._house.providers.kind_of, self._house.providers.config.providers
        hops = exchange.hops or ((exchange.decision.target, exchange.usage),)
        paid = [(kind_of(at.provider), plain(at.model), used, at.provider) for at, used in hops]
        last = hops[-1][1]  # the request that was asked for would have been billed once
        spent = last if exchange.spared is None else _again(exchange.spared)
        asked = plain(exchange.request.model)
        name, _, model = asked.partition("/")
        if model and name in known:
            return [*paid, (kind_of(name), model, spent, name)]
        return [*paid, (exchange.dialect, asked, spent, "")]


def _sum(prices: Prices, bills: list[Bill]) -> float | None:
    """All of them; None where one of them can't be priced."""
    costs = [prices.cost(*bill) for bill in bills]
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None


def _again(usage: Usage) -> Usage:
    """What the same request would have been billed the second time: it would have read what the
    first one wrote into the provider's cache."""
    if not usage.cache_write:
        return usage
    return replace(usage, cache_read=(usage.cache_read or 0) + usage.cache_write, cache_write=0)


def _by_size(exchange: Exchange) -> tuple[Tokens, Tokens]:
    """Before and after by the request's length, where nothing counted them."""
    total = Tokens(messages=estimate(len(exchange.raw)))
    return total, Tokens(messages=total.messages - exchange.rewrite.saved)


def _both(
    count: Callable[[Request], Tokens | None], asked: Request, sent: Request
) -> tuple[Tokens, Tokens] | None:
    """What `count` makes of both; what a rewrite left as it was is counted once. None where it
    made nothing of one."""
    before = count(asked)
    after = before if sent is asked or before is None else _changed(count, asked, sent, before)
    return (before, after) if before is not None and after is not None else None


def _changed(
    count: Callable[[Request], Tokens | None], asked: Request, sent: Request, before: Tokens
) -> Tokens | None:
    """The count of `sent`, where that of `asked` is known: only sections that differ are read."""
    same: dict[str, Any] = {name: [] for name in SECTIONS if _shared(name, asked, sent)}
    counted = count(replace(sent, **same))
    return counted and replace(counted, **{name: getattr(before, name) for name in same})


def _shared(section: str, asked: Request, sent: Request) -> bool:
    return getattr(sent, section) is getattr(asked, section)
