"""What a drafted change would have made of past traffic: who moves, cost and savings."""

from collections.abc import Iterator, Sequence
from typing import Final

from textual.strip import Strip
from textual.widget import Widget

from app.text import dollars, whole
from app.widgets.canvas import Line, columns, fit, palette_of, strip, width_of, wrap
from proxy.past.what_if import Money, Move, Outcome

NONE: Final = (
    "No history to try it on: the ledger holds no scored request yet. Each one that comes is kept."
)
LOOKING: Final = "scoring past traffic again …"
UNPRICED: Final = "no price known"
FIXED: Final = "decided by a pattern, a person or an escalation stay"
PINNED: Final = "stay as they were, pinned: the ledger can't tell what their pin would be"
WIDE: Final = 100  # cells from which money stands beside the moves
FROM, COUNT, MONEY = 24, 8, 10  # cells of a move's columns
GAP: Final = 4


class OutcomeTable(Widget):
    """Draws an outcome in the height that it is given, the most important first."""

    DEFAULT_CSS = "OutcomeTable { height: 4; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: Outcome | None = None
        self._hint = LOOKING

    @property
    def found(self) -> Outcome | None:
        return self._found

    def show(self, found: Outcome | None, hint: str = LOOKING) -> None:
        """Draw it; `hint` where there is none."""
        self._found, self._hint = found, hint
        self.refresh()

    def lines(self, width: int) -> int:
        """The lines that it takes to see all of it."""
        return len(self._page(width, 99))

    def render_line(self, y: int) -> Strip:
        page = self._page(self.size.width, self.size.height)
        line = ((" ", "text"), *page[y]) if y < len(page) else ()
        return strip(line, self.size.width, palette_of(self.app), self.rich_style)

    def _page(self, width: int, height: int) -> Sequence[Line]:
        found = self._found
        if found is None:
            return [((line, "quiet"),) for line in wrap(self._hint, max(width - 2, 10))]
        moves = list(_moves(found))
        if width >= WIDE:
            room = FROM + COUNT + 2 * MONEY + GAP
            beside = width - room - GAP - 2
            right = [*_sums(found), *_notes(found, beside)]
            return columns(_cut(moves, height), right, room, GAP)
        sums, notes = list(_sums(found)), list(_notes(found, width - 2))
        if len(moves) + len(sums) > height:
            return [*_brief(found, width - 2), *sums, *notes]
        return [*sums, *moves, *notes]


def _sums(found: Outcome) -> Iterator[Line]:
    """Cost and savings, before and after."""
    yield _money("cost", found.cost, found)
    yield _money("saved", found.saved, found)


def change(found: Outcome) -> str:
    """What it costs before and after, in a few words."""
    if not found.cost.known:
        return UNPRICED
    return f"{_about(found.cost.before, found.guessed)} → {_about(found.cost.after, found.moved)}"


def _money(label: str, money: Money, found: Outcome) -> Line:
    start = (fit(label, 6), "title")
    if not money.known:
        return (start, (UNPRICED, "quiet"))
    before, after = _about(money.before, found.guessed), _about(money.after, found.moved)
    by = money.after - money.before
    line: Line = (start, (f"{before} → {after}", "text"))
    if found.moved and abs(by) >= 0.00005:
        good = (by < 0) == (label == "cost")
        sign = "+" if by > 0 else ""
        line += ((f"  {sign}{dollars(by)}", "good" if good else "warn"),)
    if money.known < found.rows:
        line += ((f"  of {whole(money.known)} with a price", "quiet"),)
    return line


def _about(value: float, guessed: int) -> str:
    """Estimates are marked as such."""
    return f"{'~' if guessed else ''}{dollars(value)}"


def _moves(found: Outcome) -> Iterator[Line]:
    """A line a move, the largest first."""
    if not found.moved:
        yield ((f"all {whole(found.rows)} stay where they are", "quiet"),)
        return
    heads = (("requests", COUNT), ("cost", MONEY), ("after", MONEY))
    said = "".join(fit(text, width, right=True) for text, width in heads)
    yield ((fit("", FROM) + said, "quiet"),)
    for move in found.moves:
        way = _way(move)
        yield (
            *way,
            (" " * (FROM - width_of(way)), "text"),
            (fit(whole(move.requests), COUNT, right=True), "bold"),
            *_costs(move, found),
        )


def _costs(move: Move, found: Outcome) -> Line:
    if not move.cost.known:
        return ((fit(UNPRICED, 2 * MONEY, right=True), "quiet"),)
    before, after = _about(move.cost.before, found.guessed), _about(move.cost.after, 1)
    return (
        (fit(before, MONEY, right=True), "text"),
        (fit(after, MONEY, right=True), "text"),
    )


def _way(move: Move) -> Line:
    name = move.source.name
    if move.source is move.to:
        return ((name, name), (" elsewhere", "quiet"))
    return ((name, name), (" → ", "quiet"), (move.to.name, move.to.name))


def _brief(found: Outcome, width: int) -> list[Line]:
    """The moves one after the other in a line; those that find no room are counted."""
    line: Line = ()
    moves = found.moves
    for number, move in enumerate(moves):
        piece: Line = (*_way(move), (f" {whole(move.requests)}", "bold"), ("  ", "text"))
        if width_of(line) + width_of(piece) > width - 4:
            return [(*line, (f"+{len(moves) - number}", "quiet"))]
        line += piece
    return [line] if moves else [((f"all {whole(found.rows)} stay where they are", "quiet"),)]


def _notes(found: Outcome, width: int) -> Iterator[Line]:
    said = []
    if found.fixed:
        said.append(f"{whole(found.fixed)} {FIXED}")
    if found.pinned:
        said.append(f"{whole(found.pinned)} {PINNED}")
    if found.moved:
        said.append("~ the same tokens at the new model's price")
    for words in said:
        yield from (((line, "quiet"),) for line in wrap(words, max(width, 20)))


def _cut(lines: list[Line], height: int) -> list[Line]:
    """At most `height` of them; the last then counts the rest."""
    if len(lines) <= max(height, 1):
        return lines
    kept = max(height - 1, 0)
    return [*lines[:kept], ((f"+{len(lines) - kept} more", "quiet"),)]
