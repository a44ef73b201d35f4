"""The third step: how far compression and cache may go, an honest sentence for each level."""

from collections.abc import Mapping

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from app.newcomer.config_text import CACHES, COMPRESSIONS
from app.newcomer.wizard.step import Step
from app.newcomer.wizard.table import bindings
from app.widgets.canvas import Line, palette_of, strip, wrap
from app.widgets.heading import Heading

LABEL = 15  # cells before the sentences


class Levels(Widget, can_focus=True):
    """Names with a sentence each, one of them chosen."""

    TOPIC = "levels"
    BINDINGS = bindings("levels")
    DEFAULT_CSS = "Levels { height: auto; }"

    class Chosen(Message):
        """Another level was chosen."""

        def __init__(self, what: str, level: str) -> None:
            super().__init__()
            self.what, self.level = what, level

    def __init__(self, sentences: Mapping[str, str], level: str, what: str) -> None:
        super().__init__(id=what)
        self._sentences = sentences
        self._what = what
        self.level = level

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def action_move(self, by: int) -> None:
        names = list(self._sentences)
        self._choose(names[min(max(names.index(self.level) + by, 0), len(names) - 1)])

    def on_click(self, event: events.Click) -> None:
        lines = self._lines(self.size.width)
        if event.y < len(lines):
            self._choose(lines[event.y][0])

    def on_focus(self, event: events.Focus) -> None:
        self.refresh()

    def on_blur(self, event: events.Blur) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        palette, lines = palette_of(self.app), self._lines(self.size.width)
        name, line = lines[y] if y < len(lines) else ("", ())
        here = self.has_focus and name == self.level
        under = self.rich_style + palette.selected if here else self.rich_style
        return strip(line, self.size.width, palette, under)

    def _choose(self, level: str) -> None:
        self.level = level
        self.refresh()
        self.post_message(self.Chosen(self._what, level))

    def _lines(self, width: int) -> list[tuple[str, Line]]:
        """Each line with the level that it belongs to."""
        made: list[tuple[str, Line]] = []
        for name, sentence in self._sentences.items():
            chosen = name == self.level
            label = f"  {'●' if chosen else '○'} {name}".ljust(LABEL)
            for number, text in enumerate(wrap(sentence, max(width - LABEL - 1, 10))):
                start = label if number == 0 else " " * LABEL
                styles = ("bold", "text") if chosen else ("text", "quiet")
                made.append((name, ((start, styles[0]), (text, styles[1]))))
        return made


class LevelsStep(Step):
    """Both have a level already; most people go on."""

    NUMBER = 2
    ON = "Next: the config"
    MAIN = "#compression"
    DEFAULT_CSS = "LevelsStep VerticalScroll { height: 1fr; }"

    def body(self) -> ComposeResult:
        caches = {name: said for name, (said, _, _) in CACHES.items()}
        with VerticalScroll(can_focus=False):
            yield Heading("Compression of tool results")
            yield Levels(COMPRESSIONS, self.draft.levels["compression"], "compression")
            yield Heading("Cache")
            yield Levels(caches, self.draft.levels["cache"], "cache")

    @on(Levels.Chosen)
    def _chosen(self, event: Levels.Chosen) -> None:
        self.draft.levels[event.what] = event.level
