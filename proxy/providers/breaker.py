"""A circuit breaker per provider: one that keeps failing is left alone for a while, then probed."""

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Literal, TypeVar

from msgspec import Struct

T = TypeVar("T")
State = Literal["closed", "open", "half-open"]

MOST_FAILURES = 5
WINDOW = 60.0  # seconds in which they count
PAUSE = 30.0  # seconds that an open breaker rests before it lets one request try


class Standing(Struct, frozen=True):
    """How a provider's breaker stands; `wait` is the seconds until it lets a request try, `why`
    what the last failure was."""

    provider: str
    state: State
    failures: int
    wait: float = 0.0
    why: str = ""


class Breaker:
    """Opens at five failures in 60 s with no success between; a success closes it.

    The success matters: of a thousand requests a minute, five may fail at a healthy provider.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.state: State = "closed"
        self.why = ""
        self._now = now
        self._failures: deque[float] = deque(maxlen=MOST_FAILURES)
        self._until = 0.0
        self._probing = False

    @property
    def failures(self) -> int:
        """Failures that count at present."""
        since = self._now() - WINDOW
        return sum(at > since for at in self._failures)

    @property
    def wait(self) -> float:
        """Seconds until a request may try; 0 where one may now."""
        return max(self._until - self._now(), 0.0) if self.state == "open" else 0.0

    def ready(self) -> bool:
        """Whether a request may go now."""
        return self.state == "closed" or not (self.wait or self._probing)

    def enter(self) -> bool:
        """Whether this request may go; after a pause it is the probe, and the only one."""
        if self.state == "closed":
            return True
        if not self.ready():
            return False
        self.state, self._probing = "half-open", True
        return True

    def succeeded(self) -> None:
        self.state, self._probing, self.why = "closed", False, ""
        self._failures.clear()

    def answered(self) -> None:
        """The provider refused the request: so it is there, which is all that a probe asks."""
        if self.state != "closed":
            self.succeeded()

    def failed(self, why: str = "") -> None:
        """The provider could not be reached, was too slow, or answered 5xx."""
        self.why = why
        self._failures.append(self._now())
        if self._probing or self.failures >= MOST_FAILURES:
            self.state, self._probing = "open", False
            self._until = self._now() + PAUSE

    def left(self) -> None:
        """The request ended without telling anything of the provider; another may probe."""
        self._probing = False


class Breakers:
    """A breaker for each provider by name; `changed` is told of each that opens or closes."""

    def __init__(
        self,
        changed: Callable[[Standing], None] = lambda standing: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._changed = changed
        self._now = now
        self._by_name: dict[str, Breaker] = {}

    def states(self) -> dict[str, Standing]:
        """How each provider stands that was called so far."""
        return {name: self.standing(name) for name in self._by_name}

    def standing(self, provider: str) -> Standing:
        one = self._of(provider)
        return Standing(provider, one.state, one.failures, one.wait, one.why)

    def ready(self, provider: str) -> bool:
        """Whether a request may go there now."""
        return self._of(provider).ready()

    def enter(self, provider: str) -> bool:
        """Whether this request may go there. One that may must end in one of the four below."""
        return self._after(provider, self._of(provider).enter)

    def succeeded(self, provider: str) -> None:
        """The provider did its part."""
        self._after(provider, self._of(provider).succeeded)

    def answered(self, provider: str) -> None:
        """The provider refused the request, for a reason that is not its own health."""
        self._after(provider, self._of(provider).answered)

    def failed(self, provider: str, why: str = "") -> None:
        """The provider could not be reached, was too slow, broke off, or answered 5xx."""
        self._after(provider, partial(self._of(provider).failed, why))

    def left(self, provider: str) -> None:
        """The request ended early, for a reason that is not the provider's."""
        self._after(provider, self._of(provider).left)

    def forget(self) -> None:
        """Close all: the config has changed, and with it perhaps what was wrong."""
        for name in self._by_name:
            self.succeeded(name)
        self._by_name.clear()

    def _of(self, provider: str) -> Breaker:
        found = self._by_name.get(provider)
        return found or self._by_name.setdefault(provider, Breaker(self._now))

    def _after(self, provider: str, step: Callable[[], T]) -> T:
        before = self._of(provider).state
        result = step()
        if self._of(provider).state != before:
            self._changed(self.standing(provider))
        return result
