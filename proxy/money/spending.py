"""What was spent today, this month and in each session, by provider: a running sum of events."""

import asyncio
import logging
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from msgspec import Struct

from proxy.ledger.rows import day_of
from proxy.record import Record

log = logging.getLogger(__name__)

SESSIONS_KEPT: Final = 1_000
_SINCE: Final = """
SELECT day, provider, sum(cost), sum(coalesce(billed_input, 0) + coalesce(billed_output, 0)
    + coalesce(billed_cache_read, 0) + coalesce(billed_cache_write, 0))
FROM daily WHERE day >= ? GROUP BY day, provider
"""
_SESSIONS: Final = """
SELECT session, provider, sum(cost), sum(coalesce(billed_input, 0) + coalesce(billed_output, 0)
    + coalesce(billed_cache_read, 0) + coalesce(billed_cache_write, 0))
FROM exchanges WHERE at >= ? GROUP BY session, provider ORDER BY max(at)
"""
DAY: Final = 86_400.0  # seconds; how far back a session is looked for after a restart

_Row = tuple[str, str, float | None, int | None]


class Spent(Struct, frozen=True):
    """Dollars, as far as prices are known, and tokens as billed, cached ones included."""

    dollars: float = 0.0
    tokens: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.dollars + other.dollars, self.tokens + other.tokens)


class Spending:
    """Listens to the bus, once it was started. Sums of an earlier month are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._started = False
        self._days: dict[tuple[str, str], Spent] = {}  # (day, provider)
        self._sessions: OrderedDict[tuple[str, str], Spent] = OrderedDict()

    def note(self, row: Record) -> None:
        """Count an exchange that ended."""
        if self._started:
            self._add(row)

    async def start(self, ledger: Path) -> None:
        """Sum from now on, on top of what the ledger knows of this month, and of the sessions of
        the last day; twice is once."""
        if self._started:
            return
        self._started = True
        now = self._clock()
        try:
            days, sessions = await asyncio.to_thread(_read, ledger, now)
        except sqlite3.Error as error:
            log.warning("budgets begin at nought: the ledger can't be read: %s", error)
            return
        for day, provider, dollars, tokens in days:
            self._count((day, provider or ""), Spent(dollars or 0.0, tokens or 0))
        for session, provider, dollars, tokens in sessions:
            self._count_session((session, provider or ""), Spent(dollars or 0.0, tokens or 0))

    def of(self, per: str, session: str, provider: str = "") -> Spent:
        """What a day, month or session came to so far; at one provider, or at all of them."""
        if per == "session":
            return _sum(self._sessions, lambda key: key[0] == session, provider)
        now = day_of(self._clock())
        start = now if per == "day" else now[:7]
        return _sum(self._days, lambda key: key[0].startswith(start), provider)

    def _add(self, row: Record) -> None:
        used = row.usage
        tokens = sum(
            one or 0 for one in (used.input, used.output, used.cache_read, used.cache_write)
        )
        spent = Spent(row.cost or 0.0, tokens)
        self._count((day_of(row.at), row.provider), spent)
        self._count_session((row.session, row.provider), spent)

    def _count_session(self, key: tuple[str, str], spent: Spent) -> None:
        self._sessions[key] = self._sessions.pop(key, Spent()) + spent
        if len(self._sessions) > SESSIONS_KEPT:
            self._sessions.popitem(last=False)

    def _count(self, key: tuple[str, str], spent: Spent) -> None:
        if key not in self._days:
            month = day_of(self._clock())[:7]
            self._days = {one: sums for one, sums in self._days.items() if one[0][:7] == month}
        self._days[key] = self._days.get(key, Spent()) + spent


def _sum(
    sums: "dict[tuple[str, str], Spent] | OrderedDict[tuple[str, str], Spent]",
    counts: Callable[[tuple[str, str]], bool],
    provider: str,
) -> Spent:
    found = (
        spent for key, spent in sums.items() if counts(key) and (not provider or key[1] == provider)
    )
    return sum(found, Spent())


def _read(ledger: Path, now: float) -> tuple[list[_Row], list[_Row]]:
    """What this month's days, and the sessions of the last day, came to."""
    if not ledger.exists():
        return [], []
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True, timeout=1.0)) as db:
        days = db.execute(_SINCE, (f"{day_of(now)[:7]}-01",)).fetchall()
        return days, db.execute(_SESSIONS, (now - DAY,)).fetchall()
