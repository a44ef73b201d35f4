"""Which providers are down at present, folded from what their breakers tell."""

from collections.abc import Mapping

from msgspec import Struct

from proxy.events import BreakerChanged


class Outage(Struct, frozen=True):
    """A provider whose breaker is not closed. Times are unix seconds."""

    provider: str
    since: float  # when its breaker opened first
    again: float  # when the next request may try it
    probing: bool  # a request tries it now
    why: str = ""  # what failed last, in the provider's words


Outages = Mapping[str, Outage]  # by provider, the one that is down longest first


def folded(down: Outages, event: BreakerChanged) -> Outages:
    """The providers that are down after the event."""
    told = event.standing
    others = {name: outage for name, outage in down.items() if name != told.provider}
    if told.state == "closed":
        return others
    before = down.get(told.provider)
    outage = Outage(
        provider=told.provider,
        since=before.since if before else event.at,
        again=event.at + told.wait,
        probing=told.state == "half-open",
        why=told.why or (before.why if before else ""),
    )
    return {**down, told.provider: outage}
