"""The columns of the feed: what each shows of an exchange, and which fall away first."""

import time
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from app.figures import HITS, sent
from app.text import UNKNOWN, amount, clock, dollars, duration, plain, short_session
from app.widgets.canvas import Line, bar, fit, width_of
from proxy.record import Record

GLYPHS = {
    "open": ("○", "primary"),
    "waiting": ("‖", "warn"),
    "streaming": ("↓", "primary"),
    "done": ("✓", "quiet"),
    "failed": ("✗", "bad"),
}
RETRIED, FELL_BACK = "↻", "↳"  # before the model; of both the second, which says where it went
_FIGURES = 4  # cells behind the bar of a score
_CLASSES = {"compaction": "compact"}  # the others fit as they are


class Column(Struct, frozen=True):
    """`width` in cells; `rank` says how soon it is given room, `most` how far it stretches."""

    title: str
    width: int
    rank: int
    draw: Callable[[Record, int], Line]
    right: bool = False
    most: int = 0


@lru_cache(maxsize=32)
def fitting(width: int) -> tuple[tuple[Column, int], ...]:
    """The columns that a width has room for, in their order, each with its width."""
    room, sizes = width - 1, dict[str, int]()
    ranked = sorted(COLUMNS, key=lambda column: column.rank)
    for column in ranked:
        if room > column.width:
            room -= column.width + 1
            sizes[column.title] = column.width
    for column in ranked:
        more = min(room, max(column.most - column.width, 0)) if column.title in sizes else 0
        sizes[column.title] = sizes.get(column.title, 0) + more
        room -= more
    return tuple((column, sizes[column.title]) for column in COLUMNS if sizes[column.title])


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
    return (GLYPHS.get(row.state, ("?", "quiet")),)


def _score(row: Record, width: int) -> Line:
    if row.score is None:
        return (("─" * (width - _FIGURES), "faint"), (fit(UNKNOWN, _FIGURES, True), "faint"))
    style = row.tier or "text"
    return (*bar(row.score, width - _FIGURES, style), (f"{row.score:{_FIGURES}.0f}", "text"))


def _model(row: Record, width: int) -> Line:
    model = plain(row.model or row.asked_model, 200)
    full = f"{plain(row.provider, 100)}/{model}" if row.provider else model
    mark = FELL_BACK if row.fell_back else RETRIED if row.retries else ""
    before: Line = ((f"{mark} ", "warn"),) if mark else ()
    room = width - width_of(before)
    return (*before, (fit(full if len(full) <= room else model, room), "text"))


def _tokens(row: Record, width: int) -> Line:
    before, after = row.before.total, sent(row).total
    if not before:
        text = f"−{amount(row.rewrite.saved)} ~" if row.rewrite.saved else ""
        return ((fit(text, width, True), "quiet"),)
    style = "good" if after < before else "quiet"
    return ((f"{amount(before):>4}", "text"), (" → ", "faint"), (fit(amount(after), 4), style))


def _class(row: Record) -> str:
    return _CLASSES.get(row.request_class, row.request_class)


def _cache(row: Record) -> str:
    return {"skip": UNKNOWN, "semantic": "alike"}.get(row.cache, row.cache)


def _latency(row: Record) -> str:
    if row.latency is not None:
        return duration(row.latency)
    return duration(max(time.time() - row.at, 0) * 1000)


def _cost(row: Record) -> str:
    if row.state == "failed":
        return f"{row.status or UNKNOWN}"
    return dollars(row.cost) if row.ended else ""


def _cost_style(row: Record) -> str:
    return "bad" if row.state == "failed" else "text" if row.cost is not None else "quiet"


def _why(row: Record, width: int) -> Line:
    kind, _, name = plain(row.reason, 100).partition(":")
    text = f"{kind}:{name}" if name and len(kind) + len(name) < width else name or kind
    return ((fit(text, width), _WHY_STYLES.get(kind, "quiet")),)


_WHY_STYLES = {
    "force": "text",
    "risk": "text",
    "override": "warn",
    "escalated": "warn",
    "replay": "warn",
}

COLUMNS = (
    Column("", 1, 0, _glyph),
    Column("time", 8, 1, _cell(lambda row: clock(row.at), _always("quiet"))),
    Column("session", 7, 9, _cell(lambda row: short_session(row.session), _always("text"))),
    Column("client", 11, 11, _cell(lambda row: plain(row.client, 60), _always("quiet"))),
    Column("class", 8, 12, _cell(_class, _always("quiet"))),
    Column("score", 3 + _FIGURES, 2, _score, most=5 + _FIGURES),
    Column("tier", 9, 3, _cell(lambda row: row.tier, lambda row: row.tier or "faint")),
    Column("why", 9, 8, _why, most=16),
    Column("model", 17, 4, _model, most=36),
    Column("tokens", 11, 5, _tokens),
    Column(
        "cache",
        5,
        10,
        _cell(_cache, lambda row: "good" if row.cache in HITS else "quiet"),
    ),
    Column(
        "took", 5, 6, _cell(_latency, lambda row: "text" if row.ended else "primary", True), True
    ),
    Column("cost", 7, 7, _cell(_cost, _cost_style, True), True),
)
