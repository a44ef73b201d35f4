"""The savings as a table's rows and as lines of figures; estimated and measured stand apart."""

from app.savings.words import billed_in, known_dollars, named
from app.text import amount, dollars, whole
from app.widgets.grid import Column, Row
from app.widgets.tiles import Tile
from proxy.ledger.history import Saving

COLUMNS = (
    Column("", 15, 0, grow=True),
    Column("requests", 8, 0, right=True),
    Column("before ~", 8, 2, right=True),
    Column("after ~", 8, 2, right=True),
    Column("saved ~", 8, 0, right=True),
    Column("billed in", 9, 3, right=True),
    Column("billed out", 10, 6, right=True),
    Column("cost", 8, 1, right=True),
    Column("as asked", 8, 5, right=True),
    Column("money", 8, 0, right=True),
    Column("rewriting ~", 11, 6, right=True),
    Column("hits", 5, 4, right=True),
    Column("failed", 6, 4, right=True),
    Column("routing", 8, 7, right=True),
    Column("cache", 8, 7, right=True),
    Column("tools ~", 8, 8, right=True),
    Column("results ~", 9, 8, right=True),
)


def row(by: str, row: Saving) -> Row:
    """In the order of COLUMNS."""
    return (
        (_name(by, row.key), row.key if by == "tier" else "text"),
        (whole(row.requests), "text"),
        (amount(row.tokens_before), "quiet"),
        (amount(row.tokens_after), "quiet"),
        (amount(row.saved_tokens), "good" if row.saved_tokens else "quiet"),
        (amount(billed_in(row)), "text"),
        (amount(row.billed_output), "text"),
        (dollars(row.cost), "text"),
        (dollars(row.cost_asked), "quiet"),
        money(row.money_saved),
        (dollars(row.money_by_rewriting), "quiet"),
        (whole(row.cache_hits), "text" if row.cache_hits else "quiet"),
        (whole(row.failures), "bad" if row.failures else "quiet"),
        (dollars(row.money_by_routing), "quiet"),
        (dollars(row.money_by_cache), "quiet"),
        (amount(row.saved_by_tools), "quiet"),
        (amount(row.saved_by_results), "quiet"),
    )


def _name(by: str, key: str) -> str:
    """Hours are of the last weeks, so they need no year."""
    name = named(by, key)
    return f"{name[:4]}{name[9:]}" if by == "hour" and len(name) > 9 else name


def money(saved: float | None) -> tuple[str, str]:
    """Money saved with its style; the word where it is unknown, a warning where it is a loss."""
    return known_dollars(saved), _style(saved, "quiet")


def sums(total: Saving) -> list[Tile]:
    """What it comes to in all."""
    saved, style = money(total.money_saved)
    return [
        Tile(saved, "money saved", style),
        Tile(amount(total.saved_tokens), "tokens saved ~", _style(total.saved_tokens)),
        Tile(whole(total.requests), "requests"),
        Tile(dollars(total.cost), "cost"),
        Tile(amount(billed_in(total)), "billed in"),
        Tile(whole(total.cache_hits), "cache hits"),
        Tile(whole(total.failures), "failed", "bad" if total.failures else "bold"),
        Tile(dollars(total.cost_asked), "cost as asked"),
        Tile(amount(total.billed_output), "billed out"),
    ]


def sources(total: Saving) -> list[Tile]:
    """What saved how much: dollars of the bill, then estimates."""
    return [
        Tile(known_dollars(total.money_by_routing), "by routing", _style(total.money_by_routing)),
        Tile(known_dollars(total.money_by_cache), "by the cache", _style(total.money_by_cache)),
        Tile(amount(total.saved_by_tools), "by tools ~", _style(total.saved_by_tools)),
        Tile(amount(total.saved_by_results), "by results ~", _style(total.saved_by_results)),
        Tile(dollars(total.money_by_rewriting), "by rewriting ~", _style(total.money_by_rewriting)),
    ]


def _style(saved: float | None, nothing: str = "bold") -> str:
    return nothing if not saved else "good" if saved > 0 else "warn"
