"""Where to send what a client asks on the side: titles, probes, summaries of the conversation."""

from msgspec import Struct

from classifier.tiers import Tier
from proxy.routing.classes import COMPACTION, SIDE, TITLE, WARMUP
from proxy.routing.economy import Economy, Load
from proxy.routing.pins import Pin
from proxy.routing.table import Table

_CHEAP = {TITLE: "a title", WARMUP: "a request for nothing", SIDE: "an errand of the client's"}
SUMMARY = 2_000  # tokens of a summary


class Side(Struct, frozen=True):
    """A tier for a class of request, whatever its words score."""

    name: str
    tier: Tier
    step: str


def side_of(
    request_class: str, tokens: int, table: Table, pin: Pin, economy: Economy
) -> Side | None:
    """None for the work itself, and for a summary that is cheaper where its session's cache is."""
    if what := _CHEAP.get(request_class):
        return Side(request_class, Tier.SIMPLE, f"class: {what} needs no more than SIMPLE")
    if request_class != COMPACTION or pin.held <= Tier.MEDIUM:
        return None
    above, below = table.tiers[pin.held], table.tiers[Tier.MEDIUM]
    worth = economy.for_once(above, below, Load(tokens, 0, SUMMARY))
    if above != below and worth.known and not worth.pays:
        step = f"class: a summary stays on {pin.held.name}, {worth.words}"
        return Side(request_class, pin.held, step)
    return Side(request_class, Tier.MEDIUM, f"class: a summary goes to MEDIUM, {worth.words}")
