"""Bar charts, drawn by plotext off the event loop. The only file that knows plotext."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from rich.text import Text
from textual import events, work
from textual.color import Color
from textual.message import Message
from textual.widget import Widget

RGB = tuple[int, int, int]
SUBCELLS = 2  # the "hd" marker splits a cell into 2 × 2
COLUMN_MAX = 9
GAPS = {1: 0.0, 2: 0.5}  # cells between columns this far apart; a whole one beyond


class Bar(Struct, frozen=True):
    """One bar: its label, its value (None: unknown), the CSS variable of its colour, and what it
    stands for, which a click tells."""

    label: str
    value: float | None
    colour: str = "primary"
    key: str = ""


class Picture(Struct, frozen=True):
    """What a chart shows: its bars, upright or lying, and how a value is written."""

    bars: tuple[Bar, ...] = ()
    lying: bool = False
    written: Callable[[float | None], str] = "{:,.0f}".format
    hint: str = "nothing to draw yet"

    @property
    def empty(self) -> bool:
        return not any(bar.value for bar in self.bars)


class BarChart(Widget):
    """Shows a Picture; a new one, or a new size, is drawn in a thread and then put up."""

    DEFAULT_CSS = "BarChart { height: 1fr; width: 1fr; padding: 0 1; }"

    class Picked(Message):
        """A click chose a bar."""

        def __init__(self, chart: "BarChart", bar: Bar) -> None:
            super().__init__()
            self.chart, self.bar = chart, bar

        @property
        def control(self) -> "BarChart":
            return self.chart

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture = Picture()
        self._drawn = Text()

    @property
    def picture(self) -> Picture:
        return self._picture

    def show(self, picture: Picture) -> None:
        if picture != self._picture:
            self._picture = picture
            self._draw()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda theme: self._draw())

    def on_resize(self) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        x, y = event.x - self.gutter.left, event.y - self.gutter.top
        if (bar := bar_at(self._picture, *self.size, x, y)) is not None:
            self.post_message(self.Picked(self, bar))

    def render(self) -> Text:
        return self._drawn

    @work(exclusive=True, group="draw")
    async def _draw(self) -> None:
        width, height = self.size
        if width < 1 or height < 1:
            return
        self._drawn = await asyncio.to_thread(drawn, self._picture, width, height, self._colour)
        self.refresh()

    def _colour(self, name: str) -> RGB:
        named = self.app.theme_variables.get(name) or self.app.theme_variables["primary"]
        return Color.parse(named).rgb


def drawn(picture: Picture, width: int, height: int, colour: Callable[[str], RGB]) -> Text:
    """The picture as styled text of at most `width` × `height` cells; its hint where all is nil."""
    if picture.empty or width < 16 or height < 3:
        return Text(picture.hint, "dim", no_wrap=False)
    draw = _lying if picture.lying else _upright
    return draw(picture, width, height, colour)


def bar_at(picture: Picture, width: int, height: int, x: int, y: int) -> Bar | None:
    """The bar whose column, or row, has the cell at `x` and `y` of a drawing of that size."""
    if picture.empty or not (0 <= x < width and 0 <= y < height):
        return None
    if picture.lying:
        return picture.bars[y] if y < len(picture.bars) else None
    bars, pitch, gutter = _columns(picture, width)
    at = (x - gutter) // pitch
    return bars[at] if 0 <= at < len(bars) else None


def _columns(picture: Picture, width: int) -> tuple[tuple[Bar, ...], int, int]:
    """The bars that have room, how far apart they stand, and what the scale takes at the left."""
    gutter = max(map(len, _ticks(picture, *_limits(picture)).values()))
    bars = picture.bars[-(width - gutter) :]
    return bars, min(COLUMN_MAX, max(1, (width - gutter) // len(bars))), gutter


def _upright(picture: Picture, width: int, height: int, colour: Callable[[str], RGB]) -> Text:
    low, high = _limits(picture)
    ticks = _ticks(picture, low, high)
    bars, pitch, gutter = _columns(picture, width)
    gap = GAPS.get(pitch, 1.0)
    plot = _plot()
    for name, group in _grouped(bars).items():
        xs = [(place * pitch + at, bar.value) for place, bar in group for at in _cells(pitch - gap)]
        plot.scatter(
            [x for x, _ in xs],
            [y for _, y in xs],
            marker="hd",
            fillx=True,
            color=colour(name),
        )
    plot.xlim(0, len(bars) * pitch - 1 / SUBCELLS)
    plot.ylim(low, high)
    plot.yticks(list(ticks), list(ticks.values()))
    _label_columns(plot, bars, pitch, gap)
    return _text(plot, len(bars) * pitch + gutter, height)


def _label_columns(plot: Any, bars: Sequence[Bar], pitch: int, gap: float) -> None:
    """Name as many columns as there is room for, the newest always among them."""
    step = -(-(max(len(bar.label) for bar in bars) + 2) // pitch)
    named = range((len(bars) - 1) % step, len(bars), step)
    middle = (pitch - gap - 1) / 2
    plot.xticks([at * pitch + middle for at in named], [bars[at].label for at in named])


def _lying(picture: Picture, width: int, height: int, colour: Callable[[str], RGB]) -> Text:
    """Rows with the value written behind each bar."""
    bars = picture.bars[:height]
    low, high = _limits(picture)
    labels = [_fit(bar.label, width // 3) for bar in bars]
    values = [picture.written(bar.value) for bar in bars]
    gutter = max(map(len, labels)) + 1
    room = max(4, width - gutter - max(map(len, values)) - 1)
    plot = _plot()
    plot.xlim(0, room - 1 / SUBCELLS)
    plot.ylim(0, len(bars) - 1 / SUBCELLS)
    for row, bar in enumerate(bars):
        y = len(bars) - 1 - row
        size = bar.value or 0.0
        xs = _cells((size - low) / (high - low) * room) if size > 0 else []
        if xs:
            plot.scatter(xs, [y] * len(xs), marker="hd", color=colour(bar.colour))
    plot.yticks([], [])
    plot.xticks([], [])
    lines = _text(plot, room, len(bars)).split("\n", allow_blank=True)
    out = Text(no_wrap=True)
    for label, value, line in zip(labels, values, lines, strict=False):
        line.rstrip()
        out.append(f"{label:<{gutter}}").append_text(line).append(f" {value}\n", "bold")
    out.rstrip()
    return out


def _limits(picture: Picture) -> tuple[float, float]:
    values = [bar.value or 0.0 for bar in picture.bars]
    return min(0.0, *values, 0.0), max(0.0, *values, 0.0)


def _ticks(picture: Picture, low: float, high: float) -> dict[float, str]:
    """Where the scale is written: its ends, and nought or the middle between."""
    between = 0.0 if low < 0 < high else (low + high) / 2
    texts = {at: picture.written(at) for at in (low, between, high)}
    width = max(map(len, texts.values()))
    return {at: f"{text:>{width}} " for at, text in texts.items()}


def _grouped(bars: Sequence[Bar]) -> dict[str, list[tuple[int, Bar]]]:
    groups: dict[str, list[tuple[int, Bar]]] = {}
    for place, bar in enumerate(bars):
        if bar.value:
            groups.setdefault(bar.colour, []).append((place, bar))
    return groups


def _cells(cells: float) -> list[float]:
    """The subcells that a bar `cells` wide covers; at least one."""
    return [at / SUBCELLS for at in range(max(1, round(cells * SUBCELLS)))]


def _fit(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _plot() -> Any:
    """A bare figure. Imported here: a thread has the time that the start of the program lacks."""
    from textual_plotext import Plot

    plot = Plot()
    plot.theme("clear")
    plot.frame(False)
    return plot


def _text(plot: Any, width: int, height: int) -> Text:
    plot.plotsize(width, height)
    plot._set_size(width, height)  # plotsize alone stops at the terminal it believes to be in
    return Text.from_ansi(plot.build().rstrip("\n"), no_wrap=True)
