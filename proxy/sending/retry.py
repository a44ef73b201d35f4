"""When a failed call is worth another try, and how long to wait before it."""

import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

# What can pass by itself: a timeout, a lock, a limit, a server in trouble or on its way up.
PASSING = frozenset((408, 409, 429, 500, 502, 503, 504, *range(520, 525), 529))
# What stays, but only at this provider: no access, no credit, no such model.
ELSEWHERE = frozenset((401, 402, 403, 404))

FIRST_WAIT = 0.5  # seconds; doubled each time


def passes(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the same call may well succeed a little later. A provider that says so is believed
    (`x-should-retry`, as both vendors' SDKs do)."""
    said = headers.get("x-should-retry", "").lower()
    return status in PASSING and said != "false"


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Seconds that a provider asks to wait, whichever way it says it; None where it does not."""
    if (ms := _number(headers.get("retry-after-ms", ""))) is not None:
        return ms / 1000
    said = headers.get("retry-after", "")
    seconds = _number(said)
    return _until(said, now()) if seconds is None else seconds


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def _until(text: str, now: float) -> float | None:
    try:
        return max(parsedate_to_datetime(text).timestamp() - now, 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


class Budget:
    """What one exchange may spend on waiting: `times` tries more at each provider, `seconds` in
    all. `jitter` gives a number from 0 to 1."""

    def __init__(
        self, times: int, seconds: float, jitter: Callable[[], float] = random.random
    ) -> None:
        self.left = seconds
        self._times = times
        self._tried = 0
        self._jitter = jitter

    def renew(self) -> None:
        """Another provider's turn: it gets its own tries, but no more time."""
        self._tried = 0

    def wait(self, asked: float | None) -> float | None:
        """Seconds to wait before the next try, `asked` where the provider said so; None to stop.

        Who asks for more than is left will not be ready, so no time is spent on it.
        """
        if self._tried >= self._times or (asked is not None and asked > self.left):
            return None
        backoff = FIRST_WAIT * 2**self._tried * (0.5 + self._jitter() / 2)
        wait = min(backoff, self.left) if asked is None else asked
        self._tried += 1
        self.left -= wait
        return wait
