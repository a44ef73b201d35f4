"""Starts the semantic cache and its embedder once the screen is up, and follows the config."""

import asyncio
from typing import Any

from proxy.house import House


class Semantic:
    """The embedder takes seconds of a processor to load: nothing may wait for it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._awake = False
        self._running: asyncio.Task[Any] | None = None

    def wake(self) -> None:
        """The first paint is done, or the proxy listens: start what the config asks for."""
        self._awake = True
        self.follow()

    def follow(self) -> None:
        """Start or end it as the config says now."""
        house, cache = self._house, self._house.semantic
        wanted = self._awake and cache is not None and house.config.cache.semantic
        if wanted and self._running is None:
            assert cache is not None
            house.tasks.spawn(cache.start(), "semantic cache")
            self._running = house.tasks.spawn(cache.embedder.run(), "embedder")
        elif not wanted and self._running is not None:
            self._running.cancel()
            self._running = None
