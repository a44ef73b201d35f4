"""Who looks at an exchange's answers before the client has their calls, in order."""

from collections.abc import Iterator

from proxy.answer.hops import Inspector
from proxy.answer.own_calls import OwnCalls
from proxy.dialects.model import Request
from proxy.exchange import Exchange
from proxy.house import House
from proxy.quality.check import Offer
from proxy.quality.guard import Guard


def inspectors(house: House, exchange: Exchange, request: Request) -> Iterator[Inspector]:
    """None where the client wants nothing touched."""
    if exchange.headers.get("x-lynkr-rewrite", "").lower() == "off":
        return
    offer = Offer(request)
    yield OwnCalls(house, exchange, offer)
    if house.config.guard.calls:
        yield Guard(house, exchange, request, offer)
