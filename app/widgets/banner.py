"""The line that says which sessions are held to a tier by a person, and how to let them go."""

from textual.app import RenderResult
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from app.text import short_session
from app.widgets.canvas import Line, palette_of, strip, width_of
from proxy.routing import Table


class Banner(Widget):
    """Shown as long as any override holds; hidden otherwise."""

    DEFAULT_CSS = (
        "Banner { height: 1; display: none; background: $panel; } Banner.-held { display: block; }"
    )

    def __init__(self) -> None:
        super().__init__()
        self._table: Table | None = None

    def show(self, table: Table) -> None:
        """Draw the overrides of `table`; the same table again costs nothing."""
        if table is self._table:
            return
        self._table = table
        self.set_class(bool(table.overrides or table.override_new is not None), "-held")
        self.refresh()

    def render(self) -> RenderResult:
        return Content("")

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        return strip(self.line(width), width, palette_of(self.app), self.rich_style)

    def line(self, width: int) -> Line:
        """Who is held to what, newest first, as many as fit, and the keys that end it."""
        if self._table is None:
            return ()
        held = list(self._table.overrides.items())[::-1]
        start: Line = ((" ▲ HELD ", "warn"),)
        if self._table.override_new is not None:
            start += (
                (" new sessions → ", "text"),
                (self._table.override_new.name, self._table.override_new.name),
            )
        end: Line = (("   0 releases the selected, a releases all", "quiet"),)
        for number, (session, tier) in enumerate(held):
            more: Line = ((f" {short_session(session)} → ", "text"), (f"{tier.name} ", tier.name))
            if width_of(start + more + end) > width - 10 and number:
                return (*start, (f" and {len(held) - number} more", "text"), *end)
            start += more
        return start + end
