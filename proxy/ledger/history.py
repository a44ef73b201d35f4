"""What the ledger tells afterwards: savings by day, tier and more; read-only, for a worker thread.

A ledger that is not there yet, or not laid out yet, tells nothing. Other trouble raises
sqlite3.Error, as a damaged file does.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from msgspec import Struct
from msgspec.structs import fields

from proxy.ledger.scores import parts_of

BUSY = 2.0  # seconds to wait for a lock
MOST_SESSIONS = 1_000
JSON_COLUMNS = ("parts", "steps", "stripped", "techniques")


class Saving(Struct, frozen=True):
    """Sums over the exchanges that share `key`; None where no exchange told the figure.

    tokens_… and saved_tokens are estimates by the local tokenizer, billed_… what providers
    reported; `measured` counts the exchanges whose provider did. `money_saved` is cost_asked less
    cost over the `priced` exchanges, where both are known: not the difference of the two sums.
    `cost_as_came` is what the models that answered would have billed had nothing been rewritten,
    an estimate; `money_by_rewriting` is that less cost, where both are known. `saved_by_tools` and
    `saved_by_results` make up saved_tokens, `money_by_routing` and `money_by_cache` money_saved;
    an older build did not keep the first two.
    """

    key: str
    requests: int = 0
    tokens_before: int | None = None
    tokens_after: int | None = None
    saved_tokens: int | None = None
    billed_input: int | None = None
    billed_output: int | None = None
    billed_cache_read: int | None = None
    billed_cache_write: int | None = None
    measured: int = 0
    cost: float | None = None
    cost_asked: float | None = None
    money_saved: float | None = None
    priced: int = 0
    cache_hits: int = 0
    failures: int = 0
    cost_as_came: float | None = None
    money_by_rewriting: float | None = None
    saved_by_tools: int | None = None
    saved_by_results: int | None = None
    money_by_routing: float | None = None
    money_by_cache: float | None = None


FIGURES = tuple(field.name for field in fields(Saving))[1:]


# Each `by`: the table, what to group by, and the order. Weeks go by their Monday.
_MOST = "sum(requests) DESC"
_DAYS = "day BETWEEN :since AND :until"
# Walks back by day until it has enough: all of them would take half a second on a million rows.
_LATEST = (
    f"(SELECT * FROM sessions WHERE session IN (SELECT DISTINCT session FROM sessions WHERE {_DAYS}"
    f" ORDER BY day DESC LIMIT {MOST_SESSIONS}))"
)
_QUERIES = {
    "hour": ("hourly", "day || ' ' || hour", "1"),
    "day": ("daily", "day", "day"),
    "week": ("daily", "date(day, 'weekday 0', '-6 days')", "1"),
    "month": ("daily", "substr(day, 1, 7)", "1"),
    "tier": ("daily", "tier", _MOST),
    "model": ("daily", "model", _MOST),
    "provider": ("daily", "provider", _MOST),
    "client": ("daily", "client", _MOST),
    "session": (_LATEST, "session", f"max(day) DESC, {_MOST}"),
}
_TOTAL = ("daily", "'total'", "1")
BY = tuple(_QUERIES)


def savings(
    path: Path, by: str = "day", since: date | None = None, until: date | None = None
) -> list[Saving]:
    """Savings by hour, day, week (its Monday), month, tier, model, provider, client or session.

    `since` and `until` are local days, both included. Spans come oldest first, sessions with the
    latest first (1,000 at most), the others with the most requests first. ValueError for
    another `by`.
    """
    if by not in _QUERIES:
        raise ValueError(f"{by!r} is not known: choose one of {', '.join(BY)}")
    return _sums(path, *_QUERIES[by], since, until)


def totals(path: Path, since: date | None = None, until: date | None = None) -> Saving:
    """All of it in one; zero requests where nothing was kept."""
    found = _sums(path, *_TOTAL, since, until)
    return found[0] if found else Saving("total")


def recent(path: Path, limit: int = 100) -> list[dict[str, Any]]:
    """The latest exchanges, newest first, by column name; JSON columns come decoded."""
    return _rows(path, "ORDER BY at DESC LIMIT ?", (limit,))


def exchange(path: Path, id: str) -> dict[str, Any] | None:
    """One exchange by its x-lynkr-request-id; None where it never ended, or never was."""
    return next(iter(_rows(path, "WHERE id = ?", (id,))), None)


def _rows(path: Path, clause: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
    with reading(path) as db:
        if db is None:
            return []
        found = db.execute(f"SELECT * FROM exchanges {clause}", values)
        names = [column[0] for column in found.description]
        return [_decoded(dict(zip(names, row, strict=True))) for row in found]


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: orjson.loads(row[name] or "[]") for name in JSON_COLUMNS}
    if isinstance(told["parts"], dict):  # else an older build kept them in full
        told["parts"] = parts_of(told["parts"], row["features"] or "")
    return row | told


def _sums(
    path: Path, table: str, key: str, order: str, since: date | None, until: date | None
) -> list[Saving]:
    with reading(path) as db:
        if db is None:
            return []
        if not (figures := _figures(db, "sessions" if table == _LATEST else table)):
            return []
        query = f"SELECT {key}, {figures} FROM {table} WHERE {_DAYS} GROUP BY 1 ORDER BY {order}"
        span = {"since": str(since or date.min), "until": str(until or date.max)}
        return [Saving(*row) for row in db.execute(query, span)]


def _figures(db: sqlite3.Connection, table: str) -> str:
    """The sums to select; one that an older build did not keep is not known. Empty where the table
    itself is missing."""
    have = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
    if not have:
        return ""
    return ", ".join(f"sum({name})" if name in have else "NULL" for name in FIGURES)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection that can't write; None where there is no ledger yet."""
    if not path.exists():
        yield None
        return
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY)
    try:
        yield db if _laid_out(db) else None
    finally:
        db.close()


def _laid_out(db: sqlite3.Connection) -> bool:
    tables = "SELECT count(*) FROM sqlite_master WHERE name IN ('exchanges', 'daily', 'sessions')"
    return bool(db.execute(tables).fetchone()[0] == 3)
