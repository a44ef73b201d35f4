"""The line above a session's exchanges: who it is, and what it adds up to since the start."""

from collections.abc import Iterator

from app.text import UNKNOWN, amount, clock, dollars, plain, short_session
from app.totals import Session, Totals
from app.widgets.canvas import Line, Piece, width_of

_GAP: Piece = ("  ", "text")


def title(session: str, totals: Totals, width: int) -> Line:
    """The line at a width in cells; what stands last falls away first."""
    found = totals.sessions.get(session)
    line: Line = ((f"▸ {short_session(session) or 'no session'}", "title"),)
    for piece in _pieces(found) if found else ():
        if not piece[0]:
            continue
        if width_of((*line, _GAP, piece)) > width:
            break
        line += (_GAP, piece)
    return line


def _pieces(session: Session) -> Iterator[Piece]:
    yield (plain(session.client, 20), "text")
    yield ("1 request" if session.requests == 1 else f"{amount(session.requests)} requests", "text")
    running = session.requests - session.ended
    yield (f"{amount(running)} open" if running else "", "primary")
    yield (f"{amount(session.failed)} failed" if session.failed else "", "bad")
    yield (f"saved ~{amount(session.saved)}", "good" if session.saved > 0 else "quiet")
    yield (_cost(session), "text")
    yield (f"billed {amount(session.billed)}", "text")
    yield (session.tier, session.tier or "quiet")
    yield (f"last {clock(session.last)}", "quiet")


def _cost(session: Session) -> str:
    """What it cost; `+ –` where the price of some of it is unknown."""
    known = session.ended > session.unpriced
    parts = (dollars(session.spent) if known else "", UNKNOWN if session.unpriced else "")
    return " + ".join(part for part in parts if part)
