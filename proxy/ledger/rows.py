"""An ended exchange as the ledger keeps it: its columns, and the figures that are summed."""

import time
from collections.abc import Callable
from typing import Any

from msgspec.json import encode

from proxy.exchange import Tokens
from proxy.ledger.scores import figures_json
from proxy.past.rescore import packed
from proxy.record import Record

Value = str | int | float | None

BIGGEST = 2**63 - 1  # SQLite's integers; an upstream may claim more
LONGEST = 500  # characters of an error

ESTIMATED = ("system", "tools", "messages", "tokens")  # the last is their sum

# Estimated tokens and billed ones have columns of their own; NULL where nothing is known.
COLUMNS: dict[str, str] = {
    "id": "TEXT PRIMARY KEY",
    "at": "REAL",
    "session": "TEXT",
    "client": "TEXT",
    "dialect": "TEXT",
    "asked_model": "TEXT",
    "stream": "INTEGER",
    "turns": "INTEGER",
    "tier": "TEXT",
    "reason": "TEXT",
    "provider": "TEXT",
    "model": "TEXT",
    "status": "INTEGER",
    "state": "TEXT",
    "score": "REAL",
    "parts": "TEXT",
    "steps": "TEXT",
    **{f"{name}_before": "INTEGER" for name in ESTIMATED},
    **{f"{name}_after": "INTEGER" for name in ESTIMATED},
    "saved_tokens": "INTEGER",
    "billed_input": "INTEGER",
    "billed_output": "INTEGER",
    "billed_cache_read": "INTEGER",
    "billed_cache_write": "INTEGER",
    "cache": "TEXT",
    "cache_why": "TEXT",
    "cost": "REAL",
    "cost_asked": "REAL",
    "first_byte_ms": "REAL",
    "latency_ms": "REAL",
    "error": "TEXT",
    "stripped": "TEXT",
    "techniques": "TEXT",
    "request_class": "TEXT",
    "features": "TEXT",
    "cost_as_came": "REAL",
    "saved_by_results": "INTEGER",
}

# What is summed by day and hour: each figure of one exchange, None where it is not known.
FIGURES: dict[str, Callable[[Record], Value]] = {
    "requests": lambda row: 1,
    "tokens_before": lambda row: _total(row, row.before),
    "tokens_after": lambda row: _total(row, row.after),
    "saved_tokens": lambda row: _whole(_saved(row)),
    "billed_input": lambda row: _whole(row.usage.input),
    "billed_output": lambda row: _whole(row.usage.output),
    "billed_cache_read": lambda row: _whole(row.usage.cache_read),
    "billed_cache_write": lambda row: _whole(row.usage.cache_write),
    "measured": lambda row: int(row.usage.input is not None),
    "cost": lambda row: row.cost,
    "cost_asked": lambda row: row.cost_asked,
    "money_saved": lambda row: row.money_saved,
    "priced": lambda row: int(row.money_saved is not None),
    "cache_hits": lambda row: int(_hit(row)),
    "failures": lambda row: int(row.state == "failed"),
    "cost_as_came": lambda row: row.cost_as_came,
    "money_by_rewriting": lambda row: row.money_by_rewriting,
    "saved_by_tools": lambda row: _whole(_saved(row) - _by_results(row)),
    "saved_by_results": lambda row: _whole(_by_results(row)),
    "money_by_routing": lambda row: _money(row, not _hit(row)),
    "money_by_cache": lambda row: _money(row, _hit(row)),
}

DAILY_KEY = ("day", "tier", "model", "provider", "client")
SESSIONS_KEY = ("day", "session")
HOURLY_KEY = ("day", "hour", "provider")


def day_of(at: float) -> str:
    """The local calendar day of unix time `at`, as 2026-11-20: the day as its user lived it."""
    return time.strftime("%Y-%m-%d", time.localtime(at))


def hour_of(at: float) -> str:
    """The local hour of unix time `at`, as 14:00; one that a clock runs through twice is one."""
    return time.strftime("%H:00", time.localtime(at))


def columns_of(row: Record) -> tuple[Value, ...]:
    """Values in the order of COLUMNS."""
    usage = row.usage
    return (
        _clean(row.id),
        row.at,
        *map(_clean, (row.session, row.client, row.dialect, row.asked_model)),
        int(row.stream),
        row.turns,
        *map(_clean, (row.tier, row.reason, row.provider, row.model)),
        row.status,
        row.state,
        row.score,
        figures_json(row.parts),
        _json(row.steps),
        *_estimates(row, row.before),
        *_estimates(row, row.after),
        _whole(_saved(row)),
        *map(_whole, (usage.input, usage.output, usage.cache_read, usage.cache_write)),
        row.cache,
        _clean(row.cache_why),
        row.cost,
        row.cost_asked,
        row.first_byte,
        row.latency,
        _clean(row.error)[:LONGEST],
        _json([name for name, _ in row.rewrite.stripped]),
        _json(sorted({result.technique for result in row.rewrite.results})),
        row.request_class,
        None if row.features is None else packed(row.features),
        row.cost_as_came,
        _whole(_by_results(row)),
    )


def keys_of(row: Record) -> tuple[tuple[str, ...], ...]:
    """Where the row is summed: its keys in `daily`, in `sessions` and in `hourly`."""
    day = day_of(row.at)
    return (
        (day, *map(_clean, (row.tier, row.model, row.provider, row.client))),
        (day, _clean(row.session)),
        (day, hour_of(row.at), _clean(row.provider)),
    )


def figures_of(row: Record) -> tuple[Value, ...]:
    """Values in the order of FIGURES."""
    return tuple(figure(row) for figure in FIGURES.values())


def _hit(row: Record) -> bool:
    return row.cache in ("exact", "semantic")


def _by_results(row: Record) -> int:
    """Tokens that shorter tool results saved, estimated; the rest of a rewrite is its tools'."""
    results = () if row.replayed else row.rewrite.results
    return sum(result.before - result.after for result in results)


def _money(row: Record, its: bool) -> float | None:
    """The money saved where the cache, or a route, is what saved it."""
    return row.money_saved if its or row.money_saved is None else 0.0


def _saved(row: Record) -> int:
    """Tokens that rewriting saved, estimated; none of a replay, which nobody needed."""
    return 0 if row.replayed else row.rewrite.saved


def _uncounted(row: Record, tokens: Tokens) -> bool:
    """Whether the exchange broke off before these were counted; then they are not known."""
    return row.state == "failed" and not tokens.total


def _total(row: Record, tokens: Tokens) -> int | None:
    return None if row.replayed or _uncounted(row, tokens) else _whole(tokens.total)


def _estimates(row: Record, tokens: Tokens) -> tuple[int | None, ...]:
    if _uncounted(row, tokens):
        return (None,) * len(ESTIMATED)
    return tuple(map(_whole, (tokens.system, tokens.tools, tokens.messages, tokens.total)))


def _whole(value: int | None) -> int | None:
    if value is None or -BIGGEST <= value <= BIGGEST:
        return value
    return BIGGEST if value > 0 else -BIGGEST


def _clean(text: str) -> str:
    """SQLite takes no half of a surrogate pair."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _json(value: Any) -> str:
    return encode(value, enc_hook=str).decode()
