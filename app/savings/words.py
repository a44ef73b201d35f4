"""The ledger's sums in words, the same for the screen and the terminal: names, order, money."""

from collections.abc import Sequence
from datetime import date

from app.text import dollars, plain
from proxy.ledger.history import Saving

GROUPS = ("hour", "day", "week", "month", "tier", "model", "session", "client")
SPANS = ("hour", "day", "week", "month")
TIERS = ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")
NAMELESS = "(none)"


def known_dollars(value: float | None) -> str:
    """Money, or the word where no price was known."""
    return "unknown" if value is None else dollars(value)


def billed_in(row: Saving) -> int | None:
    """Input tokens that providers billed, cached ones included; None where none told."""
    parts = (row.billed_input, row.billed_cache_read, row.billed_cache_write)
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def named(by: str, key: str) -> str:
    """A key as the table writes it."""
    if by == "hour" and (day := day_of(key[:10])):
        return f"{day:%a} {key}"
    if by in ("day", "week") and day_of(key):
        return f"{day_of(key):%a} {key}" if by == "day" else f"from {key}"
    return plain(key, 200) or NAMELESS


def in_order(by: str, rows: Sequence[Saving]) -> tuple[Saving, ...]:
    """As the table lists them: the newest span first, the tiers as they rise."""
    if by in SPANS:
        return tuple(reversed(rows))
    if by == "tier":
        return tuple(sorted(rows, key=lambda row: _rise(row.key)))
    return tuple(rows)


def _rise(tier: str) -> int:
    return TIERS.index(tier) if tier in TIERS else len(TIERS)


def day_of(key: str) -> date | None:
    """The day that a key names; None for a key that is no day."""
    try:
        return date.fromisoformat(key)
    except ValueError:
        return None
