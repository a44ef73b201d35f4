"""Makes the semantic cache, starts it once the screen is up, and follows the config."""

import asyncio
from pathlib import Path
from typing import Any

from proxy.cache.embed import Embedder
from proxy.cache.semantic.cache import SemanticCache
from proxy.config.model import CacheConfig
from proxy.house import House


def semantic_cache(config: CacheConfig, path: Path) -> SemanticCache:
    """One that is not started yet; its file is at `path`."""
    return SemanticCache(
        path,
        Embedder(config.model),
        model=config.model,
        ttl=config.ttl,
        max_wrong=config.max_wrong,
    )


class Semantic:
    """The embedder takes seconds of a processor to load: nothing may wait for it."""

    def __init__(self, house: House, path: Path) -> None:
        self._house = house
        self._path = path
        self._model = house.config.cache.model
        self._awake = False
        self._running: asyncio.Task[Any] | None = None

    def wake(self) -> None:
        """The first paint is done, or the proxy listens: start what the config asks for."""
        self._awake = True
        self.follow()

    def follow(self) -> None:
        """Start it, end it, or make it anew, as the config says now."""
        config = self._house.config.cache
        self._house.cache.ttl = config.ttl
        if config.model != self._model:
            self._anew(config)
        cache = self._house.semantic
        if cache is None:
            return
        cache.follow(config.ttl, config.max_wrong)
        wanted = self._awake and config.semantic
        if wanted and self._running is None:
            self._house.tasks.spawn(cache.start(), "semantic cache")
            self._running = self._house.tasks.spawn(cache.embedder.run(), "embedder")
        elif not wanted:
            self._end()

    def _anew(self, config: CacheConfig) -> None:
        """Another model's vectors can't be compared with what there is."""
        self._end()
        old, self._model = self._house.semantic, config.model
        self._house.semantic = semantic_cache(config, self._path)
        if old is not None:
            self._house.tasks.spawn(asyncio.to_thread(old.close), "semantic cache")

    def _end(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None
