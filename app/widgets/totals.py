"""The figures under the top bar: what it all adds up to, with the last minute as a sparkline."""

from collections.abc import Callable

from msgspec import Struct
from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from app.text import amount, dollars
from app.totals import Totals
from app.widgets.canvas import Line, fit, palette_of, spark, strip

BUCKET = 4  # seconds that one column of a sparkline stands for
SPARK = 15  # columns at most
_VALUE = 5  # cells kept for a figure, so that its sparkline stands still


class Tile(Struct, frozen=True):
    """A figure: its label, long and short, the series behind it, and how it reads."""

    label: str
    short: str
    series: str
    read: Callable[[Totals], str]
    style: Callable[[Totals], str]
    least: int = 0  # cells of the whole bar from which it is drawn


def _share(totals: Totals) -> str:
    if not totals.hits:
        return "0"
    return f"{amount(totals.hits)} {100 * totals.hits / max(totals.requests, 1):.0f}%"


def _money(totals: Totals) -> str:
    return dollars(totals.money_saved)


TILES = (
    Tile("requests", "reqs", "requests", lambda t: amount(t.requests), lambda t: "bold"),
    Tile(
        "in flight",
        "open",
        "in_flight",
        lambda t: amount(t.in_flight),
        lambda t: "primary" if t.in_flight else "bold",
    ),
    Tile(
        "tokens saved ~",
        "saved ~",
        "saved",
        lambda t: amount(t.saved),
        lambda t: "good" if t.saved > 0 else "bold",
    ),
    Tile("tokens billed", "billed", "billed", lambda t: amount(t.billed), lambda t: "bold"),
    Tile(
        "output tokens/s",
        "tokens/s",
        "output",
        lambda t: amount(t.seconds["output"].rate()),
        lambda t: "bold",
        least=80,
    ),
    Tile("money saved", "money", "money", _money, lambda t: "good" if t.money > 0 else "bold"),
    Tile(
        "by rewriting ~",
        "rewrite ~",
        "rewriting",
        lambda t: dollars(t.rewriting_saved),
        lambda t: "good" if t.rewriting > 0 else "bold",
        least=96,
    ),
    Tile("cache hits", "cache", "hits", _share, lambda t: "bold"),
    Tile(
        "failed",
        "failed",
        "failed",
        lambda t: amount(t.failed),
        lambda t: "bad" if t.failed else "bold",
    ),
)


class TotalsBar(Widget):
    """Two lines, one tile beside the other; `~` marks what is estimated, the rest is measured."""

    DEFAULT_CSS = "TotalsBar { height: 2; background: $surface; }"

    def __init__(self, totals: Totals) -> None:
        super().__init__()
        self._totals = totals

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        return strip(self.lines(width)[min(y, 1)], width, palette_of(self.app), self.rich_style)

    def lines(self, width: int) -> tuple[Line, Line]:
        """The labels, and the values below them, at a width in cells."""
        tiles = [tile for tile in TILES if tile.least <= width]
        each, spare = divmod(width - 1, len(tiles))
        labels: Line = ((" ", "text"),)
        values: Line = ((" ", "text"),)
        for number, tile in enumerate(tiles):
            room = each + (number < spare)
            label = tile.label if cell_len(tile.label) < room - 1 else tile.short
            labels += ((fit(label, room), "quiet"),)
            values += self._value(tile, room)
        return labels, values

    def _value(self, tile: Tile, room: int) -> Line:
        value = tile.read(self._totals).ljust(_VALUE)
        left = min(room - cell_len(value) - 3, SPARK)
        if left < 3:
            return ((fit(value, room), tile.style(self._totals)),)
        series = self._totals.seconds[tile.series].buckets(left, BUCKET)
        rest = " " * (room - cell_len(value) - 1 - left)
        return (
            (value, tile.style(self._totals)),
            (" ", "text"),
            *spark(series),
            (rest, "text"),
        )
