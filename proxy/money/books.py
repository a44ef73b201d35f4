"""The books of an exchange: tokens before and after, cost, and the event that closes it."""

import asyncio
import logging
import time
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from proxy.answer.hops import summed
from proxy.dialects.model import Usage
from proxy.events import Completed
from proxy.exchange import Counts, Exchange, Tokens
from proxy.house import House
from proxy.money.as_came import as_came
from proxy.money.prices import Prices
from proxy.routing.long_context import plain
from proxy.tokens.counter import estimate
from proxy.tokens.counts import counts, quick_counts

log = logging.getLogger(__name__)

PATIENCE = 0.05  # seconds that the end of an answer may wait for a count

Bill = tuple[str, str, Usage, str]  # kind, model, tokens, the provider's name: as Prices.cost wants


class Costs(NamedTuple):
    """Dollars: what was paid, what the model asked for would have cost, and what the request would
    have cost as it came; None where that is not known."""

    paid: float | None = None
    asked: float | None = None
    came: float | None = None


class Bills(NamedTuple):
    """What each model that answered billed, and the same at the one asked for."""

    paid: list[Bill]
    asked: Bill


class Books:
    """Counts while the upstream works, so that no client waits for its answer.

    What goes wrong here is logged, and no exchange's trouble.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    def going(self, exchange: Exchange) -> None:
        """A call is about to go upstream: open the books as soon as it is on its way, or waits for
        a connection. What was counted for an earlier one, which failed, is of no use."""
        if exchange.counting is not None:
            exchange.counting.cancel()
        exchange.counted = exchange.counting = None
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self.open, exchange)  # in the first turn it is written

    def open(self, exchange: Exchange) -> None:
        """Count what came and what was sent, or start to in a thread."""
        if exchange.counted is not None or exchange.counting is not None:
            return
        try:
            self._count(exchange)
        except Exception:
            log.exception("exchange %s can't be counted", exchange.id)

    def _count(self, exchange: Exchange) -> None:
        asked, sent = exchange.request, exchange.sent
        assert asked is not None
        pair = asked, asked if sent is None else sent
        exchange.counted = quick_counts(*pair)
        if exchange.counted is None:
            exchange.counting = self._house.counter.begin(partial(counts, *pair))

    def close_now(self, exchange: Exchange) -> bool:
        """Close them, if all that this needs is at hand."""
        self.open(exchange)
        if exchange.counted is None:
            return False
        bills = self._bills(exchange)
        if self._unpriced(bills):
            return False
        self._close(exchange, bills)
        return True

    async def settle(self, exchange: Exchange) -> None:
        """Wait for what closing them needs, as long as that is worth it; close them then."""
        exchange.counted = await self._counted(exchange)
        bills = self._bills(exchange)
        try:
            for kind, model, _, _ in self._unpriced(bills):
                await asyncio.to_thread(self._house.prices.fetch, kind, model)
        except Exception:
            log.exception("exchange %s: its price can't be found", exchange.id)
        self._close(exchange, bills)

    def _close(self, exchange: Exchange, bills: Bills | None) -> None:
        """Tell that the client has its whole answer."""
        lost = self._lost(exchange)
        counted = exchange.counted
        costs = self._costs(exchange, counted, bills, lost)
        if counted and exchange.decision and not exchange.hops:
            target = str(exchange.decision.target)
            self._house.calibration.note(target, counted.after.total, exchange.usage)
        counted = counted or _by_size(exchange)
        self._house.bus.publish(
            Completed(
                id=exchange.id,
                at=time.time(),
                status=exchange.status,
                latency=exchange.elapsed(),
                usage=exchange.usage,
                before=counted.before,
                after=counted.after,
                cost=costs.paid,
                cost_asked=costs.asked,
                cost_as_came=costs.came,
            )
        )

    def _lost(self, exchange: Exchange) -> int:
        """Tokens that a rewrite took from the provider's prompt cache."""
        if exchange.decision is None or exchange.spared is not None:
            return 0
        hops = exchange.hops or ((exchange.decision.target, exchange.usage),)
        return self._house.prefixes.judge(exchange, *hops[-1], self._house.bus.publish)

    async def _counted(self, exchange: Exchange) -> Counts | None:
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

    def _unpriced(self, bills: Bills | None) -> list[Bill]:
        """Whose price has to be looked for first, which takes a while."""
        if bills is None:
            return []
        at_hand = self._house.prices.at_hand
        return [one for one in (*bills.paid, bills.asked) if not at_hand(one[0], one[1], one[3])]

    def _costs(
        self, exchange: Exchange, counted: Counts | None, bills: Bills | None, lost: int
    ) -> Costs:
        if bills is None:
            return Costs()
        try:
            came = _came(exchange, counted, bills.paid, lost)
            costs = _costs(self._house.prices, bills.paid, bills.asked, came)
            return costs if exchange.replay is None else _spent(costs)
        except Exception:
            log.exception("exchange %s can't be priced", exchange.id)
            return Costs()

    def _bills(self, exchange: Exchange) -> Bills | None:
        try:
            return bills_of(exchange, self._house)
        except Exception:
            log.exception("exchange %s can't be billed", exchange.id)
            return None


def bills_of(exchange: Exchange, house: House) -> Bills:
    """Where several models were asked, the one asked for is given the last one's tokens."""
    assert exchange.request is not None and exchange.decision is not None
    kind_of, known = house.providers.kind_of, house.providers.config.providers
    hops = exchange.hops or ((exchange.decision.target, exchange.usage),)
    paid = [(kind_of(at.provider), plain(at.model), used, at.provider) for at, used in hops]
    # another model's calls would have been spared; those of one are for a rewrite to answer
    one = len({at for at, _ in hops}) == 1
    last = summed(used for _, used in hops) if one else hops[-1][1]
    spent = last if exchange.spared is None else _again(exchange.spared)
    asked = plain(exchange.request.model)
    name, _, model = asked.partition("/")
    if model and name in known:
        return Bills(paid, (kind_of(name), model, spent, name))
    return Bills(paid, (exchange.dialect, asked, spent, ""))


def _costs(prices: Prices, paid: list[Bill], asked: Bill, came: Bill | None) -> Costs:
    return Costs(_sum(prices, paid), prices.cost(*asked), prices.cost(*came) if came else None)


def _spent(costs: Costs) -> Costs:
    """Of a replay: a person asked for this model, so that nothing was saved."""
    return Costs(costs.paid, costs.paid)


def _came(exchange: Exchange, counted: Counts | None, paid: list[Bill], lost: int) -> Bill | None:
    """What the model that answered would have billed for the request as it came.

    Several calls of one model are a rewrite's doing (its tools were loaded, a result recalled): as
    it came there had been one. None where a cache answered, several models did, or nothing counted.
    """
    if exchange.spared is not None or counted is None:
        return None
    (kind, model, first, name), last = paid[0], paid[-1][2]
    if any((one[1], one[3]) != (model, name) for one in paid):
        return None
    lost = 0 if len(paid) > 1 else lost  # what a later call lost is in what was paid
    return kind, model, as_came(replace(first, output=last.output), counted, lost), name


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


def _by_size(exchange: Exchange) -> Counts:
    """Before and after by the request's length, where nothing counted them."""
    total = Tokens(messages=estimate(len(exchange.raw)))
    return Counts(total, Tokens(messages=total.messages - exchange.rewrite.saved))
