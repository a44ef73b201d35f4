"""Running totals for /metrics, in Prometheus' text format."""

import math
from collections import Counter
from collections.abc import Iterator

from proxy.bus import Bus
from proxy.events import BreakerChanged, CacheLost, CalledWrong, FellBack, Retried
from proxy.load import Load
from proxy.memo import Memo
from proxy.record import Record

SERIES_KEPT = 500

_SECONDS = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

_HELP = (
    ("lynkr_exchanges_total", "counter", "Exchanges that ended, by tier, model and state."),
    ("lynkr_cache_total", "counter", "Exchanges by what the cache said."),
    ("lynkr_cache_wrong_total", "counter", "Cached answers that a person called wrong."),
    ("lynkr_saved_tokens_total", "counter", "Input tokens saved by rewrites, estimated."),
    ("lynkr_billed_tokens_total", "counter", "Tokens that providers billed, measured."),
    ("lynkr_cost_dollars_total", "counter", "Cost of the exchanges whose price is known."),
    ("lynkr_retries_total", "counter", "Calls that were made again, by provider."),
    ("lynkr_cache_lost_tokens_total", "counter", "Cached tokens lost to a rewrite, by provider."),
    ("lynkr_fallbacks_total", "counter", "Exchanges that went on to a fallback, by provider."),
    ("lynkr_breaker_open", "gauge", "1 where a provider's breaker is not closed, else 0."),
    ("lynkr_in_flight", "gauge", "Exchanges under way."),
    ("lynkr_turned_away_total", "counter", "Requests that were too much at once ([load])."),
    ("lynkr_latency_seconds", "histogram", "From the request to the end of its answer."),
)


class Metrics:
    """Sums what a bus tells into counts, as many series as tiers and models."""

    def __init__(self, bus: Bus, load: Load) -> None:
        self._load = load
        self._rows = bus.rows
        self._counts: Counter[tuple[str, str]] = Counter()  # (metric, labels) → value
        self._series = Memo[tuple[tuple[str, str], ...]](SERIES_KEPT)
        bus.on_end(self._end)
        bus.on(Retried, lambda event: self._add("retries", 1, provider=event.target.provider))
        bus.on(FellBack, lambda event: self._add("fallbacks", 1, provider=event.source.provider))
        bus.on(CalledWrong, lambda event: self._add("cache_wrong", 1, cache=event.cache))
        bus.on(CacheLost, self._lost)
        bus.on(BreakerChanged, self._breaker)

    @property
    def in_flight(self) -> int:
        return len(self._rows)

    def text(self) -> str:
        """All series, with their help lines."""
        now = {"lynkr_in_flight": self.in_flight, "lynkr_turned_away_total": self._load.shed}
        lines = []
        for name, kind, what in _HELP:
            lines += [f"# HELP {name} {what}", f"# TYPE {name} {kind}"]
            lines += [
                f"{metric}{labels} {value:g}"
                for (metric, labels), value in sorted(self._counts.items())
                if metric.startswith(name)
            ]
            if name in now:
                lines.append(f"{name} {now[name]}")
        return "\n".join(lines) + "\n"

    def _add(self, name: str, number: int, **labels: str) -> None:
        self._counts[f"lynkr_{name}_total", _labels(**labels)] += number

    def _lost(self, event: CacheLost) -> None:
        self._add("cache_lost_tokens", event.tokens, provider=event.target.provider)

    def _breaker(self, event: BreakerChanged) -> None:
        key = "lynkr_breaker_open", _labels(provider=event.standing.provider)
        self._counts[key] = int(event.standing.state != "closed")

    def _end(self, row: Record) -> None:
        add = self._counts
        for key in self._series.get(
            (row.tier, row.model, row.state, row.cache), lambda: tuple(_series(row))
        ):
            add[key] += 1
        add["lynkr_saved_tokens_total", ""] += 0 if row.replayed else row.rewrite.saved
        for kind, key in _BILLED:
            add[key] += getattr(row.usage, kind) or 0
        self._money_and_time(row)

    def _money_and_time(self, row: Record) -> None:
        seconds = (row.latency or 0) / 1000
        name = "lynkr_latency_seconds"
        for bound, key in _BUCKETS:
            self._counts[key] += seconds <= bound
        self._counts[f"{name}_count", ""] += 1
        self._sum(f"{name}_sum", seconds)
        self._sum("lynkr_cost_dollars_total", row.cost or 0.0)

    def _sum(self, name: str, value: float) -> None:
        self._counts[name, ""] += value  # type: ignore[assignment]


def _series(row: Record) -> Iterator[tuple[str, str]]:
    """What an exchange like `row` counts one in."""
    ended = _labels(tier=row.tier, model=row.model, state=row.state)
    yield "lynkr_exchanges_total", ended
    yield "lynkr_cache_total", _labels(cache=row.cache or "none")


def _labels(**labels: str) -> str:
    said = ",".join(f'{name}="{_escape(value)}"' for name, value in labels.items())
    return "{" + said + "}"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


# Made once: they are the same for every exchange.
_BUCKETS = tuple(
    (bound, ("lynkr_latency_seconds_bucket", _labels(le=f"{bound:g}"))) for bound in _SECONDS
) + ((math.inf, ("lynkr_latency_seconds_bucket", _labels(le="+Inf"))),)
_BILLED = tuple(
    (kind, ("lynkr_billed_tokens_total", _labels(kind=kind)))
    for kind in ("input", "output", "cache_read", "cache_write")
)
