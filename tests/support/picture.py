"""A Textual screen as an SVG: one line of it a line of the terminal, so that a diff can be read."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI, TerminalTheme
from textual.app import App

CELL, LINE, SIZE = 8.43, 16.3, 14  # pixels; DejaVu Sans Mono's, so that boxes join
FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace"
_MARKS = (
    ("bold", ' font-weight="bold"'),
    ("italic", ' font-style="italic"'),
    ("underline", ' text-decoration="underline"'),
    ("strike", ' text-decoration="line-through"'),
    ("dim", ' opacity="0.6"'),
)


def svg_of(app: App[Any]) -> str:
    """The whole screen, screens below a modal one too; the same cells give the same text."""
    theme = app.ansi_theme if app.native_ansi_color else DIMMED_MONOKAI
    width, height = app.size
    rows = list(_rows(app))
    lines = [_row(row, at, theme) for at, row in enumerate(rows)]
    return "\n".join((_head(width, height, _base(app, theme)), *lines, "</g></svg>", ""))


def words_of(svg: str) -> list[str]:
    """What stands on each line of a screen's SVG, for people who compare two."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(svg)
    texts = root.iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()).replace("\xa0", " ").rstrip() for text in texts]


def _rows(app: App[Any]) -> Iterator[list[Segment]]:
    width, height = app.size
    shown = app.screen._compositor.render_update(
        full=True, screen_stack=app._background_screens, simplify=True
    )
    segments = [segment for segment in app.console.render(shown or "") if not segment.control]
    rows = list(Segment.split_and_crop_lines(segments, width, include_new_lines=False))
    yield from rows[:height]


def _base(app: App[Any], theme: TerminalTheme) -> str:
    """The colour below everything."""
    own = app.theme_variables.get("background", "")
    return own if own.startswith("#") else theme.background_color.hex


def _head(width: int, height: int, ground: str) -> str:
    wide, high = f"{width * CELL:.0f}", f"{height * LINE:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}">\n'
        f'<rect width="{wide}" height="{high}" fill="{ground}"/>\n'
        f'<g font-family="{FONT}" font-size="{SIZE}" xml:space="preserve">'
    )


def _row(row: Iterable[Segment], at: int, theme: TerminalTheme) -> str:
    grounds, spans, x = "", "", 0
    for text, style, _ in Segment.simplify(row):
        ink, ground, marks = _looks(style or Style.null(), theme)
        size = cell_len(text)
        if ground:
            grounds += _ground(x, at, size, ground)
        kept = escape(text.replace(" ", "\xa0"), quote=False)
        spans += f'<tspan x="{x * CELL:.1f}" fill="{ink}"{marks}>{kept}</tspan>'
        x += size
    return f'{grounds}<text y="{at * LINE + LINE * 0.78:.1f}">{spans}</text>'


def _ground(x: int, y: int, size: int, colour: str) -> str:
    place = f'x="{x * CELL:.1f}" y="{y * LINE:.1f}" width="{size * CELL:.1f}" height="{LINE}"'
    return f'<rect {place} fill="{colour}" shape-rendering="crispEdges"/>'


def _looks(style: Style, theme: TerminalTheme) -> tuple[str, str, str]:
    """Ink, ground (empty where it is the terminal's own) and marks of a piece."""
    ink = _hex(style.color, theme, True)
    ground = _hex(style.bgcolor, theme, False) if style.bgcolor else ""
    if style.reverse:
        ink, ground = ground or theme.background_color.hex, ink
    return ink, ground, "".join(said for name, said in _MARKS if getattr(style, name))


def _hex(colour: Color | None, theme: TerminalTheme, ink: bool) -> str:
    if colour is None or colour.is_default:
        return (theme.foreground_color if ink else theme.background_color).hex
    return colour.get_truecolor(theme, ink).hex
