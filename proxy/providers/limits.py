"""How fast a provider is asked: requests and tokens a minute, as its row in the config says."""

import asyncio
from typing import Final

from aiolimiter import AsyncLimiter

from proxy.config.load import ProviderConfig
from proxy.errors import NotSent

MINUTE: Final = 60.0
PATIENCE: Final = 60.0  # seconds that a call waits for its turn; then its client had better know
_BYTES_PER_TOKEN: Final = 4  # of a request's body; answers are not known before they come


class Limits:
    """Lets calls through at the pace of the config; without limits it waits for nothing.

    A leaky bucket: a minute's worth may go at once, then it refills evenly.
    """

    def __init__(self, name: str, config: ProviderConfig) -> None:
        self._name = name
        self._requests = AsyncLimiter(config.rpm, MINUTE) if config.rpm else None
        self._tokens = AsyncLimiter(config.tpm, MINUTE) if config.tpm else None

    async def wait(self, body: bytes) -> None:
        """Until one more request with this body may go. NotSent, a 429, where that takes long."""
        if not (self._requests or self._tokens):
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._acquire(body)
        except TimeoutError:
            raise NotSent(
                f"provider {self._name}: more is asked of it than its rpm and tpm in the config "
                f"let through within {PATIENCE:g} s; raise them, or ask for less",
                429,
            ) from None

    async def _acquire(self, body: bytes) -> None:
        if self._requests:
            await self._requests.acquire()
        if self._tokens:
            estimate = max(1, len(body) // _BYTES_PER_TOKEN)
            await self._tokens.acquire(min(estimate, self._tokens.max_rate))
