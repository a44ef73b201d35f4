"""What follows when a person says that a cached answer was wrong."""

import time

from proxy.events import CalledWrong
from proxy.house import House


async def call_wrong(house: House, exchange: str) -> bool:
    """Forget the cached answer that an exchange was given, wherever it stands; the entry of the
    semantic cache has to prove itself from then on. False where none is known: it was no hit, it
    is long ago, or this was said before."""
    mark = house.marks.take(exchange)
    if mark is None:
        return False
    if mark.key:
        house.cache.drop(mark.key)
    if house.semantic is not None:
        if mark.entry:
            await house.semantic.mark_wrong(mark.entry, mark.similarity)
        elif mark.question is not None:
            await house.semantic.drop(mark.question)
    cache = "semantic" if mark.entry else "exact"
    house.bus.publish(CalledWrong(id="", at=time.time(), exchange=exchange, cache=cache))
    return True
