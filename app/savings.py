"""What the ledger tells, made ready for charts, a table and a line of sums."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.ledger_words import SPANS, TIERS, day_of, in_order, known_dollars, named
from app.past import Past, PastError
from app.text import amount, whole
from app.widgets.charts import Bar, Picture
from proxy.history import Saving

log = logging.getLogger(__name__)

BARS = 60  # at most, of what is no span: the table has them all
DAYS = 400  # at most, with the empty ones between


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that the charts can show; None where it is unknown."""

    title: str
    of: Callable[[Saving], float | None]
    written: Callable[[float | None], str]


FIGURES = (
    Figure("Tokens saved ≈", lambda row: row.saved_tokens, amount),
    Figure("Money saved", lambda row: row.money_saved, known_dollars),
    Figure("Saved by rewriting ≈", lambda row: row.money_by_rewriting, known_dollars),
    Figure("Cost", lambda row: row.cost, known_dollars),
    Figure("Requests", lambda row: row.requests, whole),
    Figure("Cache hits", lambda row: row.cache_hits, whole),
)


@dataclass(frozen=True, slots=True)
class Pages:
    """What one look at the ledger brought: the rows of the grouping, two charts' rows, the sum."""

    rows: tuple[Saving, ...] = ()
    spans: tuple[Saving, ...] = ()
    kinds: tuple[Saving, ...] = ()
    total: Saving = Saving("total")
    problem: str = ""


def look(past: Past, by: str, days: int | None, today: date) -> Pages:
    """Ask the past; waits, so for a thread. Trouble comes back as words."""
    since = today - timedelta(days=days - 1) if days else None
    span, kind = (by, "tier") if by in SPANS else ("day", by)
    try:
        read = {name: tuple(past.savings(name, since)) for name in (span, kind)}
        return Pages(read[by], read[span], read[kind], past.totals(since))
    except PastError as problem:
        log.warning("%s", problem)
        return Pages(problem=str(problem))


def upright(by: str, rows: Sequence[Saving], figure: Figure, today: date) -> Picture:
    """Spans from left to right; a day without exchanges is a gap, not left out."""
    shown = _filled(rows, today) if by == "day" else rows
    bars = (Bar(_brief(by, row.key), figure.of(row)) for row in shown)
    return Picture(tuple(bars), written=figure.written, hint=_hint(figure))


def lying(by: str, rows: Sequence[Saving], figure: Figure) -> Picture:
    """Tiers, models, sessions or clients below each other."""
    bars = (
        Bar(named(by, row.key), figure.of(row), _colour(by, row.key))
        for row in in_order(by, rows)[:BARS]
    )
    return Picture(tuple(bars), lying=True, written=figure.written, hint=_hint(figure))


def _hint(figure: Figure) -> str:
    return f"{figure.title}: nothing known in this range; m shows another figure"


def _colour(by: str, key: str) -> str:
    return f"tier-{key.lower()}" if by == "tier" and key in TIERS else "primary"


def _brief(by: str, key: str) -> str:
    return key[5:] if by in ("day", "week") else key


def _filled(rows: Sequence[Saving], today: date) -> Iterable[Saving]:
    known = {row.key: row for row in rows}
    first = min((day for day in map(day_of, known) if day), default=today)
    first = max(first, today - timedelta(days=DAYS))
    for number in range((today - first).days + 1):
        key = str(first + timedelta(days=number))
        yield known.get(key) or Saving(key)
