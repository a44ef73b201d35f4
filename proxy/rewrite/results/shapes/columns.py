"""What is said once of a column instead of in each row: a value, a prefix, a legend of letters."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any, Final

import orjson
from msgspec import Struct

from proxy.rewrite.results.ends import ends
from proxy.rewrite.results.shapes.words import PLAIN, piece, plain

MOST_CODES: Final = 200
TOKEN: Final = 0.28  # tokens a character, roughly: a column is judged before it is written
_SAY_CODE, _SAY_COLUMN = 2.5, 8.0  # tokens that a legend's entry, and its line, take beside texts


class Column(Struct, frozen=True):
    """`cells` are the written cells of a column of plain values, None where objects stand in it
    or where `same` says what all are. `codes` are the texts by letter; `around` is the prefix and
    the suffix of all."""

    cells: tuple[str, ...] | None = None
    same: str | None = None
    codes: tuple[str, ...] = ()
    around: tuple[str, str] | None = None


def code(number: int) -> str:
    """a, b, … z, aa, ab, …"""
    high, low = divmod(number, 26)
    return (code(high - 1) if high else "") + ascii_lowercase[low]


def column(values: Sequence[Any]) -> Column:
    """The shortest way to say `values`, of which there are two at least."""
    if not all(isinstance(value, PLAIN) for value in values):
        return Column()
    spelled: dict[Any, str] = {}
    for value in values:
        if isinstance(value, str) and value not in spelled:
            spelled[value] = plain(value)
    cells = tuple(
        spelled[value] if isinstance(value, str) else orjson.dumps(value).decode()
        for value in values
    )
    distinct = tuple(dict.fromkeys(cells))
    if len(distinct) == 1:
        return Column(same=cells[0])
    if _codes_pay(cells, distinct):
        letters = {text: code(number) for number, text in enumerate(distinct)}
        return Column(tuple(letters[cell] for cell in cells), codes=distinct)
    return _around(values) or Column(cells)


def _codes_pay(cells: Sequence[str], distinct: Sequence[str]) -> bool:
    if len(distinct) > min(MOST_CODES, len(cells) // 2):
        return False
    now = sum(max(1.0, TOKEN * len(cell)) for cell in cells)
    then = sum(TOKEN * len(text) + _SAY_CODE for text in distinct) + len(cells) + _SAY_COLUMN
    return then < now


def _around(values: Sequence[Any]) -> Column | None:
    """Strings that begin and end alike, by what is between; words and numbers stay whole."""
    if not all(isinstance(value, str) for value in values):
        return None
    before, after = ends(values)
    spared = (len(before) + len(after)) * TOKEN
    if "*" in before + after or spared * (len(values) - 1) < _SAY_COLUMN:
        return None
    inner = [value[len(before) : len(value) - len(after)] for value in values]
    return Column(tuple(map(piece, inner)), around=(before, after)) if all(inner) else None
