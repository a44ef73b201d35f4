"""A ledger of many exchanges, made in seconds: rows by SQL, and the sums that the ledger keeps."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from proxy.ledger.refill import filled
from proxy.ledger.rows import DAILY_KEY, HOURLY_KEY, SESSIONS_KEY

YEAR: Final = 365 * 86_400
_VALUES: Final = {
    "id": "printf('%032x', i)",
    "at": ":first + i * :step",
    "session": "'s' || (i / 40)",
    "client": "'client-' || CASE WHEN i % 1000 THEN i % 4 ELSE 'rare' END",
    "dialect": "'anthropic'",
    "asked_model": "'claude-opus-5-5'",
    "stream": "1",
    "turns": "i % 40",
    "tier": "CASE i % 4 WHEN 0 THEN 'SIMPLE' WHEN 1 THEN 'MEDIUM' WHEN 2 THEN 'COMPLEX'"
    " ELSE 'REASONING' END",
    "reason": "'score'",
    "provider": "'provider-' || (i % 2)",
    "model": "'model-' || (i % 8)",
    "status": "200",
    "state": "'done'",
    "score": "i % 100",
    "parts": ":parts",
    "steps": """'["score: 42 → MEDIUM"]'""",
    "tokens_before": "20000",
    "tokens_after": "15000",
    "saved_tokens": "5000",
    "saved_by_results": "2000",
    "billed_input": "1000",
    "billed_output": "300",
    "billed_cache_read": "14000",
    "cache": "CASE WHEN i % 20 THEN 'miss' ELSE 'exact' END",
    "cost": "0.01",
    "cost_asked": "0.03",
    "cost_as_came": "0.012",
    "latency_ms": "900.0",
}
_PARTS: Final = ",".join(f'"dimension_{number:06}":[30.5,0.08,2.44]' for number in range(13))
_INSERT: Final = (
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :count - 1)"
    f" INSERT INTO exchanges ({', '.join(_VALUES)}) SELECT {', '.join(_VALUES.values())} FROM n"
)


def lengthen(path: Path, count: int, until: float | None = None) -> None:
    """Fill a ledger that the program has laid out, with a year of `count` exchanges that ends at
    unix time `until`, or now."""
    until = time.time() if until is None else until
    step = YEAR / count
    values = {"count": count, "first": until - YEAR + step, "step": step}
    with closing(sqlite3.connect(path)) as db:
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF"):
            db.execute(f"PRAGMA {pragma}").fetchall()
        db.execute(_INSERT, {**values, "parts": f"{{{_PARTS}}}"})
        for table, key in (
            ("daily", DAILY_KEY),
            ("sessions", SESSIONS_KEY),
            ("hourly", HOURLY_KEY),
        ):
            db.execute(filled(table, key))
        db.commit()
        db.execute("PRAGMA journal_mode=WAL").fetchall()
