"""How much is under way at once; what would be too much for the memory is turned away."""

import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

from msgspec import Struct, field

from proxy.config.model import LoadConfig
from proxy.errors import Overloaded

log = logging.getLogger(__name__)

COME_BACK: Final = 2.0  # seconds
QUIET: Final = 60.0  # seconds between two words of it in the log


class Load(Struct):
    """Requests under way and the bytes of their bodies; `limits` gives those in force."""

    limits: Callable[[], LoadConfig]
    requests: int = 0
    size: int = 0  # bytes
    shed: int = 0  # requests turned away since the start
    _told: float = field(default=-QUIET)

    def enter(self, size: int) -> "Place":
        """A place for one request whose body has `size` bytes; use it as `with`. Raises Overloaded
        where there is none. The first request always has one."""
        limits = self.limits()
        too_big = self.size + size > limits.megabytes * 2**20
        if self.requests and (too_big or self.requests >= limits.requests):
            self._turn_away(limits)
        return Place(self, size)

    def _turn_away(self, limits: LoadConfig) -> None:
        self.shed += 1
        what = f"{self.requests:,} requests with {self.size / 2**20:.0f} MB are under way"
        now = time.monotonic()
        if now - self._told >= QUIET:
            self._told = now
            log.warning("requests are turned away for now: %s; see [load] in the config", what)
        raise Overloaded(
            f"lynkr-tui has too much to do: {what}, and [load] allows {limits.requests:,} requests "
            f"and {limits.megabytes:,} MB; try again in {COME_BACK:g} s",
            COME_BACK,
        )


class Place:
    """What one request takes up, until the block ends."""

    __slots__ = ("_load", "_size")

    def __init__(self, load: Load, size: int) -> None:
        self._load = load
        self._size = size

    def grow(self, size: int) -> None:
        """The body has turned out to be of `size` bytes."""
        self._load.size += size - self._size
        self._size = size

    def __enter__(self) -> "Place":
        self._load.requests += 1
        self._load.size += self._size
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._load.requests -= 1
        self._load.size -= self._size
