"""The books of an exchange: tokens before and after, cost, and the event that closes it."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from proxy.dialects.model import Request
from proxy.events import Completed
from proxy.exchange import Exchange, Tokens
from proxy.house import House
from proxy.tokens import count_if_quick, count_request, estimate

PATIENCE = 0.05  # seconds that the end of an answer may wait for a count

T = TypeVar("T")


class Books:
    """Counts once the answer has started, so that no client waits for its first byte."""

    def __init__(self, house: House) -> None:
        self._house = house

    def open(self, exchange: Exchange) -> None:
        """The answer is on its way: count what came and what was sent, or start to in a thread."""
        asked, sent = exchange.request, exchange.sent
        assert asked is not None
        pair = asked, asked if sent is None else sent
        before, after = _both(count_if_quick, *pair)
        if before and after:
            exchange.counted = before, after
        else:
            exchange.counting = self._house.counter.begin(partial(_both, count_request, *pair))

    async def close(self, exchange: Exchange) -> None:
        """Tell that the client has its whole answer."""
        before, after = await self._counted(exchange)
        assert exchange.request is not None and exchange.decision is not None
        target, usage = exchange.decision.target, exchange.usage
        kind = self._house.providers.kind_of(target.provider)
        prices = self._house.prices
        self._house.bus.publish(
            Completed(
                id=exchange.id,
                at=time.time(),
                status=exchange.status,
                latency=exchange.elapsed(),
                usage=usage,
                before=before,
                after=after,
                cost=prices.cost(kind, target.model, usage, target.provider),
                cost_asked=prices.cost(exchange.dialect, exchange.request.model, usage),
            )
        )

    async def _counted(self, exchange: Exchange) -> tuple[Tokens, Tokens]:
        """The counts; where a huge request is not counted yet, an estimate by its size."""
        if exchange.counted is not None:
            return exchange.counted
        assert exchange.counting is not None
        waiting = asyncio.wrap_future(exchange.counting)
        try:
            return await asyncio.wait_for(asyncio.shield(waiting), PATIENCE)
        except TimeoutError:
            total = Tokens(messages=estimate(len(exchange.raw)))
            return total, Tokens(messages=total.messages - exchange.rewrite.saved)


def _both(count: Callable[[Request], T], asked: Request, sent: Request) -> tuple[T, T]:
    """What `count` makes of both; one request is counted once."""
    before = count(asked)
    return before, before if sent is asked else count(sent)
