"""What each provider did since the dashboard opened, folded from events: answers, limits, time."""

from collections import deque
from collections.abc import Iterable
from statistics import median
from typing import Final

from msgspec import Struct, field

from app.figures import HITS
from proxy.events import Event, FellBack, Retried
from proxy.record import Record

RECENT: Final = 100  # answers that a median is taken over
LIMITED, CLIENT_LEFT = 429, 499  # statuses


def _recent() -> deque[float]:
    return deque(maxlen=RECENT)


class Tally(Struct):
    """One provider's. Times are milliseconds since the request came in, of its recent answers."""

    answers: int = 0
    failed: int = 0
    limited: int = 0  # calls that it answered with 429
    retries: int = 0
    left: int = 0  # exchanges that fell back from it to another
    first: deque[float] = field(default_factory=_recent)
    whole: deque[float] = field(default_factory=_recent)

    @property
    def first_byte(self) -> float | None:
        """The median time to the first byte; None before any answer."""
        return _middle(self.first)

    @property
    def latency(self) -> float | None:
        """The median time to the end of an answer."""
        return _middle(self.whole)


def _middle(values: Iterable[float]) -> float | None:
    kept = list(values)
    return median(kept) if kept else None


class Tallies(dict[str, Tally]):
    """By provider; what the cache answered, and what never reached a provider, counts nowhere."""

    def see(self, event: Event, row: Record) -> None:
        """Count what an event tells of a provider; `row` is its exchange after it."""
        if isinstance(event, Retried):
            self._call(event.target.provider, event.why).retries += 1
        elif isinstance(event, FellBack):
            self._call(event.source.provider, event.why).left += 1
        elif row.ended and row.provider and row.cache not in HITS and row.status != CLIENT_LEFT:
            self._ended(self._of(row.provider), row)

    def _ended(self, tally: Tally, row: Record) -> None:
        if row.state == "failed":
            tally.failed += 1
            tally.limited += row.status == LIMITED
            return
        tally.answers += 1
        for times, value in ((tally.first, row.first_byte), (tally.whole, row.latency)):
            if value is not None:
                times.append(value)

    def _call(self, provider: str, why: str) -> Tally:
        tally = self._of(provider)
        tally.limited += why.startswith(f"{LIMITED} ")
        return tally

    def _of(self, provider: str) -> Tally:
        return self.get(provider) or self.setdefault(provider, Tally())
