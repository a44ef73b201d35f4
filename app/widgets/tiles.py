"""Figures side by side: the value above, what it is below; the last fall away first."""

from collections.abc import Sequence

from msgspec import Struct
from textual.strip import Strip
from textual.widget import Widget

from app.widgets.canvas import Line, fit, palette_of, strip

GAP = 2


class Tile(Struct, frozen=True):
    """One figure."""

    value: str
    label: str
    style: str = "bold"

    @property
    def width(self) -> int:
        return max(len(self.value), len(self.label))


class Tiles(Widget):
    """As many tiles as fit, spread over the width."""

    DEFAULT_CSS = "Tiles { height: 2; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._tiles: tuple[Tile, ...] = ()

    def show(self, tiles: Sequence[Tile]) -> None:
        if tuple(tiles) != self._tiles:
            self._tiles = tuple(tiles)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        shown = fitting(self._tiles, self.size.width - 2)
        spare = self.size.width - 2 - sum(tile.width + GAP for tile in shown)
        wide = GAP + min(spare // len(shown), 6) if shown else GAP
        line: Line = ((" ", "text"),)
        for tile in shown:
            text, style = (tile.value, tile.style) if y == 0 else (tile.label, "quiet")
            line += ((fit(text, tile.width + wide), style),)
        return strip(line, self.size.width, palette_of(self.app), self.rich_style)


def fitting(tiles: Sequence[Tile], width: int) -> list[Tile]:
    """The first tiles that fit side by side."""
    kept: list[Tile] = []
    for tile in tiles:
        width -= tile.width + GAP
        if width + GAP < 0:
            break
        kept.append(tile)
    return kept
