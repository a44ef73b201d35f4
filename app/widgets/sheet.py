"""A scrolling widget that hands its lines to the screen ready made, so that a repaint is cheap."""

from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from app.theme import Palette
from app.widgets.canvas import palette_of


class Sheet(ScrollView):
    """Draws whole lines itself: no border and no padding of its own, put it in a box for these.

    The lines skip Textual's styling of each line, which costs more than drawing them.
    """

    DEFAULT_CSS = """
    Sheet { background: $background; overflow-x: hidden; scrollbar-gutter: stable; }
    """

    def draw(self, y: int, width: int, palette: Palette, under: Style) -> Strip:
        """The line `y` of what is in sight, `width` cells wide, on the style `under`."""
        return Strip.blank(width, under)

    def render_line(self, y: int) -> Strip:
        return self.draw(y, self.line_width, palette_of(self.app), self.rich_style)

    def render_lines(self, crop: Region) -> list[Strip]:
        width, palette, under = self.region.width, palette_of(self.app), self.rich_style
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips = []
        for y in crop.line_range:
            drawn = self.draw(y, self.line_width, palette, under)
            for each in filters:
                drawn = drawn.apply_filter(each, background)
            strips.append(drawn.crop_extend(0, width, under).crop(crop.x, crop.right))
        return strips

    @property
    def line_width(self) -> int:
        """Cells of a line, the scroll bar's column left out."""
        return self.scrollable_content_region.width
