"""What a person decides about cached answers: on or off, and that one was wrong."""

from typing import Final

from proxy.cache.called_wrong import call_wrong
from proxy.house import House

_EMBEDDER: Final = {"warming": "similar questions: warming up", "down": "similar questions: down"}


class Cached:
    """The dashboard's hold on both caches."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def on(self) -> bool:
        """Whether the switch is on; the config may still say otherwise."""
        return self._house.cached_on

    def toggle(self) -> bool:
        """Answer from the caches, or ask anew and keep nothing, until the next start; which now."""
        self._house.cached_on = not self.on
        return self.on

    @property
    def trouble(self) -> str:
        """What keeps the caches from answering, in a few words; empty where nothing does."""
        house, config = self._house, self._house.config.cache
        if not self.on:
            return "cache off"
        if house.semantic is None or not config.semantic:
            return ""
        return _EMBEDDER.get(house.semantic.embedder.state, "")

    async def wrong(self, exchange: str) -> bool:
        """Forget the answer that an exchange was given; False where none is known."""
        return await call_wrong(self._house, exchange)
