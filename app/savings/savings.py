"""What the ledger tells, made ready for charts, a table and a line of sums."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from app.holds.past import Past, PastError
from app.savings import table as savings_table
from app.savings.words import SPANS, TIERS, day_of, in_order, known_dollars, named
from app.text import amount, whole
from app.widgets.charts import Bar, Picture
from app.widgets.grid import Row
from proxy.ledger.history import Saving
from proxy.money.burn import Burn

log = logging.getLogger(__name__)

BARS = 60  # at most, of what is no span: the table has them all
DAYS = 400  # at most, with the empty ones between
HOURS_OF = 42  # days
HOUR_FORM = "%Y-%m-%d %H:00"


class Figure(Struct, frozen=True):
    """A figure that the charts can show; None where it is unknown."""

    title: str
    of: Callable[[Saving], float | None]
    written: Callable[[float | None], str]


FIGURES = (
    Figure("Tokens saved ~", lambda row: row.saved_tokens, amount),
    Figure("Money saved", lambda row: row.money_saved, known_dollars),
    Figure("Saved by routing", lambda row: row.money_by_routing, known_dollars),
    Figure("Saved by the cache", lambda row: row.money_by_cache, known_dollars),
    Figure("Saved by rewriting ~", lambda row: row.money_by_rewriting, known_dollars),
    Figure("Tokens saved by tools ~", lambda row: row.saved_by_tools, amount),
    Figure("Tokens saved by results ~", lambda row: row.saved_by_results, amount),
    Figure("Cost", lambda row: row.cost, known_dollars),
    Figure("Requests", lambda row: row.requests, whole),
    Figure("Cache hits", lambda row: row.cache_hits, whole),
)


class Pages(Struct, frozen=True):
    """What one look at the ledger brought: the rows of the grouping as they are listed, and drawn;
    two charts' rows, the sum, and what was spent."""

    rows: tuple[Saving, ...] = ()
    drawn: tuple[Row, ...] = ()
    spans: tuple[Saving, ...] = ()
    kinds: tuple[Saving, ...] = ()
    total: Saving = Saving("total")
    burn: Burn = Burn()
    problem: str = ""


def first_day(days: int | None, today: date) -> date | None:
    """Where a range of days begins that ends today; None for all days."""
    return today - timedelta(days=days - 1) if days else None


def look(past: Past, by: str, days: int | None, now: float) -> Pages:
    """Ask the past; waits, so for a thread. Trouble comes back as words."""
    today = date.fromtimestamp(now)
    since = first_day(days, today)
    span, kind = (by, "tier") if by in SPANS else ("day", by)
    try:
        read = {
            name: tuple(past.savings(name, _newer(name, since, today))) for name in (span, kind)
        }
        rows = in_order(by, read[by])
        drawn = tuple(savings_table.row(by, row) for row in rows)
        return Pages(rows, drawn, read[span], read[kind], past.totals(since), past.burn(now))
    except PastError as problem:
        log.warning("%s", problem)
        return Pages(problem=str(problem))


def _newer(by: str, since: date | None, today: date) -> date | None:
    """Hours are listed for some weeks: of a year there would be thousands."""
    first = first_day(HOURS_OF, today)
    return max(since or date.min, first or date.min) if by == "hour" else since


def upright(by: str, rows: Sequence[Saving], figure: Figure, today: date) -> Picture:
    """Spans from left to right; a day or hour without exchanges is a gap, not left out."""
    fill = {"day": _filled, "hour": _filled_hours}.get(by)
    shown = fill(rows, today) if fill else rows
    bars = (Bar(_brief(by, row.key), figure.of(row), key=row.key) for row in shown)
    return Picture(tuple(bars), written=figure.written, hint=_hint(figure))


def lying(by: str, rows: Sequence[Saving], figure: Figure) -> Picture:
    """Tiers, models, sessions or clients below each other."""
    bars = (
        Bar(named(by, row.key), figure.of(row), _colour(by, row.key), row.key)
        for row in in_order(by, rows)[:BARS]
    )
    return Picture(tuple(bars), lying=True, written=figure.written, hint=_hint(figure))


def _hint(figure: Figure) -> str:
    return f"{figure.title}: nothing known in this range; m shows another figure"


def _colour(by: str, key: str) -> str:
    return f"tier-{key.lower()}" if by == "tier" and key in TIERS else "primary"


def _brief(by: str, key: str) -> str:
    return key[5:] if by in ("hour", "day", "week") else key


def _filled(rows: Sequence[Saving], today: date) -> Iterable[Saving]:
    known = {row.key: row for row in rows}
    first = min((day for day in map(day_of, known) if day), default=today)
    first = max(first, today - timedelta(days=DAYS))
    for number in range((today - first).days + 1):
        key = str(first + timedelta(days=number))
        yield known.get(key) or Saving(key)


def _filled_hours(rows: Sequence[Saving], today: date) -> Iterable[Saving]:
    """Up to the last hour that has any."""
    known = {row.key: row for row in rows}
    if not known:
        return
    first, last = (datetime.fromisoformat(key) for key in (min(known), max(known)))
    first = max(first, last - timedelta(days=HOURS_OF))
    for number in range(int((last - first) / timedelta(hours=1)) + 1):
        key = (first + timedelta(hours=number)).strftime(HOUR_FORM)
        yield known.get(key) or Saving(key)
