"""The boundaries between the tiers, over a histogram of recent scores."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from app.edits import HIGHEST, moved
from app.keys import bindings
from app.widgets.canvas import Line, Piece, palette_of, strip
from classifier.tiers import Tier
from proxy.past.what_if import PARTS

_EIGHTHS = " ▁▂▃▄▅▆▇█"
EMPTY = "no scores yet: each request adds one here"


def spread_of(scores: Iterable[float]) -> tuple[int, ...]:
    """How many scores fall into each of PARTS equal parts of 0 to 100."""
    counts = [0] * PARTS
    for score in scores:
        counts[min(max(int(score * PARTS / HIGHEST), 0), PARTS - 1)] += 1
    return tuple(counts)


@lru_cache(maxsize=4)
def binned(spread: tuple[int, ...], bins: int) -> list[int]:
    """The same in fewer parts."""
    counts = [0] * bins
    for at, count in enumerate(spread):
        if count:
            counts[at * bins // PARTS] += count
    return counts


def columns(counts: Sequence[int], height: int) -> list[str]:
    """The counts as columns of eighths, top row first; anything above nought shows."""
    top = max(counts, default=0) or 1
    eighths = [max(1, round(count / top * height * 8)) if count else 0 for count in counts]
    return [
        "".join(_EIGHTHS[min(max(eighth - row * 8, 0), 8)] for eighth in eighths)
        for row in reversed(range(height))
    ]


class Cuts(Widget, can_focus=True):
    """Shows scores and boundaries; arrow keys move a draft, which `Saved` asks to put in force."""

    TOPIC = "cuts"
    BINDINGS = bindings("cuts")
    DEFAULT_CSS = "Cuts { height: 6; }"

    class Drafted(Message):
        """The draft moved, or was dropped."""

    class Saved(Message):
        """A person wants these boundaries in force."""

        def __init__(self, boundaries: tuple[float, ...]) -> None:
            super().__init__()
            self.boundaries = boundaries

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.in_force: tuple[float, ...] = ()
        self.draft: tuple[float, ...] = ()
        self.picked = 0
        self._spread: tuple[int, ...] = ()

    @property
    def drafted(self) -> bool:
        return self.draft != self.in_force

    def show(self, boundaries: tuple[float, ...], spread: tuple[int, ...]) -> None:
        """Draw them; other boundaries in force replace the draft, the same ones leave it be."""
        if (boundaries, spread) == (self.in_force, self._spread):
            return
        if boundaries != self.in_force:
            self.in_force = self.draft = boundaries
            self.post_message(self.Drafted())
        self._spread = spread
        self.refresh()

    def action_shift(self, by: int) -> None:
        self.draft = moved(self.draft, self.picked, by)
        self._moved()

    def action_pick(self, by: int) -> None:
        self.picked = (self.picked + by) % len(self.draft)
        self.refresh()

    def action_save(self) -> None:
        if self.drafted:
            self.post_message(self.Saved(self.draft))

    def action_drop(self) -> None:
        self.draft = self.in_force
        self._moved()

    def on_click(self, event: events.Click) -> None:
        """A click picks the nearest boundary; one on the line with the marks moves it there."""
        width = max(self.size.width - 2, 1)
        score = (event.x - 1) * HIGHEST / width
        self.picked = min(range(len(self.draft)), key=lambda at: abs(self.draft[at] - score))
        if event.y == self.size.height - 2:
            self.action_shift(round(score - self.draft[self.picked]))
        self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        plot = max(width - 2, 1)
        bars = max(height - 2, 0)
        line: Line
        if y < bars:
            line = self._bars(y, plot, bars)
        elif y == height - 2:
            line = self._axis(plot)
        else:
            line = self._names(plot)
        return strip(((" ", "text"), *line), width, palette_of(self.app), self.rich_style)

    def _bars(self, y: int, width: int, height: int) -> Line:
        if not any(self._spread):
            return ((EMPTY.center(width), "quiet"),) if y == height // 2 else ()
        drawn = columns(binned(self._spread, width), height)[y]
        return self._coloured(drawn)

    def _axis(self, width: int) -> Line:
        marks = dict(zip(self._places(width), range(len(self.draft)), strict=True))
        pieces: list[Piece] = []
        for at in range(width):
            if at in marks:
                lit = self.has_focus and marks[at] == self.picked
                pieces.append(("◆" if lit else "┴", "accent" if lit else "text"))
            else:
                pieces.append(("─", self._tier_at(at, width)))
        return tuple(pieces)

    def _names(self, width: int) -> Line:
        """Each boundary's number below its mark, each tier's name and share between them."""
        places = self._places(width)
        cells: list[tuple[int, str, str]] = []
        for at, (place, value) in enumerate(zip(places, self.draft, strict=True)):
            lit = self.has_focus and at == self.picked
            number = f"◂ {value:g} ▸" if lit else f"{value:g}"
            left = min(max(place - cell_len(number) // 2, 0), width - cell_len(number))
            cells.append((left, number, "accent" if lit else "text"))
        ends = [0, *places, width]
        shares = self._shares()
        for tier, low, high in zip(Tier, ends, ends[1:], strict=False):
            for words in (f"{tier.name} {shares[tier]}", tier.name, tier.name[:3]):
                left = (low + high - len(words)) // 2
                if _fits(left, words, cells, width):
                    cells.append((left, words, tier.name))
                    break
        return _placed(sorted(cells))

    def _shares(self) -> list[str]:
        total = sum(self._spread)
        if not total:
            return [""] * len(Tier)
        ends = [0, *(round(cut * PARTS / HIGHEST) for cut in self.draft), PARTS]
        counts = [sum(self._spread[low:high]) for low, high in zip(ends, ends[1:], strict=False)]
        return [f"{count * 100 / total:.0f}%" for count in counts]

    def _places(self, width: int) -> list[int]:
        return [min(int(value * width / HIGHEST), width - 1) for value in self.draft]

    def _tier_at(self, at: int, width: int) -> str:
        return Tier(sum(at >= place for place in self._places(width))).name

    def _coloured(self, drawn: str) -> Line:
        ends = [0, *self._places(len(drawn)), len(drawn)]
        return tuple(
            (drawn[low:high], tier.name)
            for tier, low, high in zip(Tier, ends, ends[1:], strict=False)
        )

    def _moved(self) -> None:
        self.post_message(self.Drafted())
        self.refresh()


def _fits(left: int, words: str, cells: Sequence[tuple[int, str, str]], width: int) -> bool:
    """Whether words have a space on both sides of them."""
    if left < 0 or left + len(words) > width or not words:
        return False
    return all(left > at + len(text) or left + len(words) < at for at, text, _ in cells)


def _placed(cells: Sequence[tuple[int, str, str]]) -> Line:
    pieces: list[Piece] = []
    reached = 0
    for left, text, style in cells:
        pieces += [(" " * (left - reached), "text"), (text, style)]
        reached = max(left, reached) + len(text)
    return tuple(pieces)
