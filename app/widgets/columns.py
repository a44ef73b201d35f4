"""The columns of the feed: what each shows of an exchange, and which fall away first."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.figures import HITS
from app.text import UNKNOWN, amount, clock, dollars, duration, plain, short_session
from app.widgets.canvas import Line, bar, fit
from proxy.record import Record

GLYPHS = {
    "open": ("○", "primary"),
    "streaming": ("↓", "primary"),
    "done": ("✓", "quiet"),
    "failed": ("✗", "bad"),
}
_SCORE_BAR = 5


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in cells; `rank` says how soon it is given room; the one that stretches fills up."""

    title: str
    width: int
    rank: int
    draw: Callable[[Record, int], Line]
    right: bool = False
    stretches: bool = False


def fitting(width: int) -> list[tuple[Column, int]]:
    """The columns that a width has room for, in their order, each with its width."""
    room, chosen = width - 1, set[str]()
    for column in sorted(COLUMNS, key=lambda column: column.rank):
        if room < column.width + 1:
            break
        room -= column.width + 1
        chosen.add(column.title)
    return [
        (column, column.width + (room if column.stretches else 0))
        for column in COLUMNS
        if column.title in chosen
    ]


def heading(width: int) -> Line:
    """The titles above the columns."""
    parts: Line = ((" ", "quiet"),)
    for column, size in fitting(width):
        parts += ((fit(column.title, size, column.right) + " ", "quiet"),)
    return parts


def drawn(row: Record, width: int, mark: str = " ") -> Line:
    """An exchange as one line; `mark` stands before it."""
    parts: Line = ((mark, "accent"),)
    for column, size in fitting(width):
        parts += (*column.draw(row, size), (" ", "text"))
    return parts


def _cell(
    read: Callable[[Record], str], style: Callable[[Record], str], right: bool = False
) -> Callable[[Record, int], Line]:
    return lambda row, width: ((fit(read(row), width, right), style(row)),)


def _always(style: str) -> Callable[[Record], str]:
    return lambda row: style


def _glyph(row: Record, width: int) -> Line:
    return (GLYPHS[row.state],)


def _score(row: Record, width: int) -> Line:
    if row.score is None:
        return ((fit(UNKNOWN, width, True), "faint"),)
    style = row.tier or "text"
    return ((bar(row.score, _SCORE_BAR), style), (f"{row.score:4.0f}", "text"))


def _model(row: Record, width: int) -> Line:
    model = plain(row.model or row.asked_model, 200)
    full = f"{plain(row.provider, 100)}/{model}" if row.provider else model
    return ((fit(full if len(full) <= width else model, width), "text"),)


def _tokens(row: Record, width: int) -> Line:
    before, after = row.before.total, row.after.total
    if not before:
        text = f"−{amount(row.rewrite.saved)} ~" if row.rewrite.saved else ""
        return ((fit(text, width, True), "quiet"),)
    if row.cache in HITS:
        after = 0
    style = "good" if after < before else "quiet"
    return ((f"{amount(before):>5}", "text"), (" → ", "faint"), (fit(amount(after), 5), style))


def _cache(row: Record) -> str:
    return {"skip": UNKNOWN, "semantic": "similar"}.get(row.cache, row.cache)


def _latency(row: Record) -> str:
    if row.latency is not None:
        return duration(row.latency)
    return duration(max(time.time() - row.at, 0) * 1000)


def _cost(row: Record) -> str:
    return f"{row.status}" if row.state == "failed" else dollars(row.cost) if row.ended else ""


def _cost_style(row: Record) -> str:
    return "bad" if row.state == "failed" else "text" if row.cost is not None else "faint"


def _why(row: Record) -> str:
    return plain(row.reason.removeprefix("force:") if len(row.reason) > 12 else row.reason, 100)


_LOUD = ("override", "escalated")

COLUMNS = (
    Column("", 1, 0, _glyph),
    Column("time", 8, 1, _cell(lambda row: clock(row.at), _always("quiet"))),
    Column("session", 7, 9, _cell(lambda row: short_session(row.session), _always("text"))),
    Column("client", 11, 12, _cell(lambda row: plain(row.client, 60), _always("quiet"))),
    Column("score", _SCORE_BAR + 4, 2, _score, right=True),
    Column("tier", 9, 3, _cell(lambda row: row.tier, lambda row: row.tier or "faint")),
    Column("why", 9, 10, _cell(_why, lambda row: "warn" if row.reason in _LOUD else "quiet")),
    Column("model", 15, 4, _model, stretches=True),
    Column("tokens", 13, 5, _tokens, right=False),
    Column(
        "cache",
        7,
        11,
        _cell(_cache, lambda row: "good" if row.cache in HITS else "quiet"),
    ),
    Column(
        "took", 5, 6, _cell(_latency, lambda row: "text" if row.ended else "primary", True), True
    ),
    Column("cost", 7, 7, _cell(_cost, _cost_style, True), True),
)
