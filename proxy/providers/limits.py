"""How fast a provider is asked: requests and tokens a minute, as its row in the config says."""

from typing import Final

from aiolimiter import AsyncLimiter

from proxy.config import ProviderConfig

MINUTE: Final = 60.0
_BYTES_PER_TOKEN: Final = 4  # of a request's body; answers are not known before they come


class Limits:
    """Lets calls through at the pace of the config; without limits it waits for nothing.

    A leaky bucket: a minute's worth may go at once, then it refills evenly.
    """

    def __init__(self, config: ProviderConfig) -> None:
        self._requests = AsyncLimiter(config.rpm, MINUTE) if config.rpm else None
        self._tokens = AsyncLimiter(config.tpm, MINUTE) if config.tpm else None

    async def wait(self, body: bytes) -> None:
        """Until one more request with this body may go."""
        if self._requests:
            await self._requests.acquire()
        if self._tokens:
            estimate = max(1, len(body) // _BYTES_PER_TOKEN)
            await self._tokens.acquire(min(estimate, self._tokens.max_rate))
