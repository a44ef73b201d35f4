"""The savings as lines of a table, as wide as the terminal has room for."""

import shutil
import sys
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from app.savings.words import billed_in, in_order, named
from app.text import amount, dollars, plain, whole
from proxy.ledger.history import Saving

WIDE: Final = 10_000  # where no terminal sets a limit
LONGEST: Final = 40  # characters of a name
GAP: Final = "  "


class Column(NamedTuple):
    """A figure; where room is short the columns with the highest `rank` go first."""

    title: str
    rank: int
    of: Callable[[Saving], str]


COLUMNS: Final = (
    Column("requests", 0, lambda row: whole(row.requests)),
    Column("before ~", 4, lambda row: amount(row.tokens_before)),
    Column("after ~", 4, lambda row: amount(row.tokens_after)),
    Column("saved ~", 0, lambda row: amount(row.saved_tokens)),
    Column("billed in", 1, lambda row: amount(billed_in(row))),
    Column("billed out", 2, lambda row: amount(row.billed_output)),
    Column("cost", 1, lambda row: dollars(row.cost)),
    Column("as asked", 3, lambda row: dollars(row.cost_asked)),
    Column("money saved", 0, lambda row: dollars(row.money_saved)),
    Column("by rewriting ~", 6, lambda row: dollars(row.money_by_rewriting)),
    Column("hits", 5, lambda row: whole(row.cache_hits)),
    Column("failed", 5, lambda row: whole(row.failures)),
)


def drawn(by: str, rows: Sequence[Saving], total: Saving, width: int = 0) -> str:
    """A head, a line a row and the total; no line longer than `width`, while that can be."""
    names = [by, *(plain(named(by, row.key), LONGEST) for row in in_order(by, rows)), "total"]
    room = width or _room()
    columns = list(COLUMNS)
    cells = [[column.title, *map(column.of, (*in_order(by, rows), total))] for column in columns]
    while _wide(names, cells) > room and max(column.rank for column in columns):
        last = max(range(len(columns)), key=lambda n: (columns[n].rank, n))
        del columns[last], cells[last]
    return "\n".join(_lines([names, *cells]))


def _room() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE


def _wide(names: list[str], cells: list[list[str]]) -> int:
    return sum(max(map(len, column)) + len(GAP) for column in (names, *cells)) - len(GAP)


def _lines(columns: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in columns]
    rows = zip(*columns, strict=True)
    return [GAP.join(_padded(row, widths)).rstrip() for row in rows]


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    figures = zip(row[1:], widths[1:], strict=True)
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in figures)]
