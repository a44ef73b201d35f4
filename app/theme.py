"""The colours: four themes, and the palette that line-drawn widgets take from the one in force."""

import os
from collections.abc import Mapping
from dataclasses import replace

from msgspec import Struct
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="lynkr-dark",
    primary="#7aa2c8",
    secondary="#8f9bb3",
    accent="#d8bf7a",
    foreground="#c8ced8",
    background="#0f1217",
    surface="#141820",
    panel="#1b212b",
    success="#86b58a",
    warning="#e0a458",
    error="#d9747c",
    dark=True,
    variables={
        "tier-simple": "#7fb8a4",
        "tier-medium": "#7aa2d6",
        "tier-complex": "#e0945c",
        "tier-reasoning": "#c08fd0",
        "quiet": "#8c94a0",
        "faint": "#3a4352",
        "selected": "#232c3a",
        "border": "#2a323f",
        "border-blurred": "#2a323f",
        "scrollbar": "#2a323f",
        "scrollbar-hover": "#3a4352",
        "scrollbar-active": "#6c7686",
        "scrollbar-background": "#0f1217",
        "scrollbar-background-hover": "#0f1217",
        "scrollbar-background-active": "#0f1217",
        "block-cursor-background": "#232c3a",
        "block-cursor-foreground": "#e6eaf0",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#7aa2c8 35%",
    },
)
LIGHT = Theme(
    name="lynkr-light",
    primary="#2f5f8f",
    secondary="#5b6676",
    accent="#815e12",
    foreground="#262c36",
    background="#f7f7f4",
    surface="#efefea",
    panel="#e5e5df",
    success="#35703d",
    warning="#815e12",
    error="#b0303a",
    dark=False,
    variables={
        "tier-simple": "#1f6f5a",
        "tier-medium": "#2a5ea8",
        "tier-complex": "#a14c0e",
        "tier-reasoning": "#7d3c98",
        "quiet": "#5d6470",
        "faint": "#c4c6c4",
        "selected": "#dbe3ec",
        "border": "#cfd1cd",
        "border-blurred": "#cfd1cd",
        "scrollbar": "#cfd1cd",
        "scrollbar-hover": "#b4b7b4",
        "scrollbar-active": "#6a7280",
        "scrollbar-background": "#f7f7f4",
        "scrollbar-background-hover": "#f7f7f4",
        "scrollbar-background-active": "#f7f7f4",
        "block-cursor-background": "#dbe3ec",
        "block-cursor-foreground": "#14181f",
        "block-cursor-text-style": "bold",
    },
)
PLAIN = Theme(
    name="lynkr-ansi",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_yellow",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables={
        "tier-simple": "ansi_green",
        "tier-medium": "ansi_blue",
        "tier-complex": "ansi_yellow",
        "tier-reasoning": "ansi_magenta",
        "quiet": "ansi_bright_black",
        "faint": "ansi_bright_black",
        "selected": "ansi_default",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border": "ansi_bright_black",
        "border-blurred": "ansi_bright_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-selection-background": "ansi_bright_blue",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_bright_blue",
        "screen-selection-foreground": "ansi_black",
    },
)
CONTRAST = Theme(
    name="lynkr-contrast",
    primary="#8cc8ff",
    secondary="#ffffff",
    accent="#ffe14d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    success="#5cff8a",
    warning="#ffb84d",
    error="#ff8f8f",
    dark=True,
    variables={
        **DARK.variables,
        "tier-simple": "#5cffd0",
        "tier-medium": "#8cc8ff",
        "tier-complex": "#ffb066",
        "tier-reasoning": "#f0a8ff",
        "quiet": "#d4d4d4",
        "faint": "#8a8a8a",
        "selected": "#1e1e33",
        "border": "#ffffff",
        "border-blurred": "#8a8a8a",
        "scrollbar": "#8a8a8a",
        "scrollbar-hover": "#d4d4d4",
        "scrollbar-active": "#ffffff",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "block-cursor-background": "#ffe14d",
        "block-cursor-foreground": "#000000",
        "input-selection-background": "#8cc8ff 45%",
    },
)
THEMES = (DARK, LIGHT, PLAIN, CONTRAST)
# What a palette of 256 colours would make glaring or hard to read has one of its own there: a dark
# or pale colour with a hue becomes a grey.
_FEW = {
    DARK.name: {
        **dict.fromkeys(("selected", "border", "border-blurred", "scrollbar"), "#262626"),
        **dict.fromkeys(("faint", "scrollbar-hover"), "#4e4e4e"),
        "scrollbar-active": "#6c6c6c",
        "block-cursor-background": "#262626",
        "quiet": "#9e9e9e",
    },
    LIGHT.name: {
        **dict.fromkeys(("selected", "block-cursor-background"), "#eeeeee"),
        **dict.fromkeys(("border", "border-blurred", "scrollbar"), "#d0d0d0"),
        **dict.fromkeys(("faint", "scrollbar-hover"), "#bcbcbc"),
        "scrollbar-active": "#767676",
        "quiet": "#5f5f5f",
        "tier-simple": "#005f5f",
        "tier-complex": "#875f00",
        "tier-reasoning": "#870087",
    },
}
TIERS = ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")


def named(theme: str) -> str:
    """A theme by its name in the config; empty where the terminal decides."""
    return "" if theme == "auto" else f"lynkr-{theme}"


def colourless() -> bool:
    """Whether NO_COLOR is set. An app has to know as it is made: told later, it paints the
    terminal's own colours as black on black."""
    return "NO_COLOR" in os.environ


def rounded(theme: Theme) -> Theme:
    """The theme for a terminal of 256 colours."""
    few = _FEW.get(theme.name, {})
    variables = theme.variables | few
    if theme.dark:
        return replace(theme, variables=variables)
    return replace(theme, panel=few["selected"], error="#af0000", variables=variables)


class Palette(Struct, frozen=True, eq=False):
    """Rich styles by name: text, quiet, faint, bold, good, warn, bad, accent, tiers, here."""

    styles: Mapping[str, Style]
    selected: Style

    @classmethod
    def of(cls, variables: Mapping[str, str], ansi: bool) -> "Palette":
        """Take the colours from a theme's CSS variables."""
        picked = {name: _style(variables[source]) for name, source in _SOURCES.items()}
        styles = {
            **picked,
            "bold": picked["text"] + Style(bold=True),
            "title": picked["accent"] + Style(bold=True),
        }
        chosen = Style(reverse=True) if ansi else Style(bgcolor=_rich(variables["selected"]))
        return cls({**styles, "here": styles["bold"] + chosen}, chosen)

    def __getitem__(self, name: str) -> Style:
        return self.styles.get(name) or self.styles["text"]


_SOURCES = {
    "text": "foreground",
    "quiet": "quiet",
    "faint": "faint",
    "good": "success",
    "warn": "warning",
    "bad": "error",
    "accent": "accent",
    "primary": "primary",
    **{tier: f"tier-{tier.lower()}" for tier in TIERS},
}


def _rich(color: str) -> str | None:
    return Color.parse(color).rich_color.name if color else None


def _style(color: str) -> Style:
    return Style(color=Color.parse(color).rich_color)
